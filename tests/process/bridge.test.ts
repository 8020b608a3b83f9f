import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { authorizeLikeAPerson } from '../../demo/browser.ts';
import { builtServer } from '../fixtures/built.ts';
import { commandsHere, type ServerHere, serverHere, transportTo } from '../fixtures/here.ts';
import { bodyOf, listening } from '../fixtures/listening.ts';
import { ROOT } from '../fixtures/process.ts';
import { json } from '../fixtures/scalekit.ts';
import { INITIALIZE, repliesIn } from '../fixtures/stdio-program.ts';
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
    args: [`${ROOT}/${built.script}`, 'stdio', '--url', url, ...args],
    env: { PATH: String(process.env['PATH']), HOME: folder, XDG_STATE_HOME: folder, ...env },
    stderr: 'pipe',
  });
  // biome-ignore lint/suspicious/noExplicitAny: the stream of a transport has a wider type.
  const said = addressIn({ stderr: transport.stderr as any });
  return { transport, said };
}

verifies('hosted.bridge', 'a program reaches a hosted server through the bridge, and the person signs in', async () => {
  const { transport, said } = host({}, '--no-browser');
  const client = new Client({ name: 'stdio-host', version: '1' });
  const [callback] = await Promise.all([signInAt({ signInUrl: said.address }), client.connect(transport)]);
  await expectTools(client);
  await client.close();
  expect(said.text()).not.toContain(callback.searchParams.get('code'));
});

