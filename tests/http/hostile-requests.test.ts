import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { callTool, type EraName, eraHeaders, rpcBody } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

/** Paths, headers and arguments that patterns are slow on, in place of harmless ones of the same length. */
let server: TestServer;
let token: string;

beforeAll(async () => {
  server = await running();
  token = await server.token('environment:read');
});
afterAll(() => server.stop());

const UNITS = [
  ...['\\', '"d":k', '%25252541', '%5C', 'token: ', 'eyJ.', 'bearer ', 'basic abcd ', '[', '{"key":', '&quot;'],
  ...['pwd=', 'secret:""', '://a:', ' -u a:', 'SG.a', '-----BEGIN A-----'],
  ...[
    `key:${' '.repeat(110)}!value=`,
    `key:${'%20'.repeat(110)}!value=`,
    'jwt:|#,',
    `%25252541<key>${' '.repeat(90)}!</`,
  ],
];
const BEGINNINGS = ['', 'secret:{'];
const HOSTILE = BEGINNINGS.flatMap((beginning) => UNITS.map((unit) => [beginning, unit] as const));

/** What callers choose, much of it: no answer repeats more than a little. */
const ECHO = 'echo';
const LONG = ECHO.repeat(1_500);
const ENVELOPE = 'io.modelcontextprotocol/';

/** A request in which some text of the caller's is very long, in either era. */
interface Chosen {
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly path?: string;
  readonly body?: unknown;
}

const toolCall = (name: string, args: unknown): Chosen => ({ method: 'tools/call', params: { name, arguments: args } });
const listing = (meta: Readonly<Record<string, unknown>>): Chosen => ({
  method: 'tools/list',
  params: { _meta: meta },
});
const READ = { method: 'resources/read', params: { uri: 'scalekit://capabilities' } };
const CHOSEN: Readonly<Record<string, Chosen>> = {
  ...Object.fromEntries(
    [
      ...['mcp-protocol-version', 'mcp-method', 'mcp-name', 'mcp-param-environment', 'mcp-session-id', 'accept'],
      ...['content-type', 'content-encoding', 'origin', 'x-request-id', 'last-event-id', 'traceparent', 'tracestate'],
      ...['x-mcp-toolsets', 'x-mcp-tools', 'x-mcp-readonly', 'x-scalekit-environment', 'x-mcp-apps', 'authorization'],
    ].flatMap((header) => [
      [`${header} of a call`, { ...toolCall('list_organizations', {}), headers: { [header]: LONG } }],
      [`${header} of reading`, { ...READ, headers: { [header]: LONG } }],
    ]),
  ),
  'a method': { method: LONG },
  ...Object.fromEntries(
    ['toolsets', 'tools', 'read_only', 'environment', 'apps', 'toolset'].map((parameter) => [
      `${parameter} in the URL`,
      { query: `?${parameter}=${LONG}`, method: 'tools/list' },
    ]),
  ),
  'a path': { path: `/${LONG}` },
  'a tool': toolCall(LONG, {}),
  'a tool behind call_tool': toolCall('call_tool', { name: LONG, arguments: {} }),
  'a text for arguments': toolCall('whoami', LONG),
  'an argument that there is not': toolCall('whoami', { [LONG]: 1 }),
  'many of them': toolCall('whoami', Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`${ECHO}${i}`, 1]))),
  'a member of an argument': toolCall('create_organization', { name: 'x', metadata: { [LONG]: {} } }),
  'a prompt': { method: 'prompts/get', params: { name: LONG } },
  'an argument of a prompt': {
    method: 'prompts/get',
    params: { name: 'onboard_customer', arguments: { [LONG]: 'x' } },
  },
  ...Object.fromEntries(
    ['', 'scalekit://organizations/', 'scalekit://schema/', 'docs://', 'skill://'].map((scheme) => [
      `a resource ${scheme}`,
      { method: 'resources/read', params: { uri: scheme + LONG } },
    ]),
  ),
  'a skill': { method: 'skills/get', params: { uri: LONG } },
  'a folder': { method: 'resources/directory/read', params: { uri: LONG } },
  'a cursor': { method: 'resources/list', params: { cursor: LONG } },
  'what is completed': {
    method: 'completion/complete',
    params: { ref: { type: 'ref/prompt', name: LONG }, argument: { name: LONG, value: LONG } },
  },
  'a kind of reference': {
    method: 'completion/complete',
    params: { ref: { type: LONG }, argument: { name: 'x', value: '' } },
  },
  'a version to begin with': {
    method: 'initialize',
    params: { protocolVersion: LONG, capabilities: {}, clientInfo: { name: 't', version: '1' } },
  },
  'what is subscribed to': { method: 'subscriptions/listen', params: { notifications: LONG } },
  'a task': { method: 'tasks/get', params: { taskId: LONG } },
  'a version in the envelope': listing({ [`${ENVELOPE}protocolVersion`]: LONG }),
  'a later version in both': {
    ...listing({ [`${ENVELOPE}protocolVersion`]: `2099-01-01${LONG}` }),
    headers: { 'mcp-protocol-version': `2099-01-01${LONG}` },
  },
  'a client in the envelope': listing({ [`${ENVELOPE}clientInfo`]: LONG }),
  'capabilities in the envelope': listing({ [`${ENVELOPE}clientCapabilities`]: LONG }),
  'a progress token': listing({ progressToken: LONG }),
  'an id': { body: { jsonrpc: '2.0', id: LONG, method: 'ping' } },
  'a version of JSON-RPC': { body: { jsonrpc: LONG, id: 1, method: 'ping' } },
  'a result': { body: { jsonrpc: '2.0', id: 1, result: { x: LONG } } },
  'a body': { body: LONG },
};

