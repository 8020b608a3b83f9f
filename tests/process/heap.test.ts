import { Agent, request } from 'node:http';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { builtServer } from '../fixtures/built.ts';
import { runScript, type ServerProcess } from '../fixtures/process.ts';
import { eraHeaders, rpcBody } from '../fixtures/rpc.ts';
import { type SharedScalekit, sharedScalekit } from '../fixtures/scalekit-process.ts';
import { verifies } from '../verifies.ts';

/** Little more than the server needs, in MiB: what stays of so many requests does not fit in. */
const HEAP = 80;
const REQUESTS = 3_000;
const AT_ONCE = 8;

const built = builtServer();
let scalekit: SharedScalekit;
let server: ServerProcess | undefined;

beforeAll(async () => {
  scalekit = await sharedScalekit();
});
afterEach(async () => {
  server?.child.kill('SIGKILL');
  await server?.exit();
});
afterAll(() => scalekit.close());

/** Sends one message again and again, and counts how often which status came back. */
async function statusesOf(url: string, headers: Record<string, string>, body: string): Promise<Map<number, number>> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const statuses = new Map<number, number>();
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const sent = request(`${url}/mcp`, { method: 'POST', agent, headers }, (response) => {
        const status = response.statusCode ?? 0;
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        response.resume().once('end', resolve);
      });
      sent.once('error', reject).end(body);
    });
  let begun = 0;
  const inTurn = async () => {
    while (begun++ < REQUESTS) await one();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, inTurn)).finally(() => agent.destroy());
  return statuses;
}

verifies('wire.nothing-stays', 'a small heap outlives thousands of subscriptions', async () => {
  const env = { ...scalekit.env, RATE_LIMIT: 'off', AUDIT_LOG: 'off', LOG_LEVEL: 'info' };
  server = runScript(built.script, { env, node: [`--max-old-space-size=${HEAP}`] });
  const { url } = await server.event('ready');
  const method = 'subscriptions/listen';
  const headers = { ...eraHeaders('modern', method), authorization: `Bearer ${await scalekit.token()}` };
  const body = JSON.stringify(rpcBody('modern', method, { notifications: { toolsListChanged: true } }));
  expect(await statusesOf(String(url), headers, body)).toEqual(new Map([[200, REQUESTS]]));
});
