import { afterAll, afterEach, beforeAll, describe, expect, vi } from 'vitest';
import { ENVIRONMENT_IDS } from '../../src/sandbox/data/ids.ts';
import type { Fault } from '../../src/sandbox/faults/fault.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';
import { type CountingProxy, countingProxy } from '../fixtures/counting-proxy.ts';
import { failureIn } from '../fixtures/failure-in.ts';
import { refusalIn } from '../fixtures/refusal-in.ts';
import { callTool } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

/** A server in front of a Scalekit that goes wrong, with everything that passes between the two counted. */
let sandbox: Sandbox;
let proxy: CountingProxy;
let server: TestServer;
/** One whose calls are over soon, for faults that last until then. */
let hasty: TestServer;
let token: string;

const MIB = 1024 * 1024;
const MACHINE = { grant_type: 'client_credentials', client_id: 'sandbox-machine', client_secret: 'sandbox-secret' };

/** A server that takes the sandbox for a Scalekit environment somewhere else. */
const inFrontOf = ({ url, serverId }: Sandbox, apiUrl = url, env: Record<string, string> = {}) =>
  running({ SCALEKIT_ENV_URL: url, SCALEKIT_MCP_SERVER_ID: serverId, SCALEKIT_API_URL: apiUrl, ...env });

async function tokenFrom({ url }: Sandbox): Promise<string> {
  const response = await fetch(`${url}/oauth/token`, { method: 'POST', body: new URLSearchParams(MACHINE) });
  return ((await response.json()) as { access_token: string }).access_token;
}

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, resource: 'http://localhost:3002/mcp' });
  proxy = await countingProxy(Number(new URL(sandbox.url).port));
  const apiUrl = `http://127.0.0.1:${proxy.port}`;
  server = await inFrontOf(sandbox, apiUrl);
  hasty = await inFrontOf(sandbox, apiUrl, { UPSTREAM_TIMEOUT_MS: '3000' });
  token = await tokenFrom(sandbox);
});
afterAll(async () => {
  await server.stop();
  await hasty.stop();
  await proxy.close();
  await sandbox.close();
});
afterEach(() => sandbox.faults.clear());

async function call(name: string, args: Record<string, unknown>, bearer = token, { url } = server) {
  const { status, body } = await callTool(`${url}/mcp`, 'modern', name, args, { token: bearer });
  return { status, body, data: body.result?.structuredContent, error: failureIn(body.result) };
}

const realNow = Date.now;
let aheadMs = 0;
/** Lets time pass for the keys while something is done. Each time is later than the one before. */
async function tenSecondsLater<T>(work: () => Promise<T>): Promise<T> {
  aheadMs += 10_000;
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => realNow() + aheadMs);
  return work().finally(() => clock.mockRestore());
}

const environmentId = ENVIRONMENT_IDS.development;
const read = (at = server) => call('list_organizations', { environmentId }, token, at);
const write = (at = server) => call('create_organization', { environmentId, name: 'Acme' }, token, at);
const always = { times: Number.POSITIVE_INFINITY } as const;

interface Expected {
  readonly code: string;
  /** Whether a read, and a write, may simply be repeated. */
  readonly retryable: readonly [read: boolean, write: boolean];
  readonly retryAfterMs?: number;
}

const unavailable: Expected = { code: 'upstream_unavailable', retryable: [true, false] };
const unexpected: Expected = { code: 'unexpected_response', retryable: [false, false] };
const timeout: Expected = { code: 'upstream_timeout', retryable: [true, false] };
const limited: Expected = { code: 'rate_limited', retryable: [true, true] };

const FAULTS: readonly [name: string, fault: Fault, expected: Expected][] = [
  ['a reset', { kind: 'reset' }, unavailable],
  ['half a body', { kind: 'truncate' }, unavailable],
  ['a page for a success', { kind: 'html', status: 200 }, unexpected],
  ['a page for a failure', { kind: 'html', status: 502 }, unavailable],
  ['text of another type', { kind: 'content-type', contentType: 'text/plain', body: 'hello' }, unexpected],
  ['silence', { kind: 'hang' }, timeout],
  ['a slow drip', { kind: 'drip', everyMs: 200 }, timeout],
  ['256 MB', { kind: 'huge' }, unexpected],
  ['429 without Retry-After', { kind: 'rate-limit' }, limited],
  ['429 with Retry-After', { kind: 'rate-limit', retryAfter: '120' }, { ...limited, retryAfterMs: 120_000 }],
  ['500', { kind: 'status', status: 500 }, { code: 'upstream_error', retryable: [true, false] }],
  ['503', { kind: 'status', status: 503 }, unavailable],
];

