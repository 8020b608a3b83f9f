import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, vi } from 'vitest';
import type { Log } from '../../src/observability/log/log.ts';
import { path } from '../../src/platform/path.ts';
import { connectScalekit, type Scalekit } from '../../src/scalekit/scalekit.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { SILENT } from '../fixtures/silent-log.ts';
import { UNOBSERVED } from '../fixtures/unobserved.ts';
import { verifies } from '../verifies.ts';

const SECOND = 1_000;

let fake: FakeScalekit;
let scalekit: Scalekit;
let events: Record<string, unknown>[];

const collect = (event: string, fields?: Record<string, unknown>) => events.push({ event, ...fields });
const log: Log = { ...SILENT, info: collect, warn: collect };

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  fake = await FakeScalekit.start();
  events = [];
  connect();
});
afterEach(async () => {
  vi.useRealTimers();
  await scalekit.close();
  await fake.close();
});

function connect(kind: 'workspace' | 'environment' = 'workspace', timeoutMs = 15_000) {
  const mode =
    kind === 'workspace'
      ? { kind, apiUrl: `${fake.url}/api/v1` }
      : { kind, clientId: 'skc_1', clientSecret: 'its-secret', secretSetting: 'SCALEKIT_CLIENT_SECRET' as const };
  scalekit = connectScalekit({ config: { environmentUrl: fake.url, mode }, timeoutMs, log });
}

/** `ok`, or the code of what went wrong, with a mark where this server did not even ask. */
async function send(
  method: 'get' | 'post' = 'get',
  signal = new AbortController().signal,
  person = 'usr_1',
): Promise<string> {
  const caller = { key: person, person, bearer: () => person };
  const { api } = scalekit.bind({ caller, environmentId: undefined, idempotent: true, signal, ...UNOBSERVED });
  return api[method](path`/things`, {}).then(
    () => 'ok',
    (error) => (String(error).includes('was not sent') ? 'not asked' : error.code),
  );
}

const sendAs = (person: string) => send('post', undefined, person);

async function sendMany(times: number, method: 'get' | 'post' = 'get'): Promise<string[]> {
  const outcomes: string[] = [];
  for (let i = 0; i < times; i++) outcomes.push(await send(method));
  return outcomes;
}

const ok = (response: ServerResponse) => json(response, 200, {});
const down = (response: ServerResponse) => json(response, 503, {});
const answer = (how: (response: ServerResponse) => void) => {
  fake.api = (_request, response) => how(response);
};

/** A circuit that has just opened: the next second, nothing is sent. */
async function opened(): Promise<void> {
  answer(down);
  expect(await sendMany(5, 'post')).toEqual(Array(5).fill('upstream_unavailable'));
  expect(await send()).toBe('not asked');
  fake.requests.length = 0;
}

