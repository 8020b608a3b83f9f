import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { codeOf } from '../../src/http/refusal.ts';
import { RPC } from '../../src/mcp/refusals.ts';
import { catalogue } from '../../src/tools/index.ts';
import { probeTools } from '../fixtures/probe-tools.ts';
import { refusalIn } from '../fixtures/refusal-in.ts';
import { callTool, type EraName, eraHeaders, rpc, rpcBody } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

const ERAS = ['modern', 'legacy'] as const;
/** The range that JSON-RPC reserves, and the codes in it that JSON-RPC or MCP define. */
const RESERVED = { from: -32768, to: -32000 };
const DEFINED = [-32700, -32600, -32601, -32602, -32603, -32020, -32021, -32022];

const { probe, tools } = probeTools();
let scalekit: FakeScalekit;
let server: TestServer;
let url: string;

beforeEach(async () => {
  scalekit = await FakeScalekit.start();
});
afterEach(async () => {
  await server.stop();
  await scalekit.close();
});

async function startServer(env: Record<string, string> = {}): Promise<void> {
  server = await running({ ...scalekit.env, ...env }, [...catalogue, ...tools]);
  url = `${server.localUrl}/mcp`;
}

interface Case {
  readonly name: string;
  readonly status: number;
  readonly error: string;
  /** The id of the answer, for a request with the id `mine`. */
  readonly id: string | null;
  readonly says: RegExp;
  readonly env?: Record<string, string>;
  readonly prepare?: () => Promise<unknown>;
  readonly headers?: Record<string, string>;
  readonly claims?: Record<string, unknown>;
  readonly token?: string;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly body?: string;
}

const wholeCall = { name: 'whoami', arguments: {} };
const deep = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);
const RATE_LIMIT = JSON.stringify({ default: { points: 5, seconds: 900 }, failures: { points: 1, seconds: 900 } });

const CASES: readonly Case[] = [
  { name: 'no token', status: 401, error: 'invalid_token', id: null, says: /needs an access token/, token: '' },
  { name: 'a bad token', status: 401, error: 'invalid_token', id: null, says: /JSON Web Token/, token: 'x' },
  { name: 'an expired token', status: 401, error: 'invalid_token', id: null, says: /expired/, claims: { exp: 1 } },
  {
    name: 'keys that are away',
    status: 503,
    error: 'server_error',
    id: null,
    says: /cannot be checked for now/,
    prepare: async () => {
      scalekit.keys = (_request, response) => json(response, 500, {});
    },
  },
  {
    name: 'a caller who is not admitted',
    status: 403,
    error: 'access_denied',
    id: 'mine',
    says: /not open to you/,
    env: { ALLOWED_SUBJECTS: 'usr_other' },
  },
  {
    name: 'a scope that is missing',
    status: 403,
    error: 'insufficient_scope',
    id: 'mine',
    says: /organization:write/,
    claims: { scope: 'env:read' },
    params: { name: 'create_organization', arguments: { environmentId: 'env_1', name: 'x' } },
  },
  {
    name: 'a foreign page',
    status: 403,
    error: 'access_denied',
    id: null,
    says: /Origin/,
    headers: { origin: 'https://evil.example' },
  },
  {
    name: 'another media type',
    status: 415,
    error: 'invalid_request',
    id: null,
    says: /application\/json/,
    headers: { 'content-type': 'text/plain' },
  },
  {
    name: 'a compressed body',
    status: 415,
    error: 'invalid_request',
    id: null,
    says: /Content-Encoding/,
    headers: { 'content-encoding': 'gzip' },
  },
  {
    name: 'a body too large to read',
    status: 413,
    error: 'invalid_request',
    id: null,
    says: /larger than/,
    body: 'x'.repeat(1_500_000),
  },
  {
    name: 'a body too large for its message',
    status: 413,
    error: 'invalid_request',
    id: 'mine',
    says: /larger than 65536 bytes/,
    env: { AGENT_TOOL_EXECUTION: 'on' },
    method: 'ping',
    params: { padding: 'x'.repeat(70_000) },
  },
  { name: 'no JSON', status: 400, error: 'invalid_request', id: null, says: /not valid JSON/, body: '{' },
  { name: 'a batch', status: 400, error: 'invalid_request', id: null, says: /Batches/, body: '[]' },
  {
    name: 'a message that is nested too deep',
    status: 400,
    error: 'invalid_request',
    id: 'mine',
    says: /nested deeper/,
    params: deep(80),
  },
  {
    name: 'a header that contradicts the body',
    status: 400,
    error: 'invalid_request',
    id: 'mine',
    says: /disagree|header|match/i,
    headers: { 'mcp-method': 'tools/list' },
  },
  {
    name: 'a caller over its rate',
    status: 429,
    error: 'rate_limit_exceeded',
    id: 'mine',
    says: /Repeat it in \d+ seconds/,
    env: { RATE_LIMIT },
    prepare: async () => {
      const token = await scalekit.mint();
      for (let i = 0; i < 6; i++) await callTool(url, 'legacy', 'whoami', {}, { token });
    },
  },
  {
    name: 'an address over its failures',
    status: 429,
    error: 'rate_limit_exceeded',
    id: null,
    says: /Too many bad access tokens/,
    env: { RATE_LIMIT },
    prepare: () => rpc(url, 'legacy', 'ping', {}, { token: 'x' }),
    token: 'x',
  },
  {
    name: 'a caller with too many calls',
    status: 503,
    error: 'server_error',
    id: null,
    says: /your calls are running/,
    env: { MAX_CALLS_PER_CALLER: '1' },
    prepare: () => occupy(),
  },
  {
    name: 'a server with too many calls',
    status: 503,
    error: 'server_error',
    id: null,
    says: /as many calls as it can/,
    env: { MAX_CALLS: '1' },
    prepare: () => occupy({ sub: 'usr_other' }),
  },
];

