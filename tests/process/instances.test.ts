import { afterEach, beforeEach, describe, expect } from 'vitest';
import { ENVIRONMENT_IDS } from '../../src/sandbox/data/ids.ts';
import { builtServer } from '../fixtures/built.ts';
import { load } from '../fixtures/load.ts';
import { runScript, type ServerProcess } from '../fixtures/process.ts';
import { hasRedis, REDIS_NOTE, type RedisServer, startRedis } from '../fixtures/redis.ts';
import { type RoundRobin, roundRobin } from '../fixtures/round-robin.ts';
import { callTool } from '../fixtures/rpc.ts';
import { type SharedScalekit, sharedScalekit } from '../fixtures/scalekit-process.ts';
import { toolCaller } from '../fixtures/tool-caller.ts';
import { verifies } from '../verifies.ts';

const built = builtServer();
const POINTS = 12;
const ROUNDS = 50;
const CONFIG = { environmentId: ENVIRONMENT_IDS.development, configId: 'cfg_71204418093065303' };
const ACCOUNT = { environmentId: ENVIRONMENT_IDS.development, connectedAccountId: 'ca_71204418093065101' };

/** A process that serves, and where. */
interface Instance {
  readonly server: ServerProcess;
  readonly url: string;
}

describe.skipIf(!hasRedis)(`instances behind a proxy, with Redis${REDIS_NOTE}`, () => {
  let scalekit: SharedScalekit;
  let redis: RedisServer;
  let proxy: RoundRobin | undefined;
  const instances: Instance[] = [];

  beforeEach(async () => {
    [scalekit, redis] = await Promise.all([sharedScalekit(), startRedis()]);
  });
  afterEach(async () => {
    await proxy?.close();
    for (const { server } of instances.splice(0)) {
      server.child.kill('SIGKILL');
      await server.exit();
    }
    await Promise.all([scalekit.close(), redis.stop()]);
  });

  async function start(env: Record<string, string> = {}): Promise<Instance> {
    const server = runScript(built.script, {
      env: { ...scalekit.env, AUDIT_LOG: 'off', RATE_LIMIT: 'off', REDIS_URL: redis.url, ...env },
    });
    const { url } = await server.event('ready');
    const instance = { server, url: String(url) };
    instances.push(instance);
    return instance;
  }

  async function startTwo(env: Record<string, string> = {}) {
    const [one, two] = await Promise.all([start(env), start(env)]);
    proxy = await roundRobin([one.url, two.url]);
    return { one, two, proxy };
  }

  const limited = {
    RATE_LIMIT: JSON.stringify({ default: { points: POINTS, seconds: 900 } }),
  };
  const ask = (url: string, token: string) =>
    callTool(`${url}/mcp`, 'legacy', 'whoami', {}, { token }).then(({ status }) => status);
  /** How many reads the caller may send there until it has to wait. Uses them up. */
  async function left(url: string, token: string): Promise<number> {
    for (let count = 0; ; count++) if ((await ask(url, token)) === 429) return count;
  }
  const acts = (end: string) => scalekit.requests.filter(({ method, url }) => method !== 'GET' && url.endsWith(end));

  verifies('instances.limits', 'count a caller together: the allowance is one in all', async () => {
    const { one, two, proxy } = await startTwo(limited);
    const token = await scalekit.token();
    expect(await left(proxy.url, token)).toBe(POINTS);
    for (const { url } of [one, two]) {
      expect(await ask(url, token)).toBe(429);
      expect(proxy.answered.get(url)).toBeGreaterThanOrEqual(POINTS / 2);
    }
  });

  verifies('instances.confirmations', 'take each other’s confirmations, once, whoever is asked again', async () => {
    const { one, two, proxy } = await startTwo();
    const token = await scalekit.token();
    const [atOne, atTwo, atProxy] = [one, two, proxy].map(({ url }) => toolCaller(url, token));
    if (atOne === undefined || atTwo === undefined || atProxy === undefined) throw new Error('Nobody is there.');
    const { confirmation } = (await atOne('delete_mcp_config', CONFIG)).error;
    const confirmed = { ...CONFIG, confirmation };
    expect((await atTwo('delete_mcp_config', confirmed)).data).toEqual({ deleted_id: CONFIG.configId });
    for (const call of [atOne, atTwo, atProxy]) {
      expect((await call('delete_mcp_config', confirmed)).error).toMatchObject({ code: 'confirmation_invalid' });
    }
    expect(acts(CONFIG.configId)).toHaveLength(1);

    for (let round = 1; round <= ROUNDS; round++) {
      const shown = (await atProxy('disconnect_connected_account', ACCOUNT)).error;
      const both = [atOne, atTwo].map((call) =>
        call('disconnect_connected_account', { ...ACCOUNT, confirmation: shown.confirmation }),
      );
      const refused = (await Promise.all(both)).filter(({ error }) => error?.code === 'confirmation_invalid');
      expect({ round, refused: refused.length, acts: acts(':disconnect').length }).toEqual({
        round,
        refused: 1,
        acts: round,
      });
    }
  });

  verifies('instances.redis-lost', 'degrade as written when Redis is lost, and recover when it is back', async () => {
    const { one, two } = await startTwo(limited);
    const token = await scalekit.token();
    const [atOne, atTwo] = [toolCaller(one.url, token), toolCaller(two.url, token)];
    const { confirmation } = (await atOne('delete_mcp_config', CONFIG)).error;
    const { port } = redis;
    await redis.stop();
    for (const { server } of [one, two]) await server.event('limits_store_lost');

    expect((await atTwo('delete_mcp_config', { ...CONFIG, confirmation })).error).toMatchObject({
      code: 'confirmation_unavailable',
      retryable: true,
      message: expect.stringMatching(/^Nothing was changed/),
    });
    expect(acts(CONFIG.configId)).toEqual([]);
    expect((await atTwo('list_environments')).data.environments).not.toEqual([]);
    // Each counts for itself, and still counts: a destructive call is 5 points, a read 1.
    expect(await left(one.url, token)).toBe(POINTS);
    expect(await left(two.url, token)).toBe(POINTS - 6);
    for (const { server } of [one, two]) expect(server.events('limits_store_lost')).toHaveLength(1);

    redis = await startRedis(port);
    for (const { server } of [one, two]) await server.event('limits_store_back');
    // With another token: for the first one, each instance remembers that it has to wait.
    const other = await scalekit.token('environment:read environment:write');
    const shown = (await toolCaller(one.url, other)('delete_mcp_config', CONFIG)).error;
    const confirmed = { ...CONFIG, confirmation: shown.confirmation };
    expect([await ask(one.url, other), await ask(two.url, other)]).toEqual([200, 200]);
    expect((await toolCaller(two.url, other)('delete_mcp_config', confirmed)).data).toBeDefined();
    expect(acts(CONFIG.configId)).toHaveLength(1);
  });

  verifies('instances.one-dies', 'lose no call but those in flight when one of them dies under load', async () => {
    const { one, proxy } = await startTwo();
    scalekit.sandbox.faults.latency(150);
    let goesOn = true;
    const clients = load({ url: proxy.url, token: await scalekit.token(), clients: 24, goesOn: () => goesOn });
    await expect.poll(() => clients.seen.right).toBeGreaterThan(100);
    await expect.poll(() => proxy.inFlight(one.url)).toBeGreaterThan(4);
    one.server.child.kill('SIGKILL');
    await one.server.exit();
    const diedBy = performance.now();
    const before = clients.seen.right;
    await expect.poll(() => clients.seen.right).toBeGreaterThan(before + 100);
    goesOn = false;
    await clients.done;

    expect(proxy.broken.length).toBeGreaterThan(0);
    for (const { backend, startedAt } of proxy.broken) {
      expect(backend).toBe(one.url);
      expect(startedAt).toBeLessThan(diedBy);
    }
    expect(clients.seen.wrong).toEqual(proxy.broken.map(() => '502 {}'));
  });

  verifies('instances.one-stops', 'lose no call at all when one of them is told to stop under load', async () => {
    const { one, proxy } = await startTwo({ DRAIN_DELAY_MS: '10000', DRAIN_TIMEOUT_MS: '600000' });
    scalekit.sandbox.faults.latency(150);
    let goesOn = true;
    const clients = load({ url: proxy.url, token: await scalekit.token(), clients: 24, goesOn: () => goesOn });
    await expect.poll(() => clients.seen.right).toBeGreaterThan(100);
    one.server.child.kill('SIGTERM');
    expect(await one.server.exit()).toBe(0);
    const before = clients.seen.right;
    await expect.poll(() => clients.seen.right).toBeGreaterThan(before + 100);
    goesOn = false;
    await clients.done;
    expect({ wrong: clients.seen.wrong, broken: proxy.broken }).toEqual({ wrong: [], broken: [] });
  });
});
