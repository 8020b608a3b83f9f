import { afterAll, beforeAll, describe, expect } from 'vitest';
import { HOLD_MS } from '../../../src/limits/patience.ts';
import { rawAnswer } from '../../fixtures/raw-connection.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { FakeScalekit } from '../../fixtures/scalekit.ts';
import { verifies } from '../../verifies.ts';

// A timer may end up to a millisecond early.
const HELD = HOLD_MS - 1;
/** More than are answered at once, which are 200, so that some of them wait when the next one comes. */
const FLOOD = 240;
const AT_ONCE = 205;
const METADATA = '/.well-known/oauth-protected-resource/mcp';

let scalekit: FakeScalekit;
let server: TestServer;

beforeAll(async () => {
  scalekit = await FakeScalekit.start();
  server = await running({ ...scalekit.env, RATE_LIMIT: 'on', TRUST_PROXY: '1' });
  // What is asked for the first time takes long.
  await Promise.all(Array.from({ length: 50 }, () => ask('203.0.113.1', { path: METADATA })));
});
afterAll(async () => {
  await server.stop();
  await scalekit.close();
});

interface Asking {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
}

/** Asks from an address, and says with which status that was answered. */
async function ask(from: string, { method = 'GET', path = '/mcp', headers = {} }: Asking): Promise<number> {
  const sent = { 'x-forwarded-for': from, ...headers };
  const response = await fetch(server.localUrl + path, { method, headers: sent, redirect: 'manual' });
  await response.arrayBuffer();
  return response.status;
}

/** How long one more answer takes after a flood, in milliseconds, while some of that still waits. */
async function afterFlood(answer: () => Promise<number>): Promise<{ statuses: Set<number>; tookMs: number }> {
  const statuses = new Set<number>();
  let count = 0;
  let crowded = () => {};
  const crowd = new Promise<void>((resolve) => {
    crowded = resolve;
  });
  const one = async () => {
    statuses.add(await answer());
    if (++count === AT_ONCE) crowded();
  };
  const flood = Array.from({ length: FLOOD }, one);
  await crowd;
  const start = performance.now();
  statuses.add(await answer());
  const tookMs = performance.now() - start;
  await Promise.all(flood);
  return { statuses, tookMs };
}

const tokenOf = (sub: string) => scalekit.mint({ claims: { sub, scope: '' } });

describe('somebody who asks hundreds of times for what needs no token', () => {
  verifies.each<[string, number, Asking]>('limits.strangers', [
    ['metadata of another selection', 200, { path: `${METADATA}?toolsets=all` }],
    ['metadata of no selection', 400, { path: `${METADATA}?tools=no_such_tool` }],
    [
      'the way to the authorization server',
      307,
      { path: '/.well-known/oauth-authorization-server', headers: { 'mcp-protocol-version': '2025-03-26' } },
    ],
    ['the errors page', 200, { path: '/docs/errors' }],
    ['the page at the endpoint', 200, { headers: { accept: 'text/html' } }],
    ['no path', 404, { path: '/nothing' }],
    ['a preflight', 204, { method: 'OPTIONS', headers: { origin: 'http://localhost:5173' } }],
    ['a foreign preflight', 204, { method: 'OPTIONS', headers: { origin: 'https://elsewhere.example' } }],
    ['HEAD', 405, { method: 'HEAD' }],
    ['a foreign page', 403, { method: 'POST', headers: { origin: 'https://elsewhere.example' } }],
    ['no tool that is selected', 400, { method: 'POST', path: '/mcp?tools=no_such_tool' }],
    ['a token of no kind beside it', 404, { path: '/nothing', headers: { authorization: 'Bearer x' } }],
    ['no path that can be decoded', 400, { path: '/icons/%zz' }],
  ])('is held back: %s', async (what, status, asking) => {
    const from = `192.0.2.${[...what].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 250}`;
    const { statuses, tookMs } = await afterFlood(() => ask(from, asking));
    expect(statuses).toEqual(new Set([status]));
    expect(tookMs).toBeGreaterThanOrEqual(HELD);
  });

  verifies('limits.strangers', 'is held back with requests that are not well-formed', async () => {
    const bytes = 'GET /health HTTP/1.1\r\nX-Forwarded-For: 198.51.100.1\r\n\r\n';
    const { statuses, tookMs } = await afterFlood(async () => (await rawAnswer(server.port, bytes)).status);
    expect(statuses).toEqual(new Set([400]));
    expect(tookMs).toBeGreaterThanOrEqual(HELD);
  });

  verifies('limits.strangers', 'is held back with requests that expect what nobody knows', async () => {
    const lines = ['GET /health HTTP/1.1', 'Host: localhost', 'X-Forwarded-For: 198.51.100.9', 'Expect: more'];
    const { statuses, tookMs } = await afterFlood(
      async () => (await rawAnswer(server.port, `${lines.join('\r\n')}\r\n\r\n`)).status,
    );
    expect(statuses).toEqual(new Set([417]));
    expect(tookMs).toBeGreaterThanOrEqual(HELD);
  });

  verifies('limits.strangers', 'is held back as a person where a good token comes with a GET', async () => {
    const [talker, other] = await Promise.all(['usr_talker', 'usr_other'].map(tokenOf));
    const get = (token: string | undefined) => ask('198.51.100.2', { headers: { authorization: `Bearer ${token}` } });
    let waiting = FLOOD;
    const flood = Array.from({ length: FLOOD }, () => get(talker).then(() => waiting--));
    expect(await get(other)).toBe(405);
    expect(waiting).toBeGreaterThan(0);
    await Promise.all(flood);
    const { statuses, tookMs } = await afterFlood(() => get(talker));
    expect(statuses).toEqual(new Set([405]));
    expect(tookMs).toBeGreaterThanOrEqual(HELD);
  });

  verifies('limits.strangers', 'gets probes answered all the same, and so does everybody else', async () => {
    const from = '198.51.100.3';
    let waiting = FLOOD;
    const flood = Array.from({ length: FLOOD }, () => ask(from, { path: '/nothing' }).then(() => waiting--));
    for (const path of ['/health/live', '/health/ready']) expect(await ask(from, { path })).toBe(200);
    expect(await ask('198.51.100.4', { path: METADATA })).toBe(200);
    expect(waiting).toBeGreaterThan(0);
    await Promise.all(flood);
  });
});
