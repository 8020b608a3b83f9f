import { describe, expect } from 'vitest';
import { parseExposition } from '../fixtures/metrics.ts';
import { hasRedis, REDIS_NOTE } from '../fixtures/redis.ts';
import { callTool } from '../fixtures/rpc.ts';
import { twoWorkers } from '../fixtures/workers.ts';
import { verifies } from '../verifies.ts';

const workers = twoWorkers();

async function scrape(url: unknown) {
  const response = await fetch(String(url));
  const text = await response.text();
  return { status: response.status, ok: parseExposition(text).sum('scalekit_mcp_requests_total', { outcome: 'ok' }) };
}

describe.skipIf(!hasRedis)(`the metrics of two workers${REDIS_NOTE}`, () => {
  verifies('workers.metrics', 'are there while workers start', async () => {
    const server = workers.launch({ ...workers.scalekit().env, METRICS_PORT: '0', AUDIT_LOG: 'off' });
    const { url } = await server.event('metrics');
    let scrapes = 0;
    while (server.events('ready').length === 0) {
      expect((await scrape(url)).status).toBe(200);
      scrapes++;
    }
    expect(scrapes).toBeGreaterThan(0);
  });

  verifies(
    'metrics.scrapes',
    'are one sum for all who ask within a second, and a new one for who asks later',
    async () => {
      const { server } = await workers.start({ METRICS_PORT: '0' });
      const { url } = await server.event('metrics');
      const text = async () => (await fetch(String(url))).text();
      const [first, ...others] = await Promise.all(Array.from({ length: 50 }, text));
      expect(new Set(others)).toEqual(new Set([first]));
      await expect.poll(async () => (await text()) !== first).toBe(true);
    },
  );

  verifies('workers.metrics', 'are there while a worker is replaced, and while one hangs', async () => {
    const { url, server, pid } = await workers.start({ METRICS_PORT: '0' });
    const { url: metrics } = await server.event('metrics');
    const token = await workers.scalekit().token();
    const call = () => callTool(`${url}/mcp`, 'modern', 'whoami', {}, { token });
    for (let count = 0; count < 12; count++) expect((await call()).status).toBe(200);
    await expect.poll(async () => (await scrape(metrics)).ok).toBe(12);

    // Records are written a moment later.
    const succeeded = (worker: number) => workers.records(worker).filter(({ success }) => success === true).length;
    await expect.poll(() => succeeded(1) + succeeded(2)).toBe(12);

    const victim = pid(1);
    const survivors = succeeded(2);
    process.kill(victim, 'SIGKILL');
    const seen = [];
    while (pid(1) === victim) seen.push(await scrape(metrics));
    expect(new Set(seen.map(({ status }) => status))).toEqual(new Set([200]));
    // A sum is good for a second.
    await expect.poll(() => scrape(metrics)).toEqual({ status: 200, ok: survivors });

    process.kill(pid(2), 'SIGSTOP');
    // A sum that falls and rises again would look like a restart, and like all of its requests at once.
    expect(await scrape(metrics)).toEqual({ status: 200, ok: survivors });
    process.kill(pid(2), 'SIGCONT');
  });
});