/** Sends a request of that era, and returns its whole answer, headers included. */
async function answerTo(era: EraName, chosen: Chosen): Promise<string> {
  const { method = 'ping', params = {}, path = '/mcp', query = '' } = chosen;
  const { _meta: meta = {}, ...others } = params;
  const response = await fetch(`${server.localUrl}${path}${query}`, {
    method: 'POST',
    headers: { ...eraHeaders(era, method, others), authorization: `Bearer ${token}`, ...chosen.headers },
    body: JSON.stringify(chosen.body ?? rpcBody(era, method, others, 1, meta as Record<string, unknown>)),
  });
  return JSON.stringify([...response.headers]) + (await response.text());
}

describe('what callers choose', () => {
  verifies.each('refusal.brief', ['modern', 'legacy'] as const)('is repeated in brief, if at all (%s)', async (era) => {
    for (const [name, chosen] of Object.entries(CHOSEN)) {
      const answer = await answerTo(era, chosen);
      const rows = answer.match(/(?:echo)+/g) ?? [];
      expect(Math.max(0, ...rows.map(({ length }) => length)), name).toBeLessThanOrEqual(500);
      if (rows.length > 0) expect(answer.length, name).toBeLessThan(4_000);
    }
  });
});

const textOf = (beginning: string, unit: string, length: number) => (beginning + unit.repeat(length)).slice(0, length);

/** The least processor time of this process, which is client and server, for some requests, in milliseconds. */
async function costOf(ask: () => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    const before = process.cpuUsage();
    await ask();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

/** Asks for something that takes no token, and waits until the request is on record too. */
function ask(path: string, userAgent: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(`${server.localUrl}/`, { path, headers: { 'user-agent': userAgent, connection: 'close' } }, (response) =>
      response.resume().on('end', () => setImmediate(resolve, response.statusCode ?? 0)),
    )
      .on('error', reject)
      .end();
  });
}

describe('without a token', () => {
  verifies.each('text.linear-requests', [
    ['a header', 56_000, (text: string) => ask('/health/live', text), 200],
    ['a path', 30_000, (text: string) => ask(`/${text.replaceAll(' ', '+').replaceAll('#', '%23')}`, 'x'), 404],
  ])('%s takes as little time as a harmless one', async (_where, length, send, status) => {
    const harmless = await costOf(() => send('x'.repeat(length)));
    for (const [beginning, unit] of HOSTILE) {
      const text = textOf(beginning, unit, length);
      expect(await send(text)).toBe(status);
      expect((await costOf(() => send(text))) / harmless, beginning + unit).toBeLessThan(10);
    }
  });
});

verifies('text.linear-requests', 'a token that is refused takes as little time, whatever it says', async () => {
  const part = (object: unknown) => Buffer.from(JSON.stringify(object)).toString('base64url');
  const present = (text: string) => {
    const header = { alg: text.slice(0, 1_000), kid: text.slice(0, 1_000), typ: text.slice(0, 1_000) };
    const claims = { iss: text, aud: Array.from({ length: 5 }, () => text.slice(0, 500)) };
    const bearer = `${part(header)}.${part(claims)}.AAAA`;
    return callTool(`${server.localUrl}/mcp`, 'modern', 'whoami', {}, { token: bearer });
  };
  const harmless = await costOf(() => present('x'.repeat(1_000)));
  for (const [beginning, unit] of HOSTILE) {
    const text = textOf(beginning, unit, 1_000);
    expect((await present(text)).status).toBe(401);
    expect((await costOf(() => present(text))) / harmless, beginning + unit).toBeLessThan(10);
  }
});

describe('with a token', () => {
  const call = async (tool: string, args: Readonly<Record<string, unknown>>) => {
    const { status, body } = await callTool(`${server.localUrl}/mcp`, 'modern', tool, args, { token });
    expect(status).toBe(200);
    expect(body.result.isError).toBe(true);
  };
  const LENGTH = 50_000;
  const named = (nameOf: (i: number) => string) =>
    Object.fromEntries(Array.from({ length: 4_000 }, (_, i) => [nameOf(i), 1]));

  verifies('text.linear-requests', 'arguments that are refused take little more time than harmless ones', async () => {
    const harmless = await costOf(() => call('whoami', { x: 'x'.repeat(LENGTH) }));
    for (const [beginning, unit] of HOSTILE) {
      const fitting = Math.floor(LENGTH / JSON.stringify(unit).slice(1, -1).length) * unit.length;
      const args = { x: textOf(beginning, unit, fitting) };
      expect((await costOf(() => call('whoami', args))) / harmless, beginning + unit).toBeLessThan(20);
    }
  });

  verifies('text.linear-requests', 'so do arguments whose names become one', async () => {
    const harmless = await costOf(() =>
      call(
        'whoami',
        named((i) => `abc-${i}`),
      ),
    );
    const one = await costOf(() =>
      call(
        'whoami',
        named((i) => `pwd=${i}`),
      ),
    );
    expect(one / harmless).toBeLessThan(20);
  });

  verifies('text.linear-requests', 'so do secrets that the caller names, and they take little memory', async () => {
    const secrets = (codeOf: (i: number) => number) =>
      JSON.stringify({
        secrets: Array.from({ length: 59 }, (_, i) =>
          String.fromCharCode(...Array.from({ length: 64 }, (_character, at) => codeOf(i * 64 + at))),
        ),
      });
    const alike = secrets(() => 0x4e00);
    const different = secrets((i) => 0x4e00 + i);
    const list = (pageToken: string) => () =>
      callTool(`${server.localUrl}/mcp`, 'modern', 'list_environments', { pageToken }, { token });
    const usual = await costOf(list(alike));
    const before = process.memoryUsage().arrayBuffers;
    await list(different)();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
    expect((await costOf(list(different))) / usual).toBeLessThan(10);
  });
});
