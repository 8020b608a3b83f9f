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
    const limits = { default: { points: 10, seconds: 900 }, failures: { points: 5, seconds: 900 } };
    const small = await running({ ...scalekit.env, RATE_LIMIT: JSON.stringify(limits), MAX_CALLS: '4' });
    const [greedy, honest] = await Promise.all([tokenOf('usr_greedy'), tokenOf('usr_honest')]);
    const refused = Array.from({ length: 60 }, () =>
      callTool(`${small.url}/mcp`, 'legacy', 'whoami', {}, { token: greedy }),
    );
    await Promise.race(refused.slice(30));
    const { status } = await callTool(`${small.url}/mcp`, 'legacy', 'whoami', {}, { token: honest });
    expect(status).toBe(200);
    await Promise.all(refused);
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