verifies('hosted.bridge', 'a program of the newer era does, and the person signs in once', async () => {
  const browser = join(folder, 'browser');
  writeFileSync(browser, `#!/bin/sh\necho "$1" >> "${browser}.opened"\n`, { mode: 0o755 });
  const opened = () => (existsSync(`${browser}.opened`) ? readFileSync(`${browser}.opened`, 'utf8') : '');
  // It starts one process to look which era the server speaks, in which the person signs in, and another one to go on with.
  const client = new Client(
    { name: 'stdio-host', version: '1' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  const connecting = client.connect(host({ BROWSER: browser }).transport);
  await expect.poll(opened).toContain('\n');
  await fetch(await authorizeLikeAPerson(new URL(opened().trim())));
  await connecting;
  await expectTools(client);
  await client.close();
  expect(opened().trim().split('\n')).toHaveLength(1);
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

verifies('hosted.refused', 'a person who does not sign in is not asked again by each request', async () => {
  const bridge = run(['stdio', '--url', url, '--no-browser']);
  const { reply } = repliesIn(
    bridge.output,
    bridge.end().then(({ code }) => code),
    bridge.said,
  );
  for (const id of [1, 2, 3]) bridge.input.write(`${JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/list' })}\n`);
  await signInAt(bridge, { deny: true });
  for (const id of [1, 2, 3]) {
    expect(await reply(id)).toMatchObject({ error: { message: expect.stringContaining('access was denied') } });
  }
  expect(bridge.said().match(/^http/gm)).toHaveLength(1);
  bridge.input.end();
  expect((await bridge.end()).code).toBe(0);
});

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

/** Speaks to a server through a bridge in this process, line by line, and with a token. */
function linesTo(to: string) {
  const bridge = run(['stdio'], { SCALEKIT_MCP_URL: `${to}/mcp`, SCALEKIT_MCP_TOKEN: 'token-of-a-machine' });
  const ended = bridge.end().then(({ code }) => code);
  const send = (line: unknown) =>
    void bridge.input.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
  return { ...repliesIn(bridge.output, ended, bridge.said), bridge, send, ended };
}

verifies(
  'hosted.lines',
  'a line that is too long, or is no message, is answered by its id, and ends nothing',
  async () => {
    const other = await listening(async (request, response) => {
      const { id } = JSON.parse(await bodyOf(request));
      json(response, 200, { jsonrpc: '2.0', id, result: {} });
    });
    const { send, reply, replies, bridge, ended } = linesTo(other.url);
    const filler = 'x'.repeat(11 * 1024 * 1024);
    send(`{"jsonrpc":"2.0","id":"long","method":"tools/call","params":{"name":"${filler}"}}`);
    send('hello');
    send({ jsonrpc: '2.0', id: 5, method: 'ping', params: [1] });
    send('\ufeff{"jsonrpc":"2.0","id":6,"method":"ping"}');
    expect(await reply(6)).toMatchObject({ result: {} });
    expect(await reply('long')).toMatchObject({ error: { message: expect.stringContaining('larger than') } });
    expect(await reply(5)).toMatchObject({ error: { code: -32600 } });
    expect(await reply(null)).toMatchObject({ error: { code: -32700 } });
    bridge.input.end();
    expect(await ended).toBe(0);
    expect(replies()).toHaveLength(4);
    await other.close();
  },
);

verifies('hosted.questions', 'a question of the server is answered by the client, once', async () => {
  const answers: unknown[] = [];
  let onAnswer: () => void = () => undefined;
  const isAnswered = new Promise<void>((resolve) => {
    onAnswer = resolve;
  });
  const other = await listening(async (request, response) => {
    const message = JSON.parse(await bodyOf(request));
    if (message.method === undefined) {
      answers.push(message);
      response.writeHead(202).end(onAnswer);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: {"jsonrpc":"2.0","id":"asked","method":"roots/list"}\n\n');
    await isAnswered;
    response.end(`data: ${JSON.stringify({ jsonrpc: '2.0', id: message.id, result: { content: [] } })}\n\n`);
  });
  const { send, reply, bridge, ended } = linesTo(other.url);
  send({ jsonrpc: '2.0', id: 'nobody-asked', result: {} });
  send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'a', arguments: {} } });
  expect(await reply('asked')).toMatchObject({ method: 'roots/list' });
  const answer = { jsonrpc: '2.0', id: 'asked', result: { roots: [{ uri: 'file:///a' }] } };
  send(answer);
  send(answer);
  expect(await reply(1)).toMatchObject({ result: { content: [] } });
  bridge.input.end();
  expect(await ended).toBe(0);
  expect(answers).toEqual([answer]);
  expect(bridge.said()).toBe('');
  await other.close();
});

const DEEP = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
const MEBIBYTE = 'x'.repeat(1024 * 1024);

/** Writes until nobody reads it any more. */
async function endless(response: ServerResponse, piece: string): Promise<void> {
  while (!response.destroyed) await new Promise((resolve) => response.write(piece, resolve));
}

verifies.each('hosted.bounds', [
  [
    'too deep to be written',
    'application/json',
    200,
    async (response: ServerResponse) => response.end(`{"jsonrpc":"2.0","id":1,"result":{"deep":${DEEP}}}`),
    'cannot be read',
  ],
  [
    'an endless JSON text',
    'application/json',
    200,
    async (response: ServerResponse) => {
      response.write('{"jsonrpc":"2.0","id":1,"result":{"long":"');
      await endless(response, MEBIBYTE);
    },
    'cannot be read',
  ],
  [
    'an event without an end',
    'text/event-stream',
    200,
    (response: ServerResponse) => endless(response, `data: ${MEBIBYTE}\n`),
    'ended before the answer',
  ],
  ['an endless page', 'text/html', 500, (response: ServerResponse) => endless(response, MEBIBYTE), 'answered 500'],
] as const)('a request is answered when the server answers it with %s', async (_, type, status, answer, why) => {
  const other = await listening((_request, response) => {
    response.writeHead(status, { 'content-type': type });
    void answer(response);
  });
  const { send, reply, bridge, ended } = linesTo(other.url);
  send({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
  expect(await reply(1)).toMatchObject({ error: { code: -32000, message: expect.stringContaining(why) } });
  bridge.input.end();
  expect(await ended).toBe(0);
  await other.close();
});

verifies('hosted.bridge', 'a version of the protocol that no header can hold is not sent back', async () => {
  const versions: unknown[] = [];
  const other = await listening(async (request, response) => {
    const { id } = JSON.parse(await bodyOf(request));
    versions.push(request.headers['mcp-protocol-version']);
    json(response, 200, { jsonrpc: '2.0', id, result: { protocolVersion: '2025\r\nX: y', capabilities: {} } });
  });
  const { send, reply, bridge, ended } = linesTo(other.url);
  send(INITIALIZE);
  await reply('initialize');
  send({ jsonrpc: '2.0', id: 2, method: 'ping' });
  expect(await reply(2)).toHaveProperty('result');
  bridge.input.end();
  expect(await ended).toBe(0);
  expect(versions).toEqual([undefined, undefined]);
  await other.close();
});
