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
});
