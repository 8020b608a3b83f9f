import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, vi } from 'vitest';
import { CircuitBreaker } from '../../src/outgoing/circuit-breaker.ts';
import { Deadline } from '../../src/outgoing/deadline.ts';
import { createDispatcher, type Dispatcher } from '../../src/outgoing/dispatcher.ts';
import { path } from '../../src/platform/path.ts';
import { RestClient, type RestClientOptions, type RestRequest } from '../../src/scalekit/rest-client.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { SILENT } from '../fixtures/silent-log.ts';
import { verifies } from '../verifies.ts';

let fake: FakeScalekit;
let dispatcher: Dispatcher;
let waits: number[];

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  fake = await FakeScalekit.start();
  dispatcher = createDispatcher(fake.url);
  waits = [];
});
afterEach(async () => {
  vi.useRealTimers();
  await dispatcher.destroy();
  await fake.close();
});

const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;

interface Sending {
  readonly method?: RestRequest['method'];
  readonly pause?: RestClientOptions['pause'];
  readonly client?: AbortController;
  readonly random?: number;
}

function send(sending: Sending = {}) {
  const { method = 'GET', pause = async () => undefined, client = new AbortController(), random = 0.5 } = sending;
  const rest = new RestClient({
    baseUrl: `${fake.url}/api/v1`,
    setting: 'SCALEKIT_API_URL',
    dispatcher,
    breaker: new CircuitBreaker({ host: 'fake', log: SILENT }),
    random: () => random,
    pause: (ms, signal) => {
      waits.push(ms);
      return pause(ms, signal);
    },
  });
  const deadline = new Deadline(15_000, client.signal);
  return rest.send({ method, path: path`/things`, headers: {}, person: 'usr_1', deadline });
}

describe('the pause before another attempt', () => {
  verifies.each<[string, number, string | undefined, number, number[]]>('api.retries', [
    ['429 that names no time: none', 429, undefined, 0.5, []],
    ['429, at once', 429, '0', 0.5, [100, 200]],
    ['429, in a second', 429, '1', 0.5, [1000, 1000]],
    ['502', 502, undefined, 0.5, [750, 1500]],
    ['503, at the least', 503, undefined, 0, [500, 1000]],
    ['503, at the most', 503, undefined, 1, [1000, 2000]],
    ['503, in two seconds', 503, '2', 0, [2000, 2000]],
    ['504: none', 504, undefined, 0.5, []],
    ['504, although it names a time: none', 504, '0', 0.5, []],
  ])('after %s', async (_what, status, retryAfter, random, expected) => {
    fake.api = (_request, response) => json(response, status, {}, retryAfter ? { 'retry-after': retryAfter } : {});
    await expect(send({ random })).rejects.toMatchObject({ name: 'ToolError' });
    expect(waits).toEqual(expected);
    expect(fake.requests).toHaveLength(expected.length + 1);
  });

  verifies(['api.retries', 'api.deadline'], 'is the last thing when it would outlast the deadline', async () => {
    fake.api = (_request, response) => {
      vi.advanceTimersByTime(14_900);
      json(response, 503, {});
    };
    await expect(send()).rejects.toMatchObject({ code: 'upstream_unavailable' });
    expect([waits, fake.requests.length]).toEqual([[], 1]);
  });

  verifies(['api.retries', 'wire.early-close'], 'is the last thing when the client leaves during it', async () => {
    fake.api = (_request, response) => json(response, 503, {}, { 'retry-after': '1' });
    const client = new AbortController();
    const pause = async (_ms: number, signal: AbortSignal) => {
      client.abort();
      signal.throwIfAborted();
    };
    await expect(send({ pause, client })).rejects.toMatchObject({ code: 'upstream_unavailable' });
    expect(fake.requests).toHaveLength(1);
  });
});

describe('an answer to a write that cannot be used', () => {
  const huge = (response: ServerResponse) => json(response, 200, { padding: 'x'.repeat(5 * 1024 * 1024) });
  const many = (response: ServerResponse) => json(response, 200, { numbers: Array(50_000).fill(1) });
  const deep = (response: ServerResponse) => {
    response.writeHead(200).end(`{"lists":${'['.repeat(300_000)}${']'.repeat(300_000)}}`);
  };
  const html = (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>');
  };

  verifies.each(['api.failures', 'api.size'], METHODS)(
    'to %s says that the change may have been carried out',
    async (method) => {
      for (const answer of [huge, many, deep, html, (response: ServerResponse) => json(response, 200, [])]) {
        fake.api = (_request, response) => answer(response);
        const error = await send({ method }).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ code: 'unexpected_response' });
        expect(error).not.toHaveProperty('recovery.retryable', true);
        expect(String(error)).toContain('may have been carried out');
        expect(String(await send().catch((thrown: unknown) => thrown))).not.toContain('carried out');
      }
      expect(waits).toEqual([]);
    },
  );
});
