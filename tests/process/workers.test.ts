import { readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { basename, dirname } from 'node:path';
import { describe, expect } from 'vitest';
import { verifyLedger } from '../../src/observability/audit/verify.ts';
import { ENVIRONMENT_IDS } from '../../src/sandbox/data/ids.ts';
import { failureIn } from '../fixtures/failure-in.ts';
import { bodyOf, listening } from '../fixtures/listening.ts';
import { machineToken } from '../fixtures/machine-token.ts';
import { parseExposition } from '../fixtures/metrics.ts';
import { WARNS_ON_SIGNAL } from '../fixtures/process.ts';
import { freePort, hasRedis, REDIS_NOTE } from '../fixtures/redis.ts';
import { callTool, eraHeaders, rpcBody } from '../fixtures/rpc.ts';
import { toolCaller } from '../fixtures/tool-caller.ts';
import { twoWorkers } from '../fixtures/workers.ts';
import { verifies } from '../verifies.ts';

const POINTS = 12;
const RATE_LIMIT = JSON.stringify({ default: { points: POINTS, seconds: 900 } });
const ROUNDS = 50;
const CONFIG = { environmentId: ENVIRONMENT_IDS.development, configId: 'cfg_71204418093065303' };
const ACCOUNT = { environmentId: ENVIRONMENT_IDS.development, connectedAccountId: 'ca_71204418093065101' };

const workers = twoWorkers();

/** A message, on a connection of its own unless an agent has one. */
function send(url: string, token: string, method: string, params: Record<string, unknown>, agent: Agent | false) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const headers = { ...eraHeaders('legacy', method, params), authorization: `Bearer ${token}` };
    request(`${url}/mcp`, { method: 'POST', headers, agent }, async (answer) => {
      resolve({ status: Number(answer.statusCode), text: await bodyOf(answer) });
    })
      .on('error', reject)
      .end(JSON.stringify(rpcBody('legacy', method, params)));
  });
}

const ask = async (url: string, token: string) => (await send(url, token, 'tools/list', {}, false)).status;

async function left(url: string, token: string): Promise<number> {
  for (let count = 0; ; count++) if ((await ask(url, token)) === 429) return count;
}

const acts = () => workers.scalekit().requests.filter(({ method }) => method !== 'GET').length;