describe('the circuit opens', () => {
  verifies.each<[string, (response: ServerResponse) => void]>('breaker.opens', [
    ['503', down],
    ['502 from a proxy', (response) => response.writeHead(502).end('<html></html>')],
    ['a reset', (response) => response.destroy()],
    [
      'half a body',
      (response) => {
        response.writeHead(200, { 'content-length': '100' }).write('{');
        setImmediate(() => response.destroy());
      },
    ],
  ])('after five calls in a row that end with %s, and answers without asking', async (_, how) => {
    answer(how);
    expect(await sendMany(5, 'post')).toEqual(Array(5).fill('upstream_unavailable'));
    const { length } = fake.requests;
    const caller = { key: 'usr_1', person: 'usr_1', bearer: () => 'a' };
    const { api } = scalekit.bind({
      caller,
      environmentId: 'env_1',
      idempotent: true,
      signal: new AbortController().signal,
      ...UNOBSERVED,
    });
    for (const call of [api.get(path`/things`), api.post(path`/things`, {}), api.delete(path`/things`)]) {
      await expect(call).rejects.toMatchObject({
        code: 'upstream_unavailable',
        message: expect.stringContaining('was not sent'),
        recovery: { retryable: true, retryAfterMs: SECOND },
      });
    }
    expect(fake.requests).toHaveLength(length);
    expect(events).toEqual([{ event: 'circuit_open', host: new URL(fake.url).host, of: 'person', pauseMs: SECOND }]);
  });

  verifies('breaker.opens', 'after reads that got no answer in time, or a gateway’s word for it', async () => {
    answer((response) => json(response, 504, {}));
    expect(await sendMany(4)).toEqual(Array(4).fill('upstream_timeout'));
    connect('workspace', 100);
    answer(() => undefined);
    expect(await sendMany(6)).toEqual([...Array(5).fill('upstream_timeout'), 'not asked']);
  });

  verifies('breaker.opens', 'for a host that nobody listens on', async () => {
    await fake.close();
    expect(await sendMany(6)).toEqual([...Array(5).fill('upstream_unavailable'), 'not asked']);
  });

  verifies('breaker.opens', 'for the token endpoint of environment mode, which is on the same host', async () => {
    connect('environment');
    fake.token = (_request, response) => down(response);
    expect(await sendMany(6)).toEqual([...Array(5).fill('upstream_unavailable'), 'not asked']);
    expect(fake.tokenRequests).toBe(5);
    fake.token = (_request, response) => json(response, 200, { access_token: 'good', expires_in: 3600 });
    answer(ok);
    vi.advanceTimersByTime(SECOND);
    expect(await sendMany(2)).toEqual(['ok', 'ok']);
  });

  verifies('breaker.opens', 'once, however many calls fail at the same time', async () => {
    const held: ServerResponse[] = [];
    answer((response) => held.push(response));
    const calls = Array.from({ length: 60 }, () => send('post'));
    await expect.poll(() => held.length).toBe(60);
    held.forEach(down);
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['upstream_unavailable']));
    expect(events).toHaveLength(1);
    expect(await send()).toBe('not asked');
    vi.advanceTimersByTime(SECOND);
    answer(ok);
    expect(await send()).toBe('ok');
  });
});

describe('the circuit stays closed', () => {
  verifies.each<[string, (response: ServerResponse) => void]>('breaker.answers', [
    ...[400, 401, 403, 404, 408, 409, 429, 500, 501].map((status): [string, (response: ServerResponse) => void] => [
      `${status}`,
      (response) => json(response, status, {}),
    ]),
    [
      'a failing provider',
      (response) => json(response, 503, { code: 13, details: [{ '@type': 'x', error_code: 'TOOL_ERROR' }] }),
    ],
    ['a page', (response) => response.writeHead(200).end('<html></html>')],
  ])('after %s, which is an answer', async (_, how) => {
    answer(how);
    expect(await sendMany(12, 'post')).not.toContain('not asked');
    expect(fake.requests).toHaveLength(12);
    expect(events).toEqual([]);
  });

  verifies('breaker.answers', 'after 408 to reads, and pages of a token endpoint, which are answers too', async () => {
    answer((response) => json(response, 408, {}));
    expect(await sendMany(6)).toEqual(Array(6).fill('upstream_timeout'));
    connect('environment');
    fake.token = (_request, response) => void response.writeHead(200).end('<html></html>');
    expect(await sendMany(6)).toEqual(Array(6).fill('unexpected_response'));
    expect(events).toEqual([]);
  });

  verifies('breaker.answers', 'while answers come between the failures', async () => {
    for (let i = 0; i < 4; i++) {
      answer(down);
      await sendMany(4, 'post');
      answer((response) => json(response, 404, {}));
      expect(await send()).toBe('unexpected_response');
    }
    expect(events).toEqual([]);
  });

  verifies('breaker.answers', 'when clients leave, or a write waits for somebody else', async () => {
    connect('workspace', 100);
    answer(() => undefined);
    const left = Array.from({ length: 8 }, async () => {
      const client = new AbortController();
      const call = send('get', client.signal);
      client.abort();
      return call;
    });
    expect(await Promise.all(left)).toEqual(Array(8).fill('cancelled'));
    expect(await sendMany(6, 'post')).toEqual(Array(6).fill('upstream_timeout'));
    expect(events).toEqual([]);
  });
});

