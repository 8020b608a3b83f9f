import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { freePort, hasRedis, REDIS_NOTE, type RedisServer, startRedis } from '../fixtures/redis.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit, json, nothingThere } from '../fixtures/scalekit.ts';
import { toolCaller } from '../fixtures/tool-caller.ts';
import { verifies } from '../verifies.ts';

const CONFIG = { environmentId: 'env_1', configId: 'cfg_71204418093065303' };
const ROUNDS = 50;

describe.skipIf(!hasRedis)(`confirmations on Redis${REDIS_NOTE}`, () => {
  let scalekit: FakeScalekit;
  let redis: RedisServer;
  const servers: TestServer[] = [];
  const clients: Redis[] = [];

  beforeEach(async () => {
    [scalekit, redis] = await Promise.all([FakeScalekit.start(), startRedis()]);
    // After each deletion there is nothing, once, and then another config under the same id.
    let isDeleted = false;
    scalekit.serveApi(({ method }, response) => {
      const isGone = method === 'GET' && isDeleted;
      isDeleted = method === 'DELETE';
      if (isGone) return nothingThere(response);
      const shown = { config: { id: CONFIG.configId, name: 'board' }, instances: [] };
      return json(response, 200, method === 'GET' ? shown : {});
    });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.disconnect();
    for (const server of servers.splice(0)) await server.stop();
    redis.resume();
    await redis.stop();
    await scalekit.close();
  });

  /** An instance, as its caller sees it. */
  async function instance(env: Record<string, string> = {}, claims: Record<string, string> = {}) {
    const server = await running({ ...scalekit.env, REDIS_URL: redis.url, ...env });
    servers.push(server);
    const call = toolCaller(server.url, await scalekit.mint({ claims: { scope: 'environment:write', ...claims } }));
    return {
      preview: async () => (await call('delete_mcp_config', CONFIG)).error,
      confirm: (confirmation: string) => call('delete_mcp_config', { ...CONFIG, confirmation }),
      events: (name: string) => server.lines.filter(({ event }) => event === name),
      logText: server.logText,
    };
  }

  const acts = () => scalekit.requests.filter(({ method }) => method === 'DELETE').length;
  const DONE = { data: { deleted_id: CONFIG.configId } };
  /** Refused because its key is gone, and told so: nothing of it says that the call is another one. */
  const OUTDATED = {
    data: undefined,
    error: {
      code: 'confirmation_invalid',
      retryable: false,
      message: expect.stringMatching(
        /cannot be opened with the keys that this server has now: .*its Redis was restarted|lost its memory/,
      ),
    },
  };
  const INVALID = { data: undefined, error: { code: 'confirmation_invalid', retryable: false } };
  const UNAVAILABLE = {
    data: undefined,
    error: {
      code: 'confirmation_unavailable',
      message: expect.stringMatching(/^Nothing was changed/),
      retryable: true,
      retryAfterMs: expect.any(Number),
    },
  };

  function client(): Redis {
    const made = new Redis(redis.url);
    clients.push(made);
    return made;
  }

  verifies('confirm.shared', 'are good at another instance, once', async () => {
    const [one, two] = [await instance(), await instance()];
    const { confirmation } = await one.preview();
    expect(await two.confirm(confirmation)).toMatchObject(DONE);
    expect(await one.confirm(confirmation)).toMatchObject(INVALID);
    expect(await two.confirm(confirmation)).toMatchObject(INVALID);
    expect(acts()).toBe(1);
  });

  verifies('confirm.shared-once', 'let one of two parallel calls at two instances act, every time', async () => {
    const [one, two] = [await instance(), await instance()];
    for (let round = 1; round <= ROUNDS; round++) {
      const { confirmation } = await one.preview();
      const outcomes = await Promise.all([one.confirm(confirmation), two.confirm(confirmation)]);
      const codes = outcomes.map(({ error }) => error?.code ?? 'done').sort();
      expect({ round, codes, acts: acts() }).toEqual({ round, codes: ['confirmation_invalid', 'done'], acts: round });
    }
  });

  verifies('confirm.shared', 'stand under digests, with nobody’s name, and go away by themselves', async () => {
    const one = await instance();
    const { confirmation } = await one.preview();
    await one.confirm(confirmation);
    const keys = (await client().keys('*')).filter((key) => !key.includes(':rate:')).sort();
    expect(keys).toEqual([
      expect.stringMatching(/^scalekit-mcp:confirmation:count:[\w-]{43}$/),
      'scalekit-mcp:confirmation:random',
      expect.stringMatching(/^scalekit-mcp:confirmation:used:[\w-]{43}$/),
    ]);
    const [count = '', key = '', used = ''] = keys;
    expect(await client().ttl(count)).toBeGreaterThan(500);
    expect(await client().ttl(used)).toBeGreaterThan(1_100);
    expect(await client().ttl(key)).toBe(-1);
  });

  verifies('confirm.allowance', 'make a person who confirms too much wait, at any client and instance', async () => {
    const one = await instance();
    const otherClient = await instance({}, { client_id: 'm2m_2', oid: 'org_2' });
    const otherPerson = await instance({}, { sub: 'usr_2' });
    for (const { confirm, preview } of [one, otherClient]) await confirm((await preview()).confirmation);
    const counts = await client().keys('scalekit-mcp:confirmation:count:*');
    expect(counts).toHaveLength(1);
    expect(await client().get(counts[0] ?? '')).toBe('2');
    await client().set(counts[0] ?? '', 1_000, 'KEEPTTL');
    for (const { confirm, preview } of [one, otherClient]) {
      expect((await confirm((await preview()).confirmation)).error).toMatchObject({ code: 'rate_limited' });
    }
    expect(acts()).toBe(2);
    expect(await otherPerson.confirm((await otherPerson.preview()).confirmation)).toMatchObject(DONE);
  });

  verifies(
    'confirm.store-lost',
    'are refused while Redis is lost, before anything is sent, and good again when it is back',
    async () => {
      const [one, two] = [await instance(), await instance()];
      const before = await one.preview();
      redis.hang();
      expect(await two.confirm(before.confirmation)).toMatchObject(UNAVAILABLE);
      // What would be lost is shown all the same.
      expect(await one.preview()).toMatchObject({ code: 'confirmation_required', confirmation: expect.any(String) });
      expect(acts()).toBe(0);
      expect(two.events('limits_store_lost')).toHaveLength(1);
      redis.resume();
      await expect.poll(() => two.events('limits_store_back')).toHaveLength(1);
      const { confirmation } = await one.preview();
      expect(await two.confirm(confirmation)).toMatchObject(DONE);
      expect(acts()).toBe(1);
    },
  );

  verifies.each('confirm.store-reset', ['restarts empty', 'restarts with a snapshot', 'is emptied'] as const)(
    'are good no more when Redis %s, so that none is used twice',
    async (how) => {
      const [one, two] = [await instance(), await instance()];
      const [used, unused] = [await one.preview(), await one.preview()];
      const snapshot = how === 'restarts with a snapshot' ? redis.snapshot() : undefined;
      expect(await one.confirm(used.confirmation)).toMatchObject(DONE);
      if (how === 'is emptied') {
        await client().flushall();
      } else {
        const { port } = redis;
        await redis.stop();
        await expect.poll(() => two.events('limits_store_lost')).toHaveLength(1);
        redis = await startRedis(port, snapshot);
        for (const each of [one, two]) await expect.poll(() => each.events('limits_store_back')).toHaveLength(1);
      }
      for (const { confirmation } of [used, unused]) {
        expect(await one.confirm(confirmation)).toMatchObject(OUTDATED);
        expect(await two.confirm(confirmation)).toMatchObject(OUTDATED);
      }
      expect(acts()).toBe(1);
      const { confirmation } = await one.preview();
      expect(await two.confirm(confirmation)).toMatchObject(DONE);
    },
  );

  verifies(
    'confirm.store-lost',
    'are not given before the instances agree on a key, and are once Redis is there',
    async () => {
      const port = await freePort();
      const one = await instance({ REDIS_URL: `redis://127.0.0.1:${port}` });
      expect(await one.preview()).toMatchObject(UNAVAILABLE.error);
      const late = await startRedis(port);
      await expect.poll(() => one.preview()).toMatchObject({ code: 'confirmation_required' });
      const { confirmation } = await one.preview();
      expect(await one.confirm(confirmation)).toMatchObject(DONE);
      await late.stop();
    },
  );

  verifies('confirm.store-lost', 'are not sealed with what somebody else has put in the place of the key', async () => {
    const run = /run_id:(\w+)/.exec(await client().info('server'))?.[1];
    await client().set('scalekit-mcp:confirmation:random', `${run}.guessable`);
    const one = await instance();
    expect(await one.preview()).toMatchObject(UNAVAILABLE.error);
    expect(one.events('limits_store_lost')).toHaveLength(1);
    expect(one.logText()).not.toContain('guessable');
  });

  verifies('confirm.rotation', 'are sealed by the first of CONFIRMATION_KEYS and opened by all of them', async () => {
    const [old, fresh] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64url')];
    const before = await instance({ CONFIRMATION_KEYS: old });
    const during = await instance({ CONFIRMATION_KEYS: `${fresh},${old}` });
    const after = await instance({ CONFIRMATION_KEYS: fresh });
    expect(await during.confirm((await before.preview()).confirmation)).toMatchObject(DONE);
    expect(await after.confirm((await during.preview()).confirmation)).toMatchObject(DONE);
    expect(await after.confirm((await before.preview()).confirmation)).toMatchObject(OUTDATED);
    for (const key of [old, fresh]) expect(before.logText() + during.logText()).not.toContain(key);
  });
});
