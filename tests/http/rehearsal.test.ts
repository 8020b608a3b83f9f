import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect } from 'vitest';
import { authorizeLikeAPerson } from '../../demo/browser.ts';
import { read } from '../fixtures/deployments.ts';
import { failureIn } from '../fixtures/failure-in.ts';
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

verifies(
  'docs.rehearsal',
  'a change of the client’s secret is rehearsed as documented, up to as many secrets as a client may have',
  async () => {
    const [, clientId = ''] = /^`(skc_\d+)`\. Call `create_client_secret`/m.exec(read('docs/dashboard.md')) ?? [];
    const first = await running({ SANDBOX_MODE: 'environment' });
    const serve = async (SCALEKIT_CLIENT_SECRET: string) => {
      const server = await running({
        SCALEKIT_ENV_URL: first.sandbox().url,
        SCALEKIT_MCP_SERVER_ID: 'res_71204418093058001',
        ALLOWED_CLIENTS: 'sandbox-machine',
        SCALEKIT_CLIENT_ID: clientId,
        SCALEKIT_CLIENT_SECRET,
      });
      await server.ready;
      return server;
    };
    const token = await first.token();
    const call = async (at: string, tool: string, given: object) =>
      (await callTool(`${at}/mcp`, 'modern', tool, { ...given }, { token })).body.result;
    const make = () => call(first.url, 'create_client_secret', { clientId });
    // The client begins with two.
    const made: { plain_secret: string; secret_id: string }[] = [];
    for (let n = 0; n < 3; n += 1) made.push((await make()).structuredContent);
    const [before, , after] = made;
    const refused = failureIn(await make());
    expect(refused).toMatchObject({ code: 'invalid_request', nextTool: 'delete_client_secret' });
    expect(refused.message).toContain('has 5 already');
    for (const { plain_secret } of [before, after].filter((one) => one !== undefined)) {
      const server = await serve(plain_secret);
      expect((await fetch(`${server.url}/health`)).status).toBe(200);
      expect((await call(server.url, 'list_organizations', {})).isError).toBeUndefined();
      await server.stop();
    }
    const gone = { clientId, secretId: before?.secret_id };
    const { confirmation } = failureIn(await call(first.url, 'delete_client_secret', gone));
    expect((await call(first.url, 'delete_client_secret', { ...gone, confirmation })).isError).toBeUndefined();
    const server = await serve(String(before?.plain_secret));
    expect(failureIn(await call(server.url, 'list_organizations', {}))).toMatchObject({ code: 'unauthenticated' });
    await server.stop();
    expect((await make()).isError).toBeUndefined();
    await first.stop();
  },
);

/** The commands of docs/dashboard.md that try a token: up to the address to sign in at, and with the code from it. */
const [before = '', after = ''] = [
  ...(/^### Test a token before you go live\n([\s\S]*?)^## /m.exec(read('docs/dashboard.md'))?.[1] ?? '').matchAll(
    /^```sh\n([\s\S]*?)^```$/gm,
  ),
].map(([, commands]) => String(commands));

const lacking = ['curl', 'openssl'].filter((program) => spawnSync(program, ['--version']).error !== undefined);

describe.skipIf(lacking.length > 0)(
  `the test of a token${lacking.length > 0 ? ` (SKIPPED: no ${lacking})` : ''}`,
  () => {
    verifies.each('docs.rehearsal', [
      ['accepts it', 'people', 200, /"environments":/],
      ['refuses it', 'nobody', 401, /"error_code":/],
    ] as const)('as documented shows that the API %s', async (_, who, status, body) => {
      const server = await running({});
      const { url } = server.sandbox();
      const settings: Record<string, string> = {
        SCALEKIT_ENV_URL: url,
        SCALEKIT_MCP_SERVER_ID: 'res_71204418093058001',
        SCALEKIT_API_URL: url,
        RESOURCE: `${server.url}/mcp`,
      };
      const here = before.replace(/^(\w+)=(https:\S+|res_\d+)/gm, (_line, name) => `${name}=${settings[name]}`);
      const spoil = who === 'nobody' ? 'x' : '';
      const there = after.replace('CODE=…', 'read -r CODE').replace('Bearer $TOKEN', `Bearer ${spoil}$TOKEN`);
      // One shell for both, as an operator has it; the code is pasted.
      const shell = spawn('sh', ['-euc', `${here}\n${there}`], { stdio: ['pipe', 'pipe', 'inherit'] });
      const lines = createInterface({ input: shell.stdout });
      const [address] = (await once(lines, 'line')) as [string];
      const back = await authorizeLikeAPerson(new URL(address));
      expect(back.href).toMatch(/^http:\/\/localhost:8976\/callback\?/);
      shell.stdin.end(`${back.searchParams.get('code')}\n`);
      const answer: string[] = [];
      for await (const line of lines) answer.push(line);
      expect(answer[0]).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      expect(answer.join()).toMatch(body);
      await server.stop();
    });

    verifies('docs.rehearsal', 'as documented for a machine gets a token, and calls with it', async () => {
      const server = await running({});
      const [, commands = ''] =
        /^### A token for a machine\n[\s\S]*?^```sh\n([\s\S]*?)^```$/m.exec(read('docs/dashboard.md')) ?? [];
      const here: Record<string, string> = {
        SCALEKIT_ENV_URL: server.sandbox().url,
        RESOURCE: `${server.url}/mcp`,
        CLIENT: 'sandbox-machine',
        SECRET: 'sandbox-secret',
      };
      const script = commands.replace(/^([A-Z_]+)=(?!\$\(curl).*$/gm, (line, name) =>
        name in here ? `${name}=${here[name]}` : line,
      );
      const shell = spawn('sh', ['-euc', script], { stdio: ['ignore', 'pipe', 'inherit'] });
      const answer: string[] = [];
      for await (const line of createInterface({ input: shell.stdout })) answer.push(line);
      const { result } = JSON.parse(answer.join('\n'));
      expect(result.isError).toBeUndefined();
      expect(result.structuredContent).toMatchObject({ subject: 'sandbox-machine' });
      await server.stop();
    });
  },
);