describe('an open circuit', () => {
  verifies(
    'breaker.probe',
    'lets one of many calls try after its pause, and closes when that is answered',
    async () => {
      await opened();
      vi.advanceTimersByTime(SECOND - 1);
      expect(await send()).toBe('not asked');
      vi.advanceTimersByTime(1);
      const held: ServerResponse[] = [];
      answer((response) => held.push(response));
      const calls = Array.from({ length: 50 }, () => send());
      await expect.poll(() => held.length).toBe(1);
      answer(ok);
      held.forEach(ok);
      expect((await Promise.all(calls)).toSorted()).toEqual([...Array(49).fill('not asked'), 'ok']);
      expect(fake.requests).toHaveLength(1);
      expect(await sendMany(3)).toEqual(['ok', 'ok', 'ok']);
      const host = new URL(fake.url).host;
      expect(events).toEqual([
        { event: 'circuit_open', host, of: 'person', pauseMs: SECOND },
        { event: 'circuit_half_open', host, of: 'person' },
        { event: 'circuit_closed', host, of: 'person' },
      ]);
    },
  );

  verifies('breaker.probe', 'is closed by a refusal too, and counts anew from there', async () => {
    await opened();
    vi.advanceTimersByTime(SECOND);
    answer((response) => json(response, 403, {}));
    expect(await send()).toBe('permission_denied');
    answer(down);
    expect(await sendMany(4, 'post')).not.toContain('not asked');
  });

  verifies('breaker.probe', 'waits twice as long after each probe that fails, half a minute at most', async () => {
    await opened();
    for (const pause of [1, 2, 4, 8, 16, 30, 30]) {
      vi.advanceTimersByTime(pause * SECOND - 1);
      expect([pause, await send('post')]).toEqual([pause, 'not asked']);
      vi.advanceTimersByTime(1);
      expect(await send('post')).toBe('upstream_unavailable');
    }
    expect(fake.requests).toHaveLength(7);
    vi.advanceTimersByTime(30 * SECOND);
    answer(ok);
    expect(await send()).toBe('ok');
    answer(down);
    await sendMany(5, 'post');
    expect(events.at(-1)).toMatchObject({ event: 'circuit_open', pauseMs: SECOND });
  });

  verifies('breaker.probe', 'lets the next call try when the client of a probe leaves', async () => {
    await opened();
    vi.advanceTimersByTime(SECOND);
    answer(() => undefined);
    const client = new AbortController();
    const probe = send('get', client.signal);
    await expect.poll(() => fake.requests.length).toBe(1);
    expect(await send()).toBe('not asked');
    client.abort();
    expect(await probe).toBe('cancelled');
    expect(events.at(-1)).toMatchObject({ event: 'circuit_half_open' });
    answer(ok);
    expect(await send()).toBe('ok');
  });

  verifies('breaker.probe', 'does not let one slow probe decide for everybody', async () => {
    await opened();
    vi.advanceTimersByTime(SECOND);
    const held: ServerResponse[] = [];
    answer((response) => held.push(response));
    const slow = send('post');
    await expect.poll(() => held.length).toBe(1);
    vi.advanceTimersByTime(5 * SECOND);
    const next = send('post');
    await expect.poll(() => held.length).toBe(2);
    expect(await send()).toBe('not asked');
    held.slice(0, 1).forEach(down);
    expect(await slow).toBe('upstream_unavailable');
    expect(await send()).toBe('not asked');
    held.slice(1).forEach(ok);
    expect(await next).toBe('ok');
    answer(ok);
    expect(await send()).toBe('ok');
  });

  verifies('breaker.probe', 'is closed by any call from before that is answered after all', async () => {
    const held: ServerResponse[] = [];
    answer((response) => held.push(response));
    const [failing, late] = [send('post'), send('post')];
    await expect.poll(() => held.length).toBe(2);
    await opened();
    held.slice(0, 1).forEach(down);
    expect(await failing).toBe('upstream_unavailable');
    expect(events).toHaveLength(1);
    held.slice(1).forEach(ok);
    expect(await late).toBe('ok');
    answer(ok);
    expect(await send()).toBe('ok');
  });
});

