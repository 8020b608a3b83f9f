import { EventEmitter, getEventListeners } from 'node:events';
import { afterAll, beforeAll, describe, expect, vi } from 'vitest';
import { METHODS } from '../../src/access/authorize.ts';
import { probeTools } from '../fixtures/probe-tools.ts';
import { type EraName, eraHeaders, rpcBody } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

/** So many of the same requests; what stays of each shows as so many more listeners. */
const TIMES = 25;

const { probe, tools } = probeTools();
let scalekit: FakeScalekit;
let server: TestServer;
let token: string;

beforeAll(async () => {
  scalekit = await FakeScalekit.start();
  server = await running(scalekit.env, tools);
  token = await scalekit.mint();
});
afterAll(async () => {
  await server.stop();
  await scalekit.close();
});

interface Sent {
  readonly method: string;
  readonly params?: Record<string, unknown>;
  readonly meta?: Record<string, unknown>;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

async function send(era: EraName, { method, params = {}, meta, headers, signal }: Sent): Promise<string> {
  const { id, ...message } = rpcBody(era, method, params, 1, meta);
  const response = await fetch(`${server.url}/mcp`, {
    method: 'POST',
    headers: { ...eraHeaders(era, method, params), authorization: `Bearer ${token}`, ...headers },
    body: JSON.stringify(method.startsWith('notifications/') ? message : { ...message, id }),
    ...(signal && { signal }),
  });
  return response.text();
}

/** Everything to which listeners are added while something is done, with the most listeners of one event afterwards. */
async function listenersLeftBy(work: () => Promise<unknown>): Promise<number> {
  const targets = new Map<EventTarget | EventEmitter, Set<string>>();
  const seen = (target: EventTarget | EventEmitter, type: unknown) => {
    targets.set(target, (targets.get(target) ?? new Set()).add(String(type)));
  };
  const addEventListener = EventTarget.prototype.addEventListener;
  const on = EventEmitter.prototype.on;
  vi.spyOn(EventTarget.prototype, 'addEventListener').mockImplementation(function (this: EventTarget, ...args) {
    seen(this, args[0]);
    return addEventListener.apply(this, args);
  });
  vi.spyOn(EventEmitter.prototype, 'on').mockImplementation(function (this: EventEmitter, ...args) {
    seen(this, args[0]);
    return on.apply(this, args);
  });
  try {
    await work();
  } finally {
    vi.restoreAllMocks();
  }
  expect(targets.size).toBeGreaterThan(0);
  return Math.max(
    ...[...targets].flatMap(([target, types]) => [...types].map((t) => getEventListeners(target, t).length)),
  );
}

const call = (name: string, args: Record<string, unknown> = {}) => ({ name, arguments: args });
const notifications = { toolsListChanged: true, resourceSubscriptions: ['a://b'] };

/** What is sent, in both eras: every method that is served, and what ends in another way. */
const REQUESTS: readonly [string, Sent][] = [
  ...[...METHODS.keys()].map((method): [string, Sent] => [method, { method }]),
  ['a subscription', { method: 'subscriptions/listen', params: { notifications } }],
  ['a subscription to nothing', { method: 'subscriptions/listen', params: { notifications: {} } }],
  [
    'a connection',
    {
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'a', version: '1' } },
    },
  ],
  ['a call', { method: 'tools/call', params: call('probe_quiet', { label: 'a' }) }],
  [
    'a call that asks for progress',
    { method: 'tools/call', params: call('probe_quiet', { label: 'a' }), meta: { progressToken: 1 } },
  ],
  ['a call that fails', { method: 'tools/call', params: call('probe_broken') }],
  ['a call with a wrong argument', { method: 'tools/call', params: call('probe_quiet', { x: 1 }) }],
  ['a call of an unknown tool', { method: 'tools/call', params: call('nobody') }],
  ['a call without a scope', { method: 'tools/call', params: call('probe_echo', { environmentId: 'env_1', id: 'a' }) }],
  ['an event stream of one answer', { method: 'ping', headers: { accept: 'text/event-stream' } }],
  ['an unknown method', { method: 'nobody/knows' }],
  ['an unknown version', { method: 'ping', headers: { 'mcp-protocol-version': '2099-01-01' } }],
];

describe.each(['modern', 'legacy'] as const)('nothing of a request stays on what requests share (%s)', (era) => {
  verifies.each('wire.nothing-stays', REQUESTS)('after %s', async (_, sent) => {
    const left = await listenersLeftBy(async () => {
      for (let i = 0; i < TIMES; i++) await send(era, sent);
    });
    expect(left).toBeLessThan(TIMES);
  });

  verifies('wire.nothing-stays', 'after a call into an environment, which asks the API', async () => {
    scalekit.serveApi((_request, response) => json(response, 200, { id: 'a' }));
    const params = call('probe_echo', { environmentId: 'env_1', id: 'a' });
    const left = await listenersLeftBy(async () => {
      for (let i = 0; i < TIMES; i++) await send(era, { method: 'tools/call', params });
    });
    expect(left).toBeLessThan(TIMES);
  });

  verifies('wire.nothing-stays', 'after a call whose answer is a stream', async () => {
    const left = await listenersLeftBy(async () => {
      for (let i = 0; i < TIMES; i++) {
        const label = `${era}-finished-${i}`;
        const params = call('probe_slow', { label });
        const sent = send(era, { method: 'tools/call', params, meta: { progressToken: 1 } });
        await expect.poll(() => probe.started).toContain(label);
        probe.finish(label);
        expect(await sent).toContain('notifications/progress');
      }
    });
    expect(left).toBeLessThan(TIMES);
  });

  verifies.each('wire.nothing-stays', [
    ['a stream', 1],
    ['an answer', undefined],
  ])('after a client that leaves without %s', async (_, progressToken) => {
    const left = await listenersLeftBy(async () => {
      for (let i = 0; i < TIMES; i++) {
        const label = `${era}-${progressToken}-${i}`;
        const client = new AbortController();
        const meta = progressToken === undefined ? {} : { progressToken };
        const params = call('probe_slow', { label });
        const sent = send(era, { method: 'tools/call', params, meta, signal: client.signal }).catch(() => undefined);
        await expect.poll(() => probe.started).toContain(label);
        client.abort();
        await sent;
        await expect.poll(() => probe.aborted).toContain(label);
      }
    });
    expect(left).toBeLessThan(TIMES);
  });
});
