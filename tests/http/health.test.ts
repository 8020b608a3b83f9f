import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect } from 'vitest';
import { drain } from '../../src/http/drain.ts';
import { listen } from '../../src/http/listener.ts';
import { callTool } from '../fixtures/rpc.ts';
import { running } from '../fixtures/running.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

let scalekit: FakeScalekit;
const cleanUp: (() => Promise<void>)[] = [];

beforeEach(async () => {
  scalekit = await FakeScalekit.start();
});
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
  await scalekit.close();
});

const good = (_request: unknown, response: ServerResponse) => json(response, 200, { keys: [scalekit.key.jwk] });
const away = (_request: unknown, response: ServerResponse) => json(response, 503, {});

async function serve(env: Record<string, string> = {}) {
  const server = await running({ ...scalekit.env, ...env });
  cleanUp.push(() => server.stop());
  return server;
}

async function ask(url: string, init: RequestInit = {}) {
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

verifies('health.ready', 'a server is ready once keys have been had, and stays so while they are away', async () => {
  scalekit.keys = away;
  const server = await serve();
  const url = `${server.url}/health/ready`;
  expect(await ask(url)).toMatchObject({ status: 503, body: { status: 'starting' } });
  scalekit.keys = good;
  // Nobody but the probe asks for keys.
  await expect.poll(async () => (await ask(url)).status, { interval: 100 }).toBe(200);
  scalekit.keys = away;
  expect(await ask(url)).toMatchObject({ status: 200, body: { status: 'ready' } });
});

verifies('health.ready', 'a probe of a server without keys asks for them no more often than requests do', async () => {
  scalekit.keys = () => undefined;
  const server = await serve();
  await Promise.all(Array.from({ length: 50 }, () => ask(`${server.url}/health/ready`)));
  expect(scalekit.keyDownloads).toBe(1);
});

verifies(
  ['health.ready', 'health.live'],
  'a server that drains lives, but is not ready, as long as it still serves',
  async () => {
    const server = await serve({ DRAIN_DELAY_MS: '5000' });
    await expect.poll(async () => (await ask(`${server.url}/health/ready`)).status).toBe(200);
    cleanUp.length = 0;
    const stopped = server.stop();
    expect(await ask(`${server.url}/health/ready`)).toMatchObject({ status: 503, body: { status: 'draining' } });
    expect(await ask(`${server.url}/health/live`)).toMatchObject({ status: 200, body: { status: 'alive' } });
    await stopped;
  },
);

verifies(['health.live', 'health.ready'], 'a process that is starting lives, but is not ready', async () => {
  const server = await listen({ host: '127.0.0.1', port: 0 });
  cleanUp.push(() => drain(server));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await ask(`${url}/health/live?probe=1`)).toMatchObject({ status: 200, body: { status: 'alive' } });
  expect(await ask(`${url}/health/live`, { method: 'HEAD' })).toMatchObject({ status: 200, body: undefined });
  expect(await ask(`${url}/health/ready`)).toMatchObject({ status: 503, body: { status: 'starting' } });
  for (const [path, method] of [
    ['/health/live', 'POST'],
    ['/health', 'GET'],
    ['/health/lively', 'GET'],
  ] as const) {
    expect(await ask(`${url}${path}`, { method })).toMatchObject({ status: 503, body: { error: 'server_error' } });
  }
});

verifies.each('health.public', ['/health', '/health/live', '/health/ready'])(
  '%s is public, exact and bare',
  async (path) => {
    const server = await serve();
    const url = `${server.url}${path}`;
    await callTool(`${server.url}/mcp`, 'modern', 'whoami', {}, { token: await scalekit.mint() });
    const { status, headers, body } = await ask(url);
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(Object.keys(body).sort()).toEqual(
      path === '/health' ? ['services', 'status', 'timestamp', 'version'] : ['status'],
    );
    expect(await ask(url, { method: 'HEAD' })).toMatchObject({ status: 200, body: undefined });
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const refused = await ask(url, { method });
      expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
    }
    expect((await ask(`${url}/`)).status).toBe(404);
  },
);
