import { expect } from 'vitest';
import { read } from '../fixtures/deployments.ts';
import { callTool } from '../fixtures/rpc.ts';
import { running } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

/** The settings of the commands that docs/dashboard.md starts a second server with. */
const documented = [...read('docs/dashboard.md').matchAll(/^PORT=3012 (?:[^`]*?) npm start$/gm)].map(([command]) =>
  Object.fromEntries(
    [...command.matchAll(/\b([A-Z][A-Z_]+)=(\S+)/g)].map(([, name, value]) => [String(name), String(value)]),
  ),
);

verifies.each('docs.rehearsal', ['workspace', 'environment'] as const)(
  'the documented commands serve on the sandbox as on a real environment: %s mode',
  async (mode) => {
    const first = await running({ SANDBOX_MODE: mode });
    const [settings, ...others] = documented.filter((env) => 'SCALEKIT_API_URL' in env === (mode === 'workspace'));
    expect([documented.length, others]).toEqual([2, []]);
    const { PORT: _, ...env } = settings ?? {};
    const at = (text: string) => text.replace('http://localhost:3003', first.sandbox().url);
    const second = await running(
      Object.fromEntries(Object.entries<string>(env).map(([name, value]) => [name, at(value)])),
    );
    await second.ready;
    expect((await fetch(`${second.url}/health`)).status).toBe(200);
    const token = await first.token();
    const tool = mode === 'workspace' ? 'list_environments' : 'list_organizations';
    const { status, body } = await callTool(`${second.url}/mcp`, 'modern', tool, {}, { token });
    expect({ status, isError: body.result?.isError }).toEqual({ status: 200, isError: undefined });
    await second.stop();
    await first.stop();
  },
);
