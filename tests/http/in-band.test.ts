import { once } from 'node:events';
import { connect } from 'node:net';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterEach, beforeEach, describe, expect, vi } from 'vitest';
import { catalogue } from '../../src/tools/index.ts';
import { failureIn } from '../fixtures/failure-in.ts';
import { probeTools } from '../fixtures/probe-tools.ts';
import { hasRedis, REDIS_NOTE, type RedisServer, startRedis } from '../fixtures/redis.ts';
import { refusalIn } from '../fixtures/refusal-in.ts';
import { callTool, type EraName, eraHeaders, type RpcAnswer, type RpcOptions, rpc, rpcBody } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

const ERAS = ['modern', 'legacy'] as const;
const POINTS = 5;
const RATE_LIMIT = JSON.stringify({ default: { points: POINTS, seconds: 900 } });
const CLIENT_INFO = 'io.modelcontextprotocol/clientInfo';

const { probe, tools } = probeTools();
let scalekit: FakeScalekit;
const servers: TestServer[] = [];
let url: string;
let labels = 0;

beforeEach(async () => {
  scalekit = await FakeScalekit.start();
  scalekit.serveApi((_request, response) => json(response, 200, { organizations: [] }));
});
afterEach(async () => {
  vi.useRealTimers();
  for (const server of servers.splice(0)) await server.stop();
  await scalekit.close();
});

async function startServer(env: Record<string, string> = {}): Promise<TestServer> {
  const server = await running({ ...scalekit.env, ...env }, [...catalogue, ...tools]);
  servers.push(server);
  url = `${server.localUrl}/mcp`;
  return server;
}

const tokenOf = (claims: Record<string, unknown> = {}) =>
  scalekit.mint({ claims: { scope: 'environment:read', exp: Math.floor(Date.now() / 1000) + 86_400, ...claims } });

const whoami = (token: string, era: EraName = 'legacy', options: RpcOptions = {}) =>
  callTool(url, era, 'whoami', {}, { token, ...options });
const create = (token: string, era: EraName = 'legacy', options: RpcOptions = {}, at = url) =>
  callTool(at, era, 'create_organization', { environmentId: 'env_1', name: 'x' }, { token, ...options });

/** Keeps the only place for calls taken. */
async function occupied<T>(token: string, task: () => Promise<T>): Promise<T> {
  labels++;
  const label = `in-band-${labels}`;
  const call = callTool(url, 'legacy', 'probe_slow', { label }, { token });
  await expect.poll(() => probe.started).toContain(label);
  try {
    return await task();
  } finally {
    probe.finish(label);
    await call;
  }
}

async function drained(token: string): Promise<void> {
  for (let i = 0; i < POINTS; i++) await whoami(token);
}

/** An answer whose result says why the call was not carried out. */
function expectTold({ status, headers, body }: RpcAnswer, error: object, id: unknown = 1): void {
  expect({ status, id: body.id }).toEqual({ status: 200, id });
  expect(body.result).toMatchObject({ isError: true });
  expect(body.result).not.toHaveProperty('structuredContent');
  expect(failureIn(body.result)).toMatchObject({ ...error, requestId: headers.get('x-request-id') });
  for (const name of ['www-authenticate', 'retry-after']) expect(headers.get(name)).toBeNull();
}

const RATE = { code: 'rate_limit_exceeded', retryable: true, retryAfterMs: expect.any(Number) };
const PLACES = { code: 'server_error', retryable: true, retryAfterMs: 1000 };
const SCOPE = { code: 'insufficient_scope', retryable: false, requiredScope: 'organization:write' };

interface Kind {
  readonly entries: string;
  readonly claims: Record<string, unknown>;
  readonly eras: readonly EraName[];
  readonly options?: RpcOptions;
}

const KINDS: Record<string, Kind> = {
  'by its id': { entries: 'other, mcp-remote', claims: { client_id: 'mcp-remote' }, eras: ERAS },
  'as all are': { entries: '*', claims: {}, eras: ERAS },
  'as a machine': { entries: 'client_credentials', claims: { sub: 'm2m_1', client_id: 'm2m_1' }, eras: ERAS },
  'by its own name': {
    entries: 'name:crush',
    claims: {},
    eras: ['modern'],
    options: { meta: { [CLIENT_INFO]: { name: 'crush', version: '1' } } },
  },
};