describe.each(FAULTS)('an API that answers with %s', (_, fault, { code, retryable, retryAfterMs }) => {
  verifies(
    ['faults.recovery', 'api.failures', 'api.size'],
    'is reported as what it is, takes little memory, and is used again when it is well',
    async () => {
      const at = code === 'upstream_timeout' ? hasty : server;
      // So that the environment is known, and it is the call itself that goes wrong.
      expect((await read(at)).error).toBeUndefined();
      sandbox.faults.add({ ...fault, ...always });
      proxy.reset();
      for (const [attempt, mayRepeat] of [
        [read, retryable[0]],
        [write, retryable[1]],
      ] as const) {
        const { status, body, data, error } = await attempt(at);
        expect({ status, isError: body.result.isError, data }).toEqual({ status: 200, isError: true, data: undefined });
        expect(error).toMatchObject({ code, retryable: mayRepeat, requestId: expect.any(String) });
        expect(error.retryAfterMs).toBe(retryAfterMs);
      }
      // What the sandbox pushed into the buffers between the two, before this server hung up.
      expect(proxy.received()).toBeLessThan(64 * MIB);
      sandbox.faults.clear();
      expect((await read(at)).data.organizations.length).toBeGreaterThan(0);
      expect((await write(at)).data.organization.display_name).toBe('Acme');
    },
  );
});

verifies('api.failures', 'judges an answer by what it is, not by its label', async () => {
  sandbox.faults.add({ kind: 'content-type', contentType: 'text/html', ...always, afterOperation: true });
  expect((await read()).data.organizations.length).toBeGreaterThan(0);
});

describe('an API that is dead', () => {
  verifies(
    ['breaker.opens', 'breaker.probe'],
    'is left alone after some failures, and found again when it is back',
    async () => {
      sandbox.faults.add({ kind: 'reset', ...always });
      const outcomes: { code: string; retryable: boolean; retryAfterMs?: number }[] = [];
      await expect
        .poll(async () => {
          outcomes.push((await write()).error);
          return outcomes.at(-1)?.retryAfterMs;
        })
        .toBeGreaterThan(0);
      expect(new Set(outcomes.map(({ code }) => code))).toEqual(new Set(['upstream_unavailable']));
      expect(outcomes.at(-1)).toMatchObject({ retryable: true });
      const states = () =>
        server.lines.map(({ event }) => event).filter((event) => String(event).startsWith('circuit_'));
      expect(states()[0]).toBe('circuit_open');
      sandbox.faults.clear();
      await expect.poll(async () => (await read()).data?.organizations.length).toBeGreaterThan(0);
      expect(states().slice(-2)).toEqual(['circuit_half_open', 'circuit_closed']);
      expect((await write()).data.organization.display_name).toBe('Acme');
    },
  );
});

describe('an issuer', () => {
  verifies.each<[string, Fault]>(
    ['keys.outage', 'faults.recovery'],
    [
      ['down', { kind: 'status', status: 503 }],
      ['reset', { kind: 'reset' }],
      ['behind a page', { kind: 'html', status: 200 }],
      ['cut off', { kind: 'truncate' }],
      ['talking without end', { kind: 'huge' }],
    ],
  )('whose keys are %s makes 503, and 200 as soon as they are there', async (_, fault) => {
    const other = await startSandbox({ port: 0, resource: 'http://localhost:3002/mcp' });
    const good = await tokenFrom(other);
    other.faults.add({ ...fault, when: { path: '/keys' }, ...always });
    const own = await inFrontOf(other);
    const whoami = () => callTool(`${own.url}/mcp`, 'modern', 'whoami', {}, { token: good });
    const { status, headers, body } = await whoami();
    expect({ status, error: refusalIn(body).error }).toEqual({ status: 503, error: 'server_error' });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    other.faults.clear();
    await expect.poll(async () => (await whoami()).status).toBe(200);
    await own.stop();
    await other.close();
  });

  verifies(
    ['keys.rotation', 'faults.recovery'],
    'that changes its key is followed without restart; the old key serves while it is published',
    async () => {
      await sandbox.keys.rotate();
      const next = await tokenFrom(sandbox);
      expect((await tenSecondsLater(() => call('whoami', {}, next))).status).toBe(200);
      for (const bearer of [token, next]) expect((await call('whoami', {}, bearer)).status).toBe(200);
    },
  );

  verifies.each(
    ['token.bad', 'faults.recovery'],
    [
      ['ahead', 3_600, 'not valid yet'],
      ['behind', -7_200, 'has expired'],
    ],
  )('whose clock is %s gets its tokens refused, with the reason, until it is right', async (_, seconds, reason) => {
    sandbox.faults.clockSkew(seconds);
    const { status, body } = await call('whoami', {}, await tokenFrom(sandbox));
    expect(status).toBe(401);
    expect(refusalIn(body)).toMatchObject({
      error: 'invalid_token',
      error_description: expect.stringContaining(reason),
    });
    sandbox.faults.clear();
    expect((await call('whoami', {}, await tokenFrom(sandbox))).status).toBe(200);
  });

  // After this the server does not ask for keys for a while.
  verifies(['keys.outage', 'keys.rotation'], 'that is away hurts only those whose key is not known yet', async () => {
    expect((await call('whoami', {})).status).toBe(200);
    await sandbox.keys.rotate();
    const unknown = await tokenFrom(sandbox);
    sandbox.faults.add({ kind: 'reset', when: { path: '/keys' }, ...always });
    expect((await tenSecondsLater(() => call('whoami', {}, unknown))).status).toBe(503);
    expect((await call('whoami', {})).status).toBe(200);
  });
});
