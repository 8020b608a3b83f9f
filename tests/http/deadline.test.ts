import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { path } from '../../src/platform/path.ts';
import { connectScalekit, type Scalekit } from '../../src/scalekit/scalekit.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { SILENT } from '../fixtures/silent-log.ts';
import { UNOBSERVED } from '../fixtures/unobserved.ts';
import { verifies } from '../verifies.ts';

const TIMEOUT_MS = 50_000;
const NEVER = new AbortController().signal;
const LATE = { code: 'upstream_timeout', recovery: { retryable: true } };

let fake: FakeScalekit;
let scalekit: Scalekit;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  fake = await FakeScalekit.start();
});
afterEach(async () => {
  vi.useRealTimers();
  await scalekit.close();
  await fake.close();
});

function connect(kind: 'workspace' | 'environment') {
  const mode =
    kind === 'workspace'
      ? { kind, apiUrl: `${fake.url}/api/v1` }
      : { kind, clientId: 'skc_1', clientSecret: 'its-secret', secretSetting: 'SCALEKIT_CLIENT_SECRET' as const };
  scalekit = connectScalekit({ config: { environmentUrl: fake.url, mode }, timeoutMs: TIMEOUT_MS, log: SILENT });
}

/** The start of a tool call. */
function bind({
  environmentId = 'env_1' as string | undefined,
  token = 'a',
  signal = NEVER,
  deadlineMs = undefined as number | undefined,
} = {}) {
  return scalekit.bind({
    caller: { key: 'usr_1', person: 'usr_1', bearer: () => token },
    environmentId,
    idempotent: true,
    signal,
    deadlineMs,
    ...UNOBSERVED,
  });
}

const get = (options?: Parameters<typeof bind>[0]) => bind(options).api.get(path`/things`);
const domain = (response: ServerResponse) => json(response, 200, { environment: { domain: 'a.example.com' } });
const isLookUp = (url: string) => url.includes('/environments/');

/** Holds look-ups back until the test answers them. */
function holdLookUps(): ServerResponse[] {
  const held: ServerResponse[] = [];
  fake.api = ({ url }, response) => {
    if (isLookUp(url)) held.push(response);
    else json(response, 200, {});
  };
  return held;
}