describe('an API that fails for one person alone', () => {
  /** Fails for persons whose name begins with `bad`. */
  const failsForSome = () => {
    fake.api = ({ headers }, response) =>
      headers.authorization?.startsWith('Bearer bad') ? down(response) : ok(response);
  };

  verifies('breaker.others', 'is asked for all others, however often that one fails', async () => {
    failsForSome();
    const others: string[] = [];
    for (let i = 0; i < 40; i++) {
      for (let n = 0; n < 3; n++) await sendAs('bad');
      others.push(await sendAs(`usr_${i % 3}`));
      vi.advanceTimersByTime(250);
    }
    expect(new Set(others)).toEqual(new Set(['ok']));
    expect(events.filter(({ of }) => of === 'all')).toEqual([]);
  });

  verifies('breaker.others', 'is asked for others who come after failures without any answer in between', async () => {
    failsForSome();
    for (let i = 0; i < 100; i++) {
      await sendAs('bad');
      vi.advanceTimersByTime(250);
    }
    expect(await sendAs('usr_1')).toBe('ok');
    // One failure of somebody else is not enough.
    await Promise.all(Array.from({ length: 10 }, () => sendAs('bad')));
    expect(await sendAs('bad_too')).toBe('upstream_unavailable');
    expect(await sendAs('usr_1')).toBe('ok');
  });

  verifies('breaker.others', 'keeps others waiting for a second at most when several fail', async () => {
    failsForSome();
    for (let i = 0; i < 60; i++) {
      await Promise.all([sendAs('bad_1'), sendAs('bad_2')]);
      vi.advanceTimersByTime(500);
    }
    expect(events.find(({ of }) => of === 'all')).toMatchObject({ event: 'circuit_open' });
    expect(await sendAs('usr_1')).toBe('ok');
    expect(events.at(-1)).toMatchObject({ event: 'circuit_closed', of: 'all' });
  });
});

describe('an API that fails for everybody', () => {
  const five = () => Promise.all(['a', 'b', 'c', 'd', 'e'].map(sendAs));

  verifies(
    ['breaker.opens', 'breaker.others'],
    'is left alone by all after five calls, whoever made them',
    async () => {
      answer(down);
      expect(new Set(await five())).toEqual(new Set(['upstream_unavailable']));
      expect(events).toEqual([{ event: 'circuit_open', host: new URL(fake.url).host, of: 'all' }]);
      fake.requests.length = 0;
      expect([await sendAs('a'), await sendAs('somebody')]).toEqual(['not asked', 'not asked']);
      expect(fake.requests).toEqual([]);
    },
  );

  verifies(['breaker.probe', 'breaker.others'], 'is tried by each after a pause of their own, once', async () => {
    answer(down);
    await five();
    vi.advanceTimersByTime(SECOND);
    fake.requests.length = 0;
    const calls = Array.from({ length: 20 }, () => sendAs('a'));
    expect((await Promise.all(calls)).toSorted()).toEqual([...Array(19).fill('not asked'), 'upstream_unavailable']);
    expect(fake.requests).toHaveLength(1);
    // The pause of that one is twice as long now, and that of others is over.
    vi.advanceTimersByTime(SECOND);
    expect([await sendAs('a'), await sendAs('b')]).toEqual(['not asked', 'upstream_unavailable']);
    answer(ok);
    expect([await sendAs('somebody'), await sendAs('a'), await sendAs('b')]).toEqual(['ok', 'ok', 'ok']);
    const host = new URL(fake.url).host;
    expect(events).toEqual([
      { event: 'circuit_open', host, of: 'all' },
      { event: 'circuit_closed', host, of: 'all' },
    ]);
  });
});