describe('a client that is named', () => {
  verifies.each(
    'token.in-band',
    Object.entries(KINDS).map(([name, kind]) => [name, kind] as const),
  )('%s is told of every refusal of its call in the result', async (_name, kind) => {
    const { entries, claims, eras, options = {} } = kind;
    const server = await startServer({ STEP_UP_IN_BAND: entries, RATE_LIMIT, MAX_CALLS_PER_CALLER: '1' });
    for (const era of eras) {
      const token = await tokenOf({ ...claims, ...(claims['sub'] === undefined && { sub: `usr_${era}` }) });
      if (claims['sub'] !== undefined && era === 'legacy') continue;
      expectTold(await create(token, era, { ...options, id: 'mine' }), SCOPE, 'mine');
      await occupied(token, async () => expectTold(await whoami(token, era, { ...options, id: 7 }), PLACES, 7));
      await drained(token);
      expectTold(await whoami(token, era, { ...options, id: 0 }), RATE, 0);
      expect(server.lines.filter(({ event }) => event === 'request').at(-1)).toMatchObject({
        outcome: 'rate_limit_exceeded',
        status: 200,
        rpc: 'tools/call',
      });
      // What is no call of a tool has no result of this form.
      const list = () => rpc(url, era, 'tools/list', {}, { token, ...options });
      for (let i = 0; i < POINTS; i++) expect(await list()).toMatchObject({ status: 200 });
      const refused = await list();
      expect(refused.status).toBe(429);
      expect(refusalIn(refused.body)).toMatchObject({ error: 'rate_limit_exceeded' });
    }
    expect(scalekit.operations).toEqual([]);
  });

  verifies(['token.in-band', 'limits.reading'], 'is told when reading its call goes beyond', async () => {
    await startServer({ STEP_UP_IN_BAND: '*', RATE_LIMIT });
    const token = await tokenOf();
    const large = { environmentId: 'x'.repeat(8192 * (POINTS + 1)) };
    expectTold(await callTool(url, 'legacy', 'list_organizations', large, { token }), RATE);
    const again = await callTool(url, 'legacy', 'list_organizations', large, { token });
    expect([again.status, again.body.id, refusalIn(again.body).error]).toEqual([429, null, 'rate_limit_exceeded']);
    expectTold(await whoami(token), RATE);
  });

  verifies('token.in-band', 'by its own name is that client in 2026-07-28 alone, and no other', async () => {
    await startServer({ STEP_UP_IN_BAND: 'name:crush' });
    const named = (name: string) => ({ meta: { [CLIENT_INFO]: { name, version: '1' } } });
    expect((await create(await tokenOf({ sub: 'usr_a' }), 'modern', named('crusher'))).status).toBe(403);
    expect((await create(await tokenOf({ sub: 'usr_b' }), 'legacy', named('crush'))).status).toBe(403);
    expect((await create(await tokenOf({ sub: 'usr_c' }), 'modern', named('crush'))).status).toBe(200);
  });

  verifies('token.in-band', 'is refused by HTTP where nothing was authenticated, admitted or read', async () => {
    const server = await startServer({ STEP_UP_IN_BAND: '*', RATE_LIMIT, ALLOWED_SUBJECTS: 'usr_1' });
    expect((await whoami('x')).status).toBe(401);
    const stranger = await whoami(await tokenOf({ sub: 'usr_2' }));
    expect([stranger.status, refusalIn(stranger.body).error]).toEqual([403, 'access_denied']);
    const token = await tokenOf();
    await drained(token);
    const headers = { ...eraHeaders('legacy', ''), authorization: `Bearer ${token}` };
    const unreadable = await fetch(url, { method: 'POST', headers, body: '{' });
    expect([unreadable.status, ((await unreadable.json()) as { id: unknown }).id]).toEqual([429, null]);
    const { id: _, ...call } = rpcBody('legacy', 'tools/call', { name: 'whoami', arguments: {} });
    const notification = await fetch(url, { method: 'POST', headers, body: JSON.stringify(call) });
    expect(notification.status).toBe(429);
    expect(server.lines.filter(({ event }) => event === 'tool_defect')).toEqual([]);
  });

  verifies(
    ['token.in-band', 'limits.bodies'],
    'and over its limits has its bodies read within the room for them alone',
    async () => {
      const BUDGETS = { MAX_BYTES_IN_FLIGHT: '4194304', MAX_BYTES_IN_FLIGHT_PER_CALLER: '2097152' };
      await startServer({ STEP_UP_IN_BAND: '*', RATE_LIMIT, ...BUDGETS });
      const token = await tokenOf();
      await drained(token);
      const { hostname, port, host } = new URL(url);
      const sockets = await Promise.all(
        // So many requests that are being received fill the budget of a person.
        Array.from({ length: 128 }, async () => {
          const socket = connect(Number(port), hostname);
          await once(socket, 'connect');
          const lines = [
            'POST /mcp HTTP/1.1',
            `Host: ${host}`,
            `Authorization: Bearer ${token}`,
            'Content-Type: application/json',
            'Content-Length: 900',
          ];
          socket.write(`${lines.join('\r\n')}\r\n\r\n{`);
          return socket;
        }),
      );
      await expect.poll(async () => (await whoami(token)).status).toBe(503);
      const { body } = await whoami(token);
      expect([body.id, refusalIn(body).error]).toEqual([null, 'server_error']);
      expect((await whoami(await tokenOf({ sub: 'usr_2' }))).status).toBe(200);
      for (const socket of sockets) socket.destroy();
      await expect.poll(async () => (await whoami(token)).status).toBe(200);
      expectTold(await whoami(token), RATE);
    },
  );

  verifies('token.in-band', 'goes on in the same session with an SDK of the older kind', async () => {
    await startServer({ STEP_UP_IN_BAND: 'client_credentials' });
    const requestInit = {
      headers: { authorization: `Bearer ${await tokenOf({ sub: 'm2m_1', scope: 'organization:read' })}` },
    };
    const client = new Client({ name: 'in-band', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
    await client.listTools();
    const args = { environmentId: 'env_1' };
    const refused = await client.callTool({ name: 'create_organization', arguments: { ...args, name: 'x' } });
    expect(failureIn(refused)).toMatchObject(SCOPE);
    expect((await client.callTool({ name: 'list_organizations', arguments: args })).isError).toBeUndefined();
    await client.close();
  });
});

describe('a missing scope', () => {
  const FIVE_MINUTES = 300_000;

  verifies.each('token.repeated', ERAS)(
    'is a 403 first, then told in the result, for each caller (%s)',
    async (era) => {
      const server = await startServer();
      const token = await tokenOf();
      const first = await create(token, era, { id: 'mine' });
      expect([first.status, first.body.id]).toEqual([403, 'mine']);
      expect(first.headers.get('www-authenticate')).toContain('insufficient_scope');
      expectTold(await create(token, era, { id: 7 }), SCOPE, 7);
      // A caller is a person through a client, whatever the token.
      expectTold(await create(await tokenOf({ jti: 'another', oid: 'org_2', iss: scalekit.url }), era), SCOPE);
      for (const claims of [{ sub: 'usr_2' }, { client_id: 'm2m_2' }]) {
        expect((await create(await tokenOf(claims), era)).status).toBe(403);
      }
      const members = await callTool(url, era, 'list_workspace_members', {}, { token });
      expect(members.status).toBe(403);
      expect(scalekit.operations).toEqual([]);
      const lines = server.lines.filter(({ tool, event }) => event === 'request' && tool === 'create_organization');
      expect(new Set(lines.map(({ outcome }) => outcome))).toEqual(new Set(['insufficient_scope']));
    },
  );

  verifies('token.repeated', 'is a 403 again after five minutes', async () => {
    await startServer();
    const token = await tokenOf();
    expect((await create(token)).status).toBe(403);
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(Date.now() + FIVE_MINUTES - 10_000);
    expect((await create(token)).status).toBe(200);
    vi.setSystemTime(Date.now() + 60_000);
    expect((await create(token)).status).toBe(403);
    expect((await create(token)).status).toBe(200);
  });

  verifies('token.repeated', 'is a 403 again once a call of the tool has passed', async () => {
    await startServer();
    const [weak, strong] = [await tokenOf(), await tokenOf({ scope: 'organization:write' })];
    expect((await create(weak)).status).toBe(403);
    expectTold(await create(weak), SCOPE);
    expect((await create(strong)).body.result.isError ?? false).toBeTypeOf('boolean');
    expect((await create(weak)).status).toBe(403);
  });

  verifies('token.repeated', 'is never told in the result of what has none', async () => {
    await startServer();
    const token = await tokenOf();
    const { id: _, ...call } = rpcBody('legacy', 'tools/call', { name: 'create_organization', arguments: {} });
    const headers = { ...eraHeaders('legacy', ''), authorization: `Bearer ${token}` };
    for (let i = 0; i < 3; i++) {
      expect((await fetch(url, { method: 'POST', headers, body: JSON.stringify(call) })).status).toBe(403);
    }
    expect((await create(token)).status).toBe(403);
    expect((await fetch(url, { method: 'POST', headers, body: JSON.stringify(call) })).status).toBe(403);
  });

  verifies('token.repeated', 'is the only denial of which this holds', async () => {
    await startServer({ ALLOWED_SUBJECTS: 'usr_2' });
    const token = await tokenOf();
    for (let i = 0; i < 3; i++) expect((await create(token)).status).toBe(403);
  });
});

describe.skipIf(!hasRedis)(`a missing scope at several instances${REDIS_NOTE}`, () => {
  let redis: RedisServer;

  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    redis.resume();
    await redis.stop();
  });

  verifies(['token.repeated', 'limits.redis'], 'is told once by a 403, and forgotten by all', async () => {
    const urls: string[] = [];
    for (let i = 0; i < 2; i++) urls.push(`${(await startServer({ REDIS_URL: redis.url })).localUrl}/mcp`);
    const [one = '', two = ''] = urls;
    const [weak, strong] = [await tokenOf(), await tokenOf({ scope: 'organization:write' })];
    for (let round = 0; round < 2; round++) {
      expect((await create(weak, 'modern', {}, one)).status).toBe(403);
      expectTold(await create(weak, 'legacy', {}, two), SCOPE);
      expect((await create(strong, 'modern', {}, one)).status).toBe(200);
      expect((await create(weak, 'modern', {}, two)).status).toBe(403);
      expect((await create(strong, 'modern', {}, two)).status).toBe(200);
    }
  });

  verifies(
    ['token.repeated', 'limits.redis-lost'],
    'is remembered by each for itself while Redis is lost',
    async () => {
      await startServer({ REDIS_URL: redis.url });
      const token = await tokenOf();
      expect((await create(token)).status).toBe(403);
      redis.hang();
      expect((await create(token)).status).toBe(403);
      expectTold(await create(token), SCOPE);
    },
  );

  verifies(['token.repeated', 'limits.redis-bounded'], 'leaves one key of bounded size for each person', async () => {
    const { Redis } = await import('ioredis');
    await startServer({ REDIS_URL: redis.url });
    const client = new Redis(redis.url);
    for (let i = 0; i < 220; i++) await create(await tokenOf({ client_id: `m2m_${i}` }));
    const keys = (await client.keys('*')).filter((key) => !key.includes(':confirmation:'));
    expect(keys).toEqual([expect.stringMatching(/^scalekit-mcp:step-up:[\w-]{43}$/)]);
    expect(await client.zcard(String(keys[0]))).toBe(200);
    expect(await client.pttl(String(keys[0]))).toBeGreaterThan(200_000);
    client.disconnect();
    expect((await create(await tokenOf({ client_id: 'm2m_219' }))).status).toBe(200);
    expect((await create(await tokenOf({ client_id: 'm2m_0' }))).status).toBe(403);
  });
});