describe('the deadline of a call', () => {
  verifies('api.deadline', 'is one for the look-up and what follows it', async () => {
    connect('workspace');
    fake.api = ({ url }, response) => {
      if (!isLookUp(url)) return json(response, 200, {});
      vi.advanceTimersByTime(TIMEOUT_MS);
      return domain(response);
    };
    await expect(get()).rejects.toMatchObject(LATE);
    expect(fake.operations).toEqual([]);
    expect(await get()).toEqual({});
  });

  verifies('api.deadline', 'is one for all requests of a tool, whichever part of it asks', async () => {
    connect('workspace');
    fake.serveApi((_request, response) => {
      vi.advanceTimersByTime(TIMEOUT_MS / 2);
      json(response, 200, {});
    });
    const { api, environmentUrl } = bind();
    await api.get(path`/things`);
    await api.post(path`/things`, {});
    await expect(api.get(path`/things`)).rejects.toMatchObject(LATE);
    expect(await environmentUrl()).toBe('https://env-1.example.com');
    expect(fake.operations).toHaveLength(2);
  });

  verifies('api.deadline', 'is as long as the call says', async () => {
    connect('workspace');
    fake.serveApi((_request, response) => {
      vi.advanceTimersByTime(TIMEOUT_MS);
      json(response, 200, {});
    });
    const patient = bind({ deadlineMs: 2 * TIMEOUT_MS });
    await patient.api.get(path`/things`);
    await patient.api.get(path`/things`);
    await expect(patient.api.get(path`/things`)).rejects.toMatchObject(LATE);
    expect(fake.operations).toHaveLength(2);
  });

  verifies('api.deadline', 'is one for the environment’s token and what follows it', async () => {
    connect('environment');
    fake.token = (_request, response) => {
      vi.advanceTimersByTime(TIMEOUT_MS);
      json(response, 200, { access_token: 'late', expires_in: 3600 });
    };
    await expect(get({ environmentId: undefined })).rejects.toMatchObject(LATE);
    expect(fake.requests).toEqual([]);
    fake.api = (_request, response) => json(response, 200, {});
    expect(await get({ environmentId: undefined })).toEqual({});
  });

  verifies(
    ['api.deadline', 'api.credentials'],
    'does not begin anew with a token that had to be replaced',
    async () => {
      connect('environment');
      fake.api = (_request, response) => {
        vi.advanceTimersByTime(TIMEOUT_MS);
        json(response, 401, {});
      };
      await expect(get({ environmentId: undefined })).rejects.toMatchObject(LATE);
      expect(fake.requests).toHaveLength(1);
    },
  );

  verifies(['api.deadline', 'api.directory'], 'is left to each call that waits for the same look-up', async () => {
    connect('workspace');
    const held = holdLookUps();
    const early = bind();
    vi.advanceTimersByTime(TIMEOUT_MS - 1);
    const late = get();
    await expect.poll(() => held.length).toBe(1);
    await expect(early.api.get(path`/things`)).rejects.toMatchObject(LATE);
    held.forEach(domain);
    expect(await late).toEqual({});
    expect(held).toHaveLength(1);
  });

  verifies(['api.deadline', 'api.credentials'], 'is left to each call that waits for the same token', async () => {
    connect('environment');
    const held: ServerResponse[] = [];
    fake.token = (_request, response) => {
      held.push(response);
    };
    fake.api = (_request, response) => json(response, 200, {});
    const early = bind();
    vi.advanceTimersByTime(TIMEOUT_MS - 1);
    const late = get();
    await expect.poll(() => held.length).toBe(1);
    await expect(early.api.get(path`/things`)).rejects.toMatchObject(LATE);
    for (const response of held) json(response, 200, { access_token: 'good', expires_in: 3600 });
    expect(await late).toEqual({});
  });

  verifies(
    ['api.directory', 'wire.early-close'],
    'comes with the end of its client, which the other calls do not notice',
    async () => {
      connect('workspace');
      const held = holdLookUps();
      const client = new AbortController();
      const [gone, patient] = [get({ signal: client.signal }), get()];
      await expect.poll(() => held.length).toBe(1);
      client.abort();
      await expect(gone).rejects.toMatchObject({ code: 'cancelled' });
      await expect(get({ signal: client.signal })).rejects.toMatchObject({ code: 'cancelled' });
      held.forEach(domain);
      expect(await patient).toEqual({});
      expect(fake.operations).toHaveLength(1);
    },
  );
});

verifies('api.turns', 'nobody waits for a turn while another one looks its environment up again', async () => {
  connect('workspace');
  fake.api = ({ url }, response) => (isLookUp(url) ? domain(response) : json(response, 200, {}));
  const { api } = bind({ deadlineMs: 3 * TIMEOUT_MS });
  await api.inTurn(path`/things`, async () => {
    vi.advanceTimersByTime(2 * 60_000);
    await api.get(path`/things`);
  });
  expect(fake.requests.filter(({ url }) => isLookUp(url))).toHaveLength(1);
});

describe('closing', () => {
  verifies('process.drain', 'ends what hangs, look-ups and their pauses included', async () => {
    connect('workspace');
    fake.api = ({ url }, response) => {
      if (url.endsWith('/env_paused')) json(response, 503, {}, { 'retry-after': '49' });
    };
    const calls = ['env_hanging', 'env_paused', undefined].map((environmentId) =>
      get({ environmentId }).catch((error: unknown) => error),
    );
    await expect.poll(() => fake.requests.length).toBe(3);
    await scalekit.close();
    for (const error of await Promise.all(calls)) expect(error).toHaveProperty('name', 'ToolError');
  });
});

describe('look-ups at the same time', () => {
  it('are not reported as a leak, however many they are', async () => {
    connect('workspace');
    const warnings: Error[] = [];
    const collect = (warning: Error) => warnings.push(warning);
    process.on('warning', collect);
    const held = holdLookUps();
    const calls = Array.from({ length: 30 }, (_, i) =>
      get({ environmentId: `env_${i}`, signal: new AbortController().signal }),
    );
    await expect.poll(() => held.length).toBe(30);
    held.forEach(domain);
    await Promise.all(calls);
    process.off('warning', collect);
    expect(warnings).toEqual([]);
  });
});