let occupants = 0;

/** A call that runs until its server stops. */
async function occupy(claims: Record<string, unknown> = {}) {
  occupants++;
  const label = `occupying-${occupants}`;
  const token = await scalekit.mint({ claims: { scope: 'env:read', ...claims } });
  const answer = callTool(url, 'legacy', 'probe_slow', { label }, { token });
  await expect.poll(() => probe.started).toContain(label);
  const finish = () => {
    probe.finish(label);
    return answer;
  };
  occupying.push(finish);
  return { finish };
}
const occupying: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const finish of occupying.splice(0)) await finish();
});

/** Sends the message of a case by hand. */
async function send(one: Case, era: EraName) {
  const { method = 'tools/call', params = wholeCall, claims = {} } = one;
  const token = one.token ?? (await scalekit.mint({ claims }));
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      ...eraHeaders(era, method, params),
      ...(token !== '' && { authorization: `Bearer ${token}` }),
      ...one.headers,
    },
    body: one.body ?? JSON.stringify(rpcBody(era, method, params, 'mine')),
  });
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  return { status: response.status, headers: response.headers, body: (await response.json()) as any };
}

function expectCode(code: number, status: number, era: EraName): void {
  if (DEFINED.includes(code)) return;
  const isReserved = code >= RESERVED.from && code <= RESERVED.to;
  expect({ era, code, isReserved }).toEqual({ era, code: codeOf(status, era), isReserved: era === 'legacy' });
}

describe.each(ERAS)('a refusal of a message (%s)', (era) => {
  verifies.each(
    ['refusal.form', 'refusal.codes'],
    CASES.map((one) => [one.name, one] as const),
  )('is a JSON-RPC error with the members of OAuth: %s', async (_name, one) => {
    await startServer(one.env);
    await one.prepare?.();
    const { status, headers, body } = await send(one, era);
    const retryAfter = headers.get('retry-after');
    expect({ status, id: body.id, facts: refusalIn(body) }).toMatchObject({
      status: one.status,
      id: one.id,
      facts: { error: one.error, error_description: expect.stringMatching(one.says) },
    });
    expect(refusalIn(body).retryAfterMs).toBe(retryAfter === null ? undefined : Number(retryAfter) * 1000);
    expect(retryAfter !== null).toBe([429, 503].includes(status));
    expect(headers.get('www-authenticate') !== null).toBe(status === 401 || one.error === 'insufficient_scope');
    expectCode(body.error.code, status, era);
  });
});

