import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, vi } from 'vitest';
import { CircuitBreaker } from '../../src/outgoing/circuit-breaker.ts';
import { createDispatcher, type Dispatcher } from '../../src/outgoing/dispatcher.ts';
import { ClientToken } from '../../src/scalekit/client-token.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { SILENT } from '../fixtures/silent-log.ts';
import { verifies } from '../verifies.ts';

let fake: FakeScalekit;
let dispatcher: Dispatcher;
let token: ClientToken;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  fake = await FakeScalekit.start();
  dispatcher = createDispatcher(fake.url);
  const breaker = new CircuitBreaker({ host: 'fake', log: SILENT });
  const client = { environmentUrl: fake.url, clientId: 'skc_1', clientSecret: 'its-secret' };
  token = new ClientToken({ ...client, secretSetting: 'SCALEKIT_CLIENT_SECRET', dispatcher, breaker });
});
afterEach(async () => {
  vi.useRealTimers();
  await dispatcher.destroy();
  await fake.close();
});

const SECOND = 1_000;

describe('the environment’s token', () => {
  verifies.each('api.credentials', [
    [3600, 3540],
    [120, 60],
    [60, 30],
  ])('that lives for %s seconds is used for %i', async (lifetime, used) => {
    fake.token = (_request, response) => json(response, 200, { access_token: 'good', expires_in: lifetime });
    expect(token.current()).toBeUndefined();
    expect(await token.fetch('usr_1')).toBe('good');
    vi.advanceTimersByTime(used * SECOND - 1);
    expect(token.current()).toBe('good');
    vi.advanceTimersByTime(1);
    expect(token.current()).toBeUndefined();
  });

  verifies('api.version', 'is asked for with the version of the API', async () => {
    const versions: unknown[] = [];
    fake.token = (request, response) => {
      versions.push(request.headers['x-api-version']);
      json(response, 201, { access_token: 'good' });
    };
    expect(await token.fetch('usr_1')).toBe('good');
    expect(versions).toEqual(['20261012']);
  });

  verifies('api.credentials', 'that does not say how long it lives is used once', async () => {
    fake.token = (_request, response) => json(response, 200, { access_token: 'good' });
    expect(await token.fetch('usr_1')).toBe('good');
    expect(token.current()).toBeUndefined();
  });

  verifies('api.credentials-refused', 'is replaced when it was refused, at most once in ten seconds', async () => {
    let issued = 0;
    fake.token = (_request, response) => json(response, 200, { access_token: `t${++issued}`, expires_in: 3600 });
    await token.fetch('usr_1');
    expect(token.discard('t1')).toBe(true);
    expect(token.current()).toBeUndefined();
    await token.fetch('usr_1');
    // Whoever sent the one before tries again with the new one.
    expect(token.discard('t1')).toBe(true);
    vi.advanceTimersByTime(10 * SECOND - 1);
    expect(token.discard('t2')).toBe(false);
    expect(token.current()).toBe('t2');
    vi.advanceTimersByTime(1);
    expect(token.discard('t2')).toBe(true);
    expect(token.current()).toBeUndefined();
  });

  verifies('api.credentials', 'counts its life from the moment at which it was asked for', async () => {
    fake.token = (_request, response) => {
      vi.advanceTimersByTime(30 * SECOND);
      json(response, 200, { access_token: 'good', expires_in: 3600 });
    };
    await token.fetch('usr_1');
    vi.advanceTimersByTime(3510 * SECOND);
    expect(token.current()).toBeUndefined();
  });

  verifies.each<[string, (response: ServerResponse) => void, Record<string, unknown>]>(
    ['api.credentials', 'api.failures'],
    [
      [
        'busy',
        (response) => json(response, 429, {}, { 'retry-after': '7' }),
        { code: 'rate_limited', retryAfterMs: 7000 },
      ],
      [
        'down',
        (response) => json(response, 503, { error: 'down' }, { 'retry-after': '7' }),
        { code: 'upstream_unavailable', retryable: true, retryAfterMs: 7000 },
      ],
      ['failing', (response) => json(response, 500, {}), { code: 'upstream_error', retryable: true }],
      [
        'behind a page',
        (response) => response.writeHead(502).end('<html></html>'),
        { code: 'upstream_unavailable', retryable: true },
      ],
      ['gone', (response) => response.destroy(), { code: 'upstream_unavailable' }],
      ['no endpoint', (response) => response.writeHead(200).end('<html></html>'), { code: 'unexpected_response' }],
      ['not impressed', (response) => json(response, 401, { error: 'invalid_client' }), { code: 'unauthenticated' }],
      ['empty', (response) => json(response, 200, {}), { code: 'unauthenticated' }],
    ],
  )('whose endpoint is %s fails as what it is', async (_name, answer, expected) => {
    fake.token = (_request, response) => answer(response);
    const { code, ...recovery } = expected;
    await expect(token.fetch('usr_1')).rejects.toMatchObject({ code, recovery });
    expect(token.current()).toBeUndefined();
  });
});
