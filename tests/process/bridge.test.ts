import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { builtServer } from '../fixtures/built.ts';
import { commandsHere, type ServerHere, serverHere, transportTo } from '../fixtures/here.ts';
import { ROOT } from '../fixtures/process.ts';
import { addressIn, signInAt, terminal } from '../fixtures/terminal.ts';
import { verifies } from '../verifies.ts';

const built = builtServer();
let server: ServerHere;
let url: string;
let folder: string;
beforeAll(async () => {
  server = await serverHere(built);
  url = server.url;
});
afterAll(() => server.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bridge-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const inTerminal = terminal(
  () => built.script,
  () => folder,
);
const here = commandsHere(built);
const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  here(args, { cwd: folder, env: { HOME: folder, XDG_STATE_HOME: folder, ...env } });

/** Signs in, with all scopes or these. */
async function signedIn(scope?: string): Promise<void> {
  const command = run(['login', '--url', url, '--no-browser', ...(scope === undefined ? [] : ['--scope', scope])]);
  await signInAt(command);
  expect((await command.end()).code).toBe(0);
}

/** A client of the bridge in this process. */
async function bridged() {
  const bridge = run(['stdio', '--url', url, '--no-browser']);
  const client = new Client({ name: 'stdio-host', version: '1' });
  await client.connect(transportTo(bridge));
  const close = async () => {
    await client.close();
    expect((await bridge.end()).code).toBe(0);
  };
  return { client, bridge, close };
}

/** A client that starts the bridge, as programs do. */
function host(env: Record<string, string> = {}, ...args: string[]) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [`${ROOT}/${built.script}`, 'stdio', '--url', url, '--no-browser', ...args],
    env: { PATH: String(process.env['PATH']), HOME: folder, XDG_STATE_HOME: folder, ...env },
    stderr: 'pipe',
  });
  // biome-ignore lint/suspicious/noExplicitAny: the stream of a transport has a wider type.
  const said = addressIn({ stderr: transport.stderr as any });
  return { transport, said };
}

verifies('hosted.bridge', 'a program reaches a hosted server through the bridge, and the person signs in', async () => {
  const { transport, said } = host();
  const client = new Client({ name: 'stdio-host', version: '1' });
  const [callback] = await Promise.all([signInAt({ signInUrl: said.address }), client.connect(transport)]);
  await expectTools(client);
  await client.close();
  expect(said.text()).not.toContain(callback.searchParams.get('code'));
});

verifies('hosted.bridge', 'a program of the newer era does, with the sign-in of another process', async () => {
  // It starts one process to look which era the server speaks, and another one to go on with.
  await signedIn();
  const client = new Client(
    { name: 'stdio-host', version: '1' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  await client.connect(host().transport);
  await expectTools(client);
  await client.close();
});

/** Lists tools, and calls one several times at once. */
async function expectTools(client: Client): Promise<void> {
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toContain('create_organization');
  const results = await Promise.all(
    Array.from({ length: 5 }, () => client.callTool({ name: 'list_environments', arguments: {} })),
  );
  for (const { structuredContent } of results) {
    expect(structuredContent).toMatchObject({ environments: [{ type: 'DEV' }, { type: 'PRD' }] });
  }
}

verifies('hosted.step-up', 'a scope that is missing is asked for together with those that are there', async () => {
  await signedIn('organization:read environment:read');
  const { client, bridge, close } = await bridged();
  const asked = bridge.signInUrl();
  const [created] = await Promise.all([
    client.callTool({
      name: 'create_organization',
      arguments: { environmentId: await anEnvironment(client), name: 'Widened' },
    }),
    asked.then(async (address) => {
      const scopes = address.searchParams.get('scope')?.split(' ');
      expect(scopes).toEqual(expect.arrayContaining(['organization:read', 'environment:read', 'organization:write']));
      await signInAt(bridge);
    }),
  ]);
  expect(created.structuredContent).toMatchObject({ organization: { display_name: 'Widened' } });
  expect(bridge.said()).toContain('The server asks for more scopes');
  await close();
});

async function anEnvironment(client: Client): Promise<string> {
  const { structuredContent } = await client.callTool({ name: 'list_environments', arguments: {} });
  return (structuredContent as { environments: { id: string }[] }).environments[0]?.id ?? '';
}

verifies(
  'hosted.step-up',
  'a person who denies more scopes is asked once, and the client gets the refusal',
  async () => {
    await signedIn('organization:read environment:read');
    const { client, bridge, close } = await bridged();
    const environmentId = await anEnvironment(client);
    const call = () => client.callTool({ name: 'create_organization', arguments: { environmentId, name: 'Denied' } });
    const [refused] = await Promise.allSettled([call(), signInAt(bridge, { deny: true })]);
    expect(String(refused.status === 'rejected' ? refused.reason : '')).toContain('organization:write');
    // The second refusal of the server is a result in words.
    const again = await call().catch((error: Error) => error.message);
    expect(JSON.stringify(again)).toContain('organization:write');
    expect(bridge.said().match(/asks for more scopes/g)).toHaveLength(1);
    await close();
  },
);

verifies('hosted.bridge', 'a token that ends while programs use it is renewed once', async () => {
  await signedIn();
  const { client, bridge, close } = await bridged();
  const state = join(folder, 'scalekit-mcp');
  const file = join(state, readdirSync(state).find((name) => name.endsWith('.json')) ?? '');
  const saved = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...saved, tokens: { ...saved.tokens, access: 'not-taken' } }), { mode: 0o600 });
  const results = await Promise.all(
    Array.from({ length: 4 }, () => client.callTool({ name: 'whoami', arguments: {} })),
  );
  for (const { isError } of results) expect(isError).not.toBe(true);
  await close();
  expect(bridge.said()).toBe('');
});

