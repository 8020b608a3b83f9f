import { afterAll, beforeAll, describe, expect } from 'vitest';
import { HOLD_MS } from '../../../src/limits/patience.ts';
import { callTool, rpc } from '../../fixtures/rpc.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { FakeScalekit, json } from '../../fixtures/scalekit.ts';
import { verifies } from '../../verifies.ts';

let scalekit: FakeScalekit;
let server: TestServer;
let url: string;

beforeAll(async () => {
  scalekit = await FakeScalekit.start();
  scalekit.serveApi((_request, response) => json(response, 200, { organizations: [] }));
  const limits = { default: { points: 10, seconds: 900 }, failures: { points: 5, seconds: 900 } };
  server = await running({ ...scalekit.env, RATE_LIMIT: JSON.stringify(limits), STEP_UP_IN_BAND: 'told-in-band' });
  url = `${server.url}/mcp`;
});
afterAll(async () => {
  await server.stop();
  await scalekit.close();
});

const tokenOf = (sub: string, claims: Record<string, unknown> = {}) =>
  scalekit.mint({ claims: { sub, exp: Math.floor(Date.now() / 1000) + 86_400, ...claims } });
// A timer may end up to a millisecond early.
const HELD = HOLD_MS - 1;

describe('somebody who goes on after many refusals', () => {
  verifies.each<[string, () => Promise<() => Promise<unknown>>]>('limits.patience', [
    [
      'over the limit',
      async () => {
        const token = await tokenOf('usr_over');
        return () => callTool(url, 'legacy', 'whoami', {}, { token });
      },
    ],
    [
      'without a scope',
      async () => {
        const token = await tokenOf('usr_scopeless', { scope: '' });
        return () => callTool(url, 'legacy', 'list_environments', {}, { token });
      },
    ],
    [
      'over the limit, told in results',
      async () => {
        const token = await tokenOf('usr_told', { client_id: 'told-in-band' });
        return () => callTool(url, 'legacy', 'whoami', {}, { token });
      },
    ],
    ['without a token', async () => () => rpc(url, 'legacy', 'ping', {})],
    ['with a bad token', async () => () => rpc(url, 'legacy', 'ping', {}, { token: 'bad' })],
  ])('is held back: %s', async (_who, prepare) => {
    const send = await prepare();
    await Promise.all(Array.from({ length: 45 }, send));
    const start = performance.now();
    await send();
    expect(performance.now() - start).toBeGreaterThanOrEqual(HELD);
  });

  verifies('limits.patience', 'takes no place among the calls while it waits', async () => {
    const RATE_LIMIT = JSON.stringify({ default: { points: 1_000, seconds: 900 } });
    const env = { RATE_LIMIT, MAX_CALLS: '4', MAX_CALLS_PER_CALLER: '4', ALLOWED_SUBJECTS: 'usr_honest' };
    const small = await running({ ...scalekit.env, ...env });
    const [stranger, honest] = await Promise.all([tokenOf('usr_stranger'), tokenOf('usr_honest')]);
    const refused = () => callTool(`${small.url}/mcp`, 'legacy', 'whoami', {}, { token: stranger });
    // As many as are answered at once; those after them wait.
    for (let sent = 0; sent < 20; sent++) expect((await refused()).status).toBe(403);
    const decided = () => small.lines.filter(({ event }) => event === 'scope_check').length;
    const waiting: Promise<number>[] = [];
    for (let sent = 21; sent <= 32; sent++) {
      waiting.push(refused().then(({ status }) => status));
      await expect.poll(decided, { interval: 1 }).toBe(sent);
    }
    // With a place for each of them, those after the fourth would find none.
    expect(await Promise.all(waiting)).toEqual(Array(12).fill(403));
    expect((await callTool(`${small.url}/mcp`, 'legacy', 'whoami', {}, { token: honest })).status).toBe(200);
    await small.stop();
  });

  verifies('limits.patience', 'gets its notifications acknowledged later and later, at no cost', async () => {
    const token = await tokenOf('usr_talks');
    const notify = async () => {
      const body = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' });
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      return (await fetch(url, { method: 'POST', headers, body })).status;
    };
    const statuses = await Promise.all(Array.from({ length: 220 }, notify));
    expect(new Set(statuses)).toEqual(new Set([202]));
    const start = performance.now();
    expect(await notify()).toBe(202);
    expect(performance.now() - start).toBeGreaterThanOrEqual(HELD);
    expect((await callTool(url, 'legacy', 'whoami', {}, { token })).status).toBe(200);
  });
});
