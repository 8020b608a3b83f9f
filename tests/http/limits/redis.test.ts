import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { probeTools } from '../../fixtures/probe-tools.ts';
import { freePort, hasRedis, REDIS_NOTE, type RedisServer, startRedis } from '../../fixtures/redis.ts';
import { callTool, rpc } from '../../fixtures/rpc.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { FakeScalekit } from '../../fixtures/scalekit.ts';
import { verifies } from '../../verifies.ts';

const POINTS = 10;
const RATE_LIMIT = JSON.stringify({
  default: { points: POINTS, seconds: 900 },
  failures: { points: 3, seconds: 900 },
});
const { probe, tools } = probeTools();

describe.skipIf(!hasRedis)(`limits on Redis${REDIS_NOTE}`, () => {
  let scalekit: FakeScalekit;
  let redis: RedisServer | undefined;
  const servers: TestServer[] = [];

  beforeEach(async () => {
    scalekit = await FakeScalekit.start();
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
    redis?.resume();
    await redis?.stop();
    redis = undefined;
    await scalekit.close();
  });

  async function instance(redisUrl: string, env: Record<string, string> = {}): Promise<TestServer> {
    const server = await running({ ...scalekit.env, RATE_LIMIT, REDIS_URL: redisUrl, ...env }, tools);
    servers.push(server);
    return server;
  }

  const ask = (server: TestServer, token: string) =>
    rpc(`${server.url}/mcp`, 'legacy', 'tools/list', {}, { token }).then(({ status }) => status);

  /** How many messages a caller has left at an instance. Uses them up. */
  async function left(server: TestServer, token: string): Promise<number> {
    for (let count = 0; ; count++) if ((await ask(server, token)) === 429) return count;
  }

  const events = (server: TestServer, name: string) => server.lines.filter(({ event }) => event === name);

  verifies('limits.redis', 'are counted by all instances together for each person', async () => {
    redis = await startRedis();
    const [one, two] = [await instance(redis.url), await instance(redis.url)];
    const token = await scalekit.mint();
    for (let i = 0; i < POINTS - 2; i++) expect(await ask(one, token)).toBe(200);
    expect(await left(two, token)).toBe(2);
    expect(await ask(one, token)).toBe(429);
    expect([...events(one, 'limits_store_lost'), ...events(two, 'limits_store_lost')]).toEqual([]);
  });

  verifies('limits.redis', 'stand under digests, with nobody’s name, and go away by themselves', async () => {
    redis = await startRedis();
    const server = await instance(redis.url);
    await ask(server, await scalekit.mint({ claims: { sub: 'usr_private', client_id: 'm2m_private' } }));
    await ask(server, 'bad');
    const client = new Redis(redis.url);
    const keys = (await client.keys('*')).filter((key) => !key.includes(':confirmation:'));
    expect(keys).toEqual([expect.stringMatching(/^scalekit-mcp:lists:default:[\w-]{43}$/)]);
    for (const key of keys) {
      expect(await client.ttl(key)).toBeGreaterThan(840);
      expect(await client.get(key)).toBe('1');
    }
    client.disconnect();
  });

  verifies('limits.redis-bounded', 'leave nothing in Redis for addresses, nor for clients of one person', async () => {
    redis = await startRedis();
    const server = await instance(redis.url, { TRUST_PROXY: '1' });
    const client = new Redis(redis.url);
    const before = await client.keys('*');
    for (let i = 0; i < 300; i++) {
      const headers = { 'x-forwarded-for': `2001:db8:${i.toString(16)}::1` };
      expect((await rpc(`${server.url}/mcp`, 'legacy', 'tools/list', {}, { token: 'bad', headers })).status).toBe(401);
    }
    expect(await client.keys('*')).toEqual(before);
    const claims = (number: number) => ({ sub: 'usr_many', client_id: `m2m_${number}`, oid: `org_${number}` });
    for (let i = 0; i < POINTS; i++) await ask(server, await scalekit.mint({ claims: claims(i) }));
    expect(await client.dbsize()).toBe(before.length + 1);
    client.disconnect();
  });

  verifies('limits.redis-lost', 'stay closed when Redis is lost, and are shared again when it is back', async () => {
    redis = await startRedis();
    const server = await instance(redis.url);
    const token = await scalekit.mint();
    expect(await ask(server, token)).toBe(200);
    const { port } = redis;
    await redis.stop();
    await expect.poll(() => events(server, 'limits_store_lost')).toHaveLength(1);
    expect(await left(server, token)).toBe(POINTS);
    for (let i = 0; i < 3; i++) expect(await ask(server, 'bad')).toBe(401);
    expect(await ask(server, 'bad')).toBe(429);

    redis = await startRedis(port);
    await expect.poll(() => events(server, 'limits_store_back')).toHaveLength(1);
    const another = await instance(redis.url);
    const other = await scalekit.mint({ claims: { sub: 'usr_2' } });
    expect(await ask(another, other)).toBe(200);
    expect(await left(server, other)).toBe(POINTS - 1);
    expect(events(server, 'limits_store_lost')).toEqual([
      expect.objectContaining({ level: 'warn', error: expect.any(String), notice: expect.stringContaining('Redis') }),
    ]);
    expect(events(server, 'limits_store_back')).toEqual([expect.objectContaining({ level: 'warn' })]);
  });

  verifies('limits.redis-lost', 'do not wait for a Redis that hangs', async () => {
    redis = await startRedis();
    const server = await instance(redis.url);
    const token = await scalekit.mint();
    expect(await ask(server, token)).toBe(200);
    redis.hang();
    expect(await Promise.all(Array.from({ length: POINTS }, () => ask(server, token)))).toEqual(
      Array(POINTS).fill(200),
    );
    expect(await ask(server, token)).toBe(429);
    expect(events(server, 'limits_store_lost')).toHaveLength(1);
    redis.resume();
    await expect.poll(() => events(server, 'limits_store_back')).toHaveLength(1);
    expect(await ask(server, await scalekit.mint({ claims: { sub: 'usr_2' } }))).toBe(200);
  });

  verifies('limits.redis-lost', 'do not take a process that is busy for a Redis that hangs', async () => {
    redis = await startRedis();
    const server = await instance(redis.url);
    const token = await scalekit.mint();
    const asked = Array.from({ length: 10 }, () => ask(server, token));
    // What was asked is under way at one of these moments, and its answer arrives while nobody listens.
    for (let i = 0; i < 8; i++) {
      const until = performance.now() + 600;
      while (performance.now() < until);
      await nextTurn();
    }
    await Promise.all(asked);
    expect(events(server, 'limits_store_lost')).toEqual([]);
  });

  verifies('limits.redis-lost', 'stay closed when Redis refuses to count', async () => {
    redis = await startRedis();
    const server = await instance(redis.url);
    const client = new Redis(redis.url);
    await client.config('SET', 'maxmemory', '1');
    const token = await scalekit.mint();
    expect(await left(server, token)).toBe(POINTS);
    expect(events(server, 'limits_store_lost')).toEqual([
      expect.objectContaining({ error: expect.stringContaining('OOM') }),
    ]);
    await client.config('SET', 'maxmemory', '0');
    const other = await scalekit.mint({ claims: { sub: 'usr_2' } });
    expect(await left(server, other)).toBe(POINTS);
    expect(events(server, 'limits_store_back')).toHaveLength(1);
    client.disconnect();
  });

  verifies('limits.redis-lost', 'need no Redis to start, and use it once it is there', async () => {
    const port = await freePort();
    const server = await instance(`redis://127.0.0.1:${port}`);
    expect(await left(server, await scalekit.mint())).toBe(POINTS);
    expect(events(server, 'limits_store_lost')).toHaveLength(1);
    redis = await startRedis(port);
    await expect.poll(() => events(server, 'limits_store_back')).toHaveLength(1);
    const another = await instance(redis.url);
    const token = await scalekit.mint({ claims: { sub: 'usr_2' } });
    expect(await ask(server, token)).toBe(200);
    expect(await left(another, token)).toBe(POINTS - 1);
  });

  verifies('limits.redis-lost', 'say why Redis does not let this server in, but not with which password', async () => {
    redis = await startRedis();
    const server = await instance(`redis://user:s3cret@127.0.0.1:${redis.port}`);
    expect(await left(server, await scalekit.mint())).toBe(POINTS);
    expect(events(server, 'limits_store_lost')).toEqual([
      expect.objectContaining({ error: expect.stringContaining('WRONGPASS') }),
    ]);
    expect(server.logText()).not.toContain('s3cret');
  });

  verifies('limits.redis-reason', 'say what keeps Redis away when that is not what took it away', async () => {
    const port = await freePort();
    const server = await instance(`redis://user:s3cret@127.0.0.1:${port}`);
    expect(events(server, 'limits_store_lost')).toHaveLength(1);
    redis = await startRedis(port);
    const wrong = () =>
      events(server, 'limits_store_reason').filter(({ error }) => String(error).includes('WRONGPASS'));
    await expect.poll(wrong, { timeout: 5_000 }).toEqual([expect.objectContaining({ level: 'warn' })]);
    const client = new Redis(redis.url);
    const attempts = async () => Number(/total_connections_received:(\d+)/.exec(await client.info('stats'))?.[1]);
    const before = await attempts();
    await expect.poll(attempts, { timeout: 10_000 }).toBeGreaterThan(before + 1);
    expect(wrong()).toHaveLength(1);
    expect(events(server, 'limits_store_lost')).toHaveLength(1);
    await client.acl('SETUSER', 'user', 'on', '>s3cret', '~*', '&*', '+@all');
    await expect.poll(() => events(server, 'limits_store_back'), { timeout: 5_000 }).toHaveLength(1);
    expect(server.logText()).not.toContain('s3cret');
    client.disconnect();
  });

  verifies(
    ['limits.redis-lost', 'wire.cancel'],
    'do not run a call whose client left while Redis was asked',
    async () => {
      redis = await startRedis();
      const link = await linkTo(redis.port);
      const server = await instance(`redis://127.0.0.1:${link.port}`);
      const token = await scalekit.mint();
      expect(await ask(server, token)).toBe(200);
      link.hold();
      const controller = new AbortController();
      const options = { token, signal: controller.signal };
      const call = callTool(`${server.url}/mcp`, 'legacy', 'probe_slow', { label: 'left' }, options);
      const left = expect(call).rejects.toThrow();
      await expect.poll(() => link.held()).toBeGreaterThan(0);
      controller.abort();
      await left;
      await expect.poll(() => events(server, 'limits_store_lost')).toHaveLength(1);
      expect(await ask(server, token)).toBe(200);
      expect(probe.started).toEqual([]);
      link.close();
    },
  );
});

/** A way to Redis that can be told to let nothing through. */
async function linkTo(redisPort: number) {
  let isHolding = false;
  let held = 0;
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const redis = connect(redisPort, '127.0.0.1');
    sockets.push(socket, redis);
    for (const end of [socket, redis]) end.on('error', () => undefined);
    redis.pipe(socket);
    socket.on('data', (bytes) => {
      if (isHolding) held++;
      else redis.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    hold: () => {
      isHolding = true;
    },
    held: () => held,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
