import { afterEach, beforeEach, describe, expect, vi } from 'vitest';
import { refusalIn } from '../../fixtures/refusal-in.ts';
import { rpc } from '../../fixtures/rpc.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { FakeScalekit, json, signingKey } from '../../fixtures/scalekit.ts';
import { verifies } from '../../verifies.ts';

const WINDOW = 900;
const POINTS = 4;
const RATE_LIMIT = JSON.stringify({ failures: { points: POINTS, seconds: WINDOW } });

let scalekit: FakeScalekit;
let server: TestServer;

beforeEach(async () => {
  scalekit = await FakeScalekit.start();
});
afterEach(async () => {
  vi.useRealTimers();
  await server.stop();
  await scalekit.close();
});

async function startServer(env: Record<string, string> = {}): Promise<void> {
  server = await running({ ...scalekit.env, RATE_LIMIT, ...env });
}

const ask = (token: string | undefined, from?: string) =>
  rpc(
    `${server.url}/mcp`,
    'legacy',
    'tools/list',
    {},
    {
      ...(token !== undefined && { token }),
      ...(from !== undefined && { headers: { 'x-forwarded-for': from } }),
    },
  );

const withHeader = (authorization: string) =>
  rpc(`${server.url}/mcp`, 'legacy', 'tools/list', {}, { headers: { authorization } });

/** Statuses of so many requests with bad tokens. */
async function fail(times: number, from?: string): Promise<number[]> {
  const statuses: number[] = [];
  for (let i = 0; i < times; i++) statuses.push((await ask('bad', from)).status);
  return statuses;
}

describe('an address from which too many bad tokens came', () => {
  verifies('limits.failures', 'gets 429 in place of 401, until the window closes', async () => {
    await startServer();
    expect(await fail(POINTS)).toEqual(Array(POINTS).fill(401));
    const { status, headers, body } = await ask('bad');
    expect({ status, body: refusalIn(body) }).toEqual({
      status: 429,
      body: {
        error: 'rate_limit_exceeded',
        error_description: expect.stringContaining('Too many bad access tokens'),
        error_uri: expect.stringContaining('rate_limit_exceeded'),
        retryAfterMs: Number(headers.get('retry-after')) * 1000,
      },
    });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(WINDOW - 60);
    expect(headers.get('www-authenticate')).toBeNull();
    await expect
      .poll(() => server.lines.find((line) => line['status'] === 429))
      .toMatchObject({ outcome: 'rate_limit_exceeded', reason: expect.stringContaining('not a JSON Web Token') });
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(Date.now() + (WINDOW + 1) * 1000);
    expect((await ask('bad')).status).toBe(401);
  });

  verifies(
    'limits.failures',
    'does not lock out good tokens, known or new, nor who asks where to get one',
    async () => {
      await startServer();
      const known = await scalekit.mint();
      expect((await ask(known)).status).toBe(200);
      expect((await fail(POINTS + 1)).at(-1)).toBe(429);
      expect((await ask(known)).status).toBe(200);
      expect((await ask(await scalekit.mint({ claims: { sub: 'usr_new' } }))).status).toBe(200);
      expect((await ask(undefined)).status).toBe(401);
      expect((await fail(1)).at(-1)).toBe(429);
    },
  );

  verifies(
    ['limits.failures', 'token.expired'],
    'lets tokens that were good once lead to a refresh, however many expire there',
    async () => {
      await startServer();
      await fail(POINTS + 1);
      const past = { exp: Math.floor(Date.now() / 1000) - 60 };
      for (let i = 0; i < POINTS + 1; i++) {
        const { status, headers } = await ask(await scalekit.mint({ claims: { ...past, sub: `usr_${i}` } }));
        expect([status, headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('has expired')]);
      }
      // Anybody can write that date: without a signature of the issuer it is a failure like others.
      const forged = await scalekit.mint({ key: { ...(await signingKey()), kid: scalekit.key.kid }, claims: past });
      expect((await ask(forged)).status).toBe(429);
    },
  );

  verifies(['limits.failures', 'token.expired'], 'does not count tokens that have expired', async () => {
    await startServer();
    const past = { exp: Math.floor(Date.now() / 1000) - 60 };
    for (let i = 0; i < POINTS + 1; i++) await ask(await scalekit.mint({ claims: { ...past, sub: `usr_${i}` } }));
    expect((await ask('bad')).status).toBe(401);
  });

  verifies('limits.failures', 'is not one that sends none, good ones, or such that nobody can check', async () => {
    scalekit.keys = (_request, response) => json(response, 500, {});
    await startServer();
    const token = await scalekit.mint();
    for (let i = 0; i < POINTS + 1; i++) {
      expect((await ask(undefined)).status).toBe(401);
      expect((await withHeader('')).status).toBe(401);
      expect((await withHeader('Basic dXNlcjpwYXNz')).status).toBe(401);
      expect((await ask(token)).status).toBe(503);
    }
    expect(await fail(POINTS)).toEqual(Array(POINTS).fill(401));
  });

  verifies('limits.failures', 'is not known when limits are off', async () => {
    await startServer({ RATE_LIMIT: 'off' });
    expect(await fail(101)).toEqual(Array(101).fill(401));
  });

  verifies('limits.failures', 'is 100 in 15 minutes when nothing is said', async () => {
    await startServer({ RATE_LIMIT: 'on' });
    expect((await fail(101)).filter((status) => status === 401)).toHaveLength(100);
  });
});

describe('behind proxies', () => {
  verifies('limits.address', 'clients are told apart by what the nearest ones say', async () => {
    await startServer({ TRUST_PROXY: '1' });
    expect((await fail(POINTS + 1, '198.51.100.1')).at(-1)).toBe(429);
    expect((await fail(1, '203.0.113.5, 198.51.100.1')).at(-1)).toBe(429);
    expect((await fail(POINTS, '198.51.100.1, 203.0.113.5')).at(-1)).toBe(401);
    expect((await fail(POINTS + 1, '2001:db8:1:1::1')).at(-1)).toBe(429);
    expect((await fail(1, '2001:db8:1:1:ffff::2')).at(-1)).toBe(429);
    expect((await fail(1, '2001:db8:1:2::1')).at(-1)).toBe(401);
  });

  verifies('limits.address', 'that nobody has spoken of, headers say nothing', async () => {
    await startServer();
    for (let i = 0; i < POINTS; i++) expect(await fail(1, `198.51.100.${i}`)).toEqual([401]);
    expect(await fail(1, '203.0.113.5')).toEqual([429]);
  });
});