verifies(
  'hosted.bridge',
  'what came before the end of the input is answered, junk too, and stdout has messages alone',
  async () => {
    const bridge = inTerminal(['stdio'], { SCALEKIT_MCP_URL: url, SCALEKIT_MCP_TOKEN: await server.token() });
    const lines = [
      { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'whoami', arguments: {} } },
      { jsonrpc: '2.0', id: 'two', method: 'no/such' },
      { nothing: 'of JSON-RPC' },
    ];
    bridge.child.stdin?.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const { code, stdout, stderr } = await bridge.end();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers).toHaveLength(3);
    expect(answers.find(({ id }) => id === 1)).toMatchObject({
      result: { structuredContent: { subject: 'sandbox-machine' } },
    });
    expect(answers.find(({ id }) => id === 'two')).toMatchObject({ error: { code: -32601 } });
    expect(answers.find(({ error }) => error?.code === -32600)).toBeDefined();
  },
);

/** Sends one request through a bridge to a server that answers everything in one way, and yields the answer. */
async function answerOf(status: number, headers: Record<string, string>, body: string) {
  const other = createServer((_, res) => res.writeHead(status, headers).end(body));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const named = { SCALEKIT_MCP_URL: `http://127.0.0.1:${port}/mcp`, SCALEKIT_MCP_TOKEN: 'token-of-a-machine' };
  const bridge = run(['stdio'], named);
  bridge.input.end('{"jsonrpc":"2.0","id":1,"method":"tools/list"}\n');
  const { code, stdout, stderr } = await bridge.end();
  other.closeAllConnections();
  await new Promise((resolve) => other.close(resolve));
  expect(stdout + stderr).not.toContain('token-of-a-machine');
  return { code, answer: JSON.parse(stdout) };
}

verifies.each('hosted.away', [
  ['a page', 200, { 'content-type': 'text/html' }, '<h1>Hello</h1>', 'Check that the URL'],
  ['nothing', 202, {}, '', 'ended before the answer'],
  [
    'the answer to something else',
    200,
    { 'content-type': 'application/json' },
    '{"jsonrpc":"2.0","id":2,"result":{}}',
    'ended before the answer',
  ],
  ['no JSON', 200, { 'content-type': 'application/json' }, '{', 'cannot be read'],
  ['a failure', 502, { 'content-type': 'text/html' }, '<h1>Bad gateway</h1>', 'answered 502'],
  ['too many', 429, {}, '', 'Try again later'],
  ['a redirect', 307, { location: 'https://elsewhere.example/mcp' }, '', 'sends elsewhere'],
  [
    'an unending stream that ends',
    200,
    { 'content-type': 'text/event-stream' },
    ': nothing\n\n',
    'ended before the answer',
  ],
] as const)('a client learns what a server has done that answers with %s', async (_, status, headers, body, why) => {
  const { code, answer } = await answerOf(status, headers, body);
  expect(code).toBe(0);
  expect(answer).toMatchObject({ id: 1, error: { code: -32000, message: expect.stringContaining(why) } });
});

verifies('hosted.away', 'the reason of a server is passed on as it is', async () => {
  const error = { code: -32029, message: 'Too many calls. Wait 3 seconds.', data: { retryAfter: 3 } };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, error });
  expect((await answerOf(429, { 'content-type': 'application/json' }, body)).answer).toEqual({
    jsonrpc: '2.0',
    id: 1,
    error,
  });
});