describe('a refusal', () => {
  verifies('refusal.form', 'has the form of OAuth where it is not about a message', async () => {
    await startServer();
    const bad = { authorization: 'Bearer x' };
    for (const [path, init, error] of [
      ['/mcp', {}, 'invalid_token'],
      ['/', { headers: bad }, 'invalid_token'],
      ['/mcp', { method: 'DELETE', headers: bad }, 'invalid_token'],
      ['/mcp', { method: 'PUT' }, 'method_not_allowed'],
      ['/MCP', { method: 'POST' }, 'not_found'],
      ['/health', { method: 'POST' }, 'method_not_allowed'],
      ['/docs/errors', { method: 'POST' }, 'method_not_allowed'],
      ['/.well-known/oauth-protected-resource/mcp', { method: 'POST' }, 'method_not_allowed'],
    ] as const) {
      const body = await (await fetch(server.localUrl + path, init)).json();
      expect({ path, body }).toEqual({
        path,
        body: { error, error_description: expect.any(String), error_uri: expect.stringContaining(`#${error}`) },
      });
    }
  });

  verifies('refusal.form', 'carries the id of a message that was read, whatever it is', async () => {
    await startServer();
    const token = await scalekit.mint();
    for (const id of [7, 'abc', 0, -1]) {
      const accept = { accept: 'text/html' };
      const old = { 'mcp-protocol-version': '1.0' };
      const answers = [
        await rpc(url, 'legacy', 'ping', deep(80), { token, id }),
        await rpc(url, 'modern', 'ping', deep(80), { token, id }),
        await rpc(url, 'legacy', 'ping', {}, { token, id, headers: accept }),
        await rpc(url, 'legacy', 'ping', {}, { token, id, headers: old }),
      ];
      for (const { body } of answers) {
        expect(body.id).toBe(id);
        refusalIn(body);
      }
    }
    const unsafe = `{"jsonrpc":"2.0","id":9007199254740993,"method":"ping","params":${JSON.stringify(deep(80))}}`;
    const headers = { ...eraHeaders('legacy', ''), authorization: `Bearer ${token}` };
    for (const text of [unsafe, unsafe.replace(/,"params".*/, '}')]) {
      const answer = (await (await fetch(url, { method: 'POST', headers, body: text })).json()) as { id: unknown };
      expect(answer.id).toBeNull();
    }
  });

  verifies('refusal.form', 'is read by clients of both SDKs, text and all', async () => {
    await startServer({ RATE_LIMIT });
    const requestInit = { headers: { authorization: `Bearer ${await scalekit.mint()}` } };
    const clients = [
      new LegacyClient({ name: 'one', version: '1' }),
      new Client({ name: 'two', version: '1' }),
    ] as const;
    await clients[0].connect(new LegacyTransport(new URL(url), { requestInit }));
    await clients[1].connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
    for (let i = 0; i < 5; i++) await clients[i % 2]?.callTool(wholeCall);
    for (const client of clients) await expect(client.callTool(wholeCall)).rejects.toThrow(/Repeat it in \d+ seconds/);
    for (const client of clients) await client.close();
  });

  verifies('refusal.codes', 'has a code of its own for every status, in each era', () => {
    for (const status of [400, 401, 403, 404, 406, 413, 415, 417, 429, 431, 500, 501, 503, 505]) {
      for (const era of ERAS) expectCode(codeOf(status, era), status, era);
      expect(codeOf(status, 'legacy')).toBe(status === 500 ? -32603 : status === 403 ? -32003 : -32000);
    }
    for (const code of Object.values(RPC)) expect(DEFINED).toContain(code);
  });
});
