import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { ENVIRONMENT_IDS } from '../../src/sandbox/data/ids.ts';
import { running } from '../fixtures/running.ts';
import { toolCaller } from '../fixtures/tool-caller.ts';
import { verifies } from '../verifies.ts';

const DEMO = fileURLToPath(new URL('../../demo/main.ts', import.meta.url));
const TSX = createRequire(import.meta.url).resolve('tsx/cli');

async function demo(port: number, ...args: string[]): Promise<{ stdout: string; code: number }> {
  const env = { ...process.env, PORT: String(port), PUBLIC_URL: '', NO_COLOR: '1' };
  const run = promisify(execFile)(process.execPath, [TSX, DEMO, ...args], { env });
  return run.then(({ stdout }) => ({ stdout, code: 0 })).catch(({ stdout, code }) => ({ stdout, code }));
}

const END = expect.stringMatching(/^Tamarind Books .* is on board\. All of it worked, and all of it is still there\.$/);

verifies('demo.walk', 'the demo walks through all of it, and a customer is on board at its end', async () => {
  const server = await running();
  const { stdout, code } = await demo(server.port);
  expect(stdout).toContain('granted   environment:read organization:read workspace:read offline_access\n');
  expect(stdout).toContain('403 insufficient_scope');
  const [, organizationId] = /created (org_\d+): Tamarind Books /.exec(stdout) ?? [];
  for (const line of ['features   sso, dir_sync', 'domain     tamarind-', 'portal     1 link open']) {
    expect(stdout).toContain(line);
  }
  expect(stdout).toMatch(/people {5}ada@tamarind-\w+\.example, with the roles admin\b/);
  // What the demo says is what somebody else finds.
  const call = toolCaller(server.url, await server.token());
  const found = await call('list_organization_users', { environmentId: ENVIRONMENT_IDS.development, organizationId });
  expect(found.data).toMatchObject({ users: [{ email: expect.stringMatching(/^ada@tamarind-/) }] });
  // The link to the portal is for one person, and is not printed whole.
  expect(stdout).not.toMatch(/magicLink\/\w{10}/);
  expect({ code, end: stdout.trim().split('\n').at(-1) }).toEqual({ code: 0, end: END });
  await server.stop();
});

verifies.each('demo.address', ['/', '/mcp/'])('the demo goes to the address that it is given: %s', async (path) => {
  const server = await running();
  const { stdout, code } = await demo(1, `http://localhost:${server.port}${path}`);
  expect(stdout).toContain(`resource http://localhost:${server.port}${path === '/mcp/' ? '/mcp' : path}\n`);
  expect({ code, end: stdout.trim().split('\n').at(-1) }).toEqual({ code: 0, end: END });
  await server.stop();
});

verifies('demo.address', 'the demo takes an address without a scheme, and says which form it wants', async () => {
  expect((await demo(1, 'localhost:2/mcp')).stdout).toContain('Nothing answers at http://localhost:2/mcp');
  for (const wrong of ['http://[', '--help']) {
    const { stdout, code } = await demo(1, wrong);
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'Usage: npm run demo -- http://localhost:3002/mcp\n' });
  }
});

verifies('demo.walk', 'the demo says how to start a server when there is none', async () => {
  const server = await running();
  await server.stop();
  const { stdout, code } = await demo(server.port);
  expect({ code, stdout }).toMatchObject({ code: 1, stdout: expect.stringContaining('npm start') });
});