describe.skipIf(!hasRedis)(`a server of two workers${REDIS_NOTE}`, () => {
  verifies('workers.start', 'serves on one port, with one sandbox, and says so once', async () => {
    const server = workers.launch({ SANDBOX_PORT: '0', AUDIT_LOG: 'off' });
    const { url, endpoint, mode, workers: count } = await server.event('ready');
    expect({ endpoint, mode, count }).toEqual({ endpoint: `${url}/mcp`, mode: 'workspace', count: 2 });
    const sandbox = await server.event('sandbox');
    const token = await machineToken(String(sandbox['url']));
    const statuses = await Promise.all(Array.from({ length: 10 }, () => ask(String(url), token)));
    expect(new Set(statuses)).toEqual(new Set([200]));
    const { body } = await callTool(`${url}/mcp`, 'modern', 'list_environments', {}, { token });
    expect(body.result.structuredContent.environments).not.toEqual([]);
    await expect.poll(() => server.events('request').length).toBe(11);
    expect(server.events('ready')).toHaveLength(1);
    expect(server.events('sandbox')).toHaveLength(1);
    for (const event of ['worker_listening', 'worker_ready']) {
      const ports = () => new Map(server.events(event).map(({ worker, port }) => [worker, port]));
      const port = Number(new URL(String(url)).port);
      await expect.poll(() => [ports().get(1), ports().get(2)]).toEqual([port, port]);
      expect(ports().size).toBe(2);
    }
    server.child.kill('SIGTERM');
    expect(await server.exit()).toBe(0);
    expect(server.stderr()).toBe('');
  });

  verifies('start.ready', 'listens first, and is ready once, when all of them have had keys', async () => {
    const { faults } = workers.scalekit().sandbox;
    const takeBack = faults.add({
      kind: 'status',
      status: 503,
      when: { path: '/keys' },
      times: Number.POSITIVE_INFINITY,
    });
    const server = workers.launch({ ...workers.scalekit().env, AUDIT_LOG: 'off' });
    const { url } = await server.event('listening');
    expect((await fetch(`${url}/health/ready`)).status).toBe(503);
    expect(server.events('ready')).toEqual([]);
    takeBack();
    const host = new URL(workers.scalekit().sandbox.url).host;
    expect(await server.event('ready')).toMatchObject({ url, mode: 'workspace', hosts: [host], workers: 2 });
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    await expect.poll(() => server.events('worker_ready')).toHaveLength(2);
    expect([server.events('listening').length, server.events('ready').length]).toEqual([1, 1]);
    server.child.kill('SIGTERM');
    expect(await server.exit()).toBe(0);
  });

  verifies.each(
    ['workers.start', 'workers.redis'],
    [
      [{ LOG_LEVEL: 'loud' }, /^The configuration cannot be used:\n {2}- LOG_LEVEL: .*\n$/],
      [{ REDIS_URL: '' }, /^The configuration cannot be used:\n {2}- WORKERS: .*REDIS_URL.*\n$/],
    ],
  )('starts nothing with %o, and says once what is wrong', async (env, complaint) => {
    const wrong = workers.launch(env);
    expect(await wrong.exit()).toBe(78);
    expect(wrong.stderr()).toMatch(complaint);
    expect(wrong.stdout()).toBe('');
  });

  verifies('workers.start', 'starts nothing when its port is taken', async () => {
    const taken = await listening((_request, response) => response.end());
    const second = workers.launch({ PORT: String(taken.port), SANDBOX_PORT: String(await freePort()) });
    expect(await second.exit()).toBe(1);
    expect(second.stderr()).toMatch(new RegExp(`^Port ${taken.port} .*PORT names another one.\n$`));
    expect(second.stdout()).toBe('');
    await taken.close();
  });

  verifies('workers.start', 'leaves nothing behind when what it needs cannot be had', async () => {
    const taken = await listening((_request, response) => response.end());
    const server = workers.launch({
      SANDBOX_PORT: String(taken.port),
      METRICS_PORT: String(await freePort()),
    });
    expect(await server.exit()).toBe(1);
    await taken.close();
  });

  verifies('workers.metrics', 'adds up what its workers count, and counts those that have died', async () => {
    const { url, server, pid } = await workers.start({ METRICS_PORT: '0' });
    const { url: metrics } = await server.event('metrics');
    const scraped = async () => parseExposition(await (await fetch(String(metrics))).text());
    const served = async () => (await scraped()).sum('scalekit_mcp_requests_total', { outcome: 'ok' });
    const deaths = async () => (await scraped()).sum('scalekit_mcp_worker_deaths_total');
    const token = await workers.scalekit().token();
    const call = () => send(url, token, 'tools/call', { name: 'whoami', arguments: {} }, false);
    const calls = 20;
    for (let count = 0; count < calls; count++) expect((await call()).status).toBe(200);
    await expect.poll(served).toBe(calls);
    expect(await deaths()).toBe(0);
    const lag = (await scraped()).sum('nodejs_eventloop_lag_p99_seconds');
    expect(lag).toBeGreaterThan(0);

    const byWorker = (worker: number) => workers.records(worker).filter(({ success }) => success === true).length;
    const [byFirst, bySecond] = [byWorker(1), byWorker(2)];
    expect(Math.min(byFirst, bySecond)).toBeGreaterThan(0);
    expect(byFirst + bySecond).toBe(calls);
    const victim = pid(1);
    process.kill(victim, 'SIGKILL');
    await expect.poll(() => pid(1)).not.toBe(victim);
    // A sum is good for a second.
    await expect.poll(deaths).toBe(1);
    await expect.poll(served).toBe(bySecond);
    expect((await call()).status).toBe(200);
    await expect.poll(served).toBe(bySecond + 1);
  });

  verifies(
    ['workers.limits', 'workers.ledger', 'audit.workers'],
    'counts a caller once, whichever worker it meets',
    async () => {
      const { url, server } = await workers.start({ RATE_LIMIT });
      const token = await workers.scalekit().token();
      expect(await left(url, token)).toBe(POINTS);
      server.child.kill('SIGTERM');
      expect(await server.exit()).toBe(0);
      for (const worker of [1, 2]) {
        // Both have met it, or the number above would prove nothing.
        expect(workers.records(worker).length).toBeGreaterThanOrEqual(2);
        expect(await verifyLedger([workers.ledger(worker)])).toMatchObject({ whole: true, instances: 1 });
      }
      const served = server.events('request').filter(({ outcome }) => outcome === 'ok');
      expect(served).toHaveLength(POINTS);
      const own = workers.ledger(1).replace('.1.', '.');
      const files = [own, workers.ledger(1), workers.ledger(2)];
      expect(await verifyLedger(files, { interleaved: true })).toMatchObject({ whole: true, chains: 3, workers: 2 });
      expect(await verifyLedger(files.slice(0, 2), { interleaved: true })).toMatchObject({ whole: false, file: own });
    },
  );

  verifies('workers.named', 'says in each line of the log which worker wrote it', async () => {
    const { url, server } = await workers.start();
    const token = await workers.scalekit().token();
    const byWorker = () => server.events('request').map(({ worker }) => worker);
    const call = () => send(url, token, 'tools/call', { name: 'whoami', arguments: {} }, false);
    for (let calls = 0; calls < ROUNDS && new Set(byWorker()).size < 2; calls++) await call();
    server.child.kill('SIGTERM');
    expect(await server.exit()).toBe(0);
    expect(new Set(byWorker())).toEqual(new Set([1, 2]));
    const inLedgers = new Map([1, 2].flatMap((n) => workers.records(n).map(({ request_id: id }) => [id, n] as const)));
    for (const { requestId, worker } of server.events('request')) expect(worker).toBe(inLedgers.get(String(requestId)));
    const keys = server.events('keys_changed').map(({ worker }) => worker);
    expect(new Set(keys)).toEqual(new Set([1, 2]));
    expect(server.events('ready').map(({ worker }) => worker)).toEqual([undefined]);
  });

  verifies('audit.stderr-alone', 'makes warnings of Node.js lines of the log, of each worker too', async () => {
    const { server, pid } = await workers.start({ NODE_OPTIONS: WARNS_ON_SIGNAL });
    for (const each of [Number(server.child.pid), pid(1), pid(2)]) process.kill(each, 'SIGUSR2');
    const writers = () => server.events('node_warning').map(({ worker = 'primary' }) => worker);
    await expect.poll(() => writers().sort()).toEqual([1, 2, 'primary']);
    expect(server.stderr()).toBe('');
  });

  verifies('workers.ledger', 'leaves a device for the ledger what it is', async () => {
    // Under a name with room for neighbours, which /dev does not have for everybody.
    const device = workers.ledger(0);
    symlinkSync('/dev/null', device);
    const { server } = await workers.start({ AUDIT_LOG: device });
    await expect.poll(() => server.events('audit').map(({ to }) => to)).toEqual([device, device, device]);
    server.child.kill('SIGTERM');
    expect(await server.exit()).toBe(0);
    expect(readdirSync(dirname(device))).toEqual([basename(device)]);
  });

  verifies('workers.confirmations', 'lets a confirmation act once, whichever workers are asked', async () => {
    const { url } = await workers.start();
    const call = toolCaller(url, await workers.scalekit().token());
    for (let round = 1; round <= ROUNDS; round++) {
      const { confirmation } = (await call('disconnect_connected_account', ACCOUNT)).error;
      const attempts = [1, 2, 3].map(() => call('disconnect_connected_account', { ...ACCOUNT, confirmation }));
      const refused = (await Promise.all(attempts)).filter(({ error }) => error?.code === 'confirmation_invalid');
      expect({ round, refused: refused.length, acts: acts() }).toEqual({ round, refused: 2, acts: round });
    }
    const confirmedBy = (worker: number) =>
      workers.records(worker).filter((record) => record['confirmation_sha256'] !== undefined && record['success']);
    for (const worker of [1, 2]) expect(confirmedBy(worker).length).toBeGreaterThan(0);
  });

  verifies('workers.lost-primary', 'serves its connections on while its primary hangs', async () => {
    const { url, server } = await workers.start();
    const token = await workers.scalekit().token();
    // New connections wait for the primary, the one that is open does not.
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const call = async (name: string, args: Record<string, unknown> = {}) => {
      const { text } = await send(url, token, 'tools/call', { name, arguments: args }, agent);
      const { result } = JSON.parse(text);
      return { data: result.structuredContent, error: failureIn(result) };
    };
    const { confirmation } = (await call('delete_mcp_config', CONFIG)).error;
    server.child.kill('SIGSTOP');
    expect((await call('list_environments')).data.environments).not.toEqual([]);
    expect((await call('delete_mcp_config', { ...CONFIG, confirmation })).data).toEqual({
      deleted_id: CONFIG.configId,
    });
    expect(acts()).toBe(1);
    server.child.kill('SIGCONT');
    expect(await ask(url, token)).toBe(200);
    agent.destroy();
  });

  verifies(['workers.output', 'audit.interleaved'], 'keeps all lines whole, while their reader pauses', async () => {
    const { url, server } = await workers.start({ AUDIT_LOG: 'stderr' });
    const token = await workers.scalekit().token();
    const { stdout, stderr } = server.child;
    stdout?.pause();
    stderr?.pause();
    const calls = 1_000;
    const call = toolCaller(url, token);
    for (let start = 0; start < calls; start += 50) {
      await Promise.all(Array.from({ length: 50 }, () => call('whoami')));
    }
    stdout?.resume();
    stderr?.resume();
    await expect.poll(() => server.events('request').length).toBe(calls);
    server.child.kill('SIGTERM');
    expect(await server.exit()).toBe(0);
    for (const line of server.stdout().trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('event');
    const file = workers.ledger(0);
    writeFileSync(file, server.stderr());
    const verdict = await verifyLedger([file], { interleaved: true });
    // Each worker begins and ends; the primary too, and it says so of each worker.
    expect(verdict).toMatchObject({ whole: true, records: calls + 4 + 6, chains: 3, workers: 2, lost: 0 });
  });
});
