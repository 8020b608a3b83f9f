import { appendFileSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { ledgerLock } from '../../src/config/ledger-files.ts';
import { verifyLedger } from '../../src/observability/audit/verify.ts';
import { ENVIRONMENT_IDS } from '../../src/sandbox/data/ids.ts';
import { recordsIn } from '../fixtures/ledger.ts';
import { load } from '../fixtures/load.ts';
import type { ServerProcess } from '../fixtures/process.ts';
import { hasRedis, REDIS_NOTE } from '../fixtures/redis.ts';
import { callTool } from '../fixtures/rpc.ts';
import { isAlive, twoWorkers } from '../fixtures/workers.ts';
import { verifies } from '../verifies.ts';

const workers = twoWorkers();

/** Calls of many clients, as long as they are wanted. */
async function underLoad(url: string) {
  let goesOn = true;
  workers.scalekit().sandbox.faults.latency(150);
  const token = await workers.scalekit().token();
  const { seen, done } = load({ url, token, clients: 24, goesOn: () => goesOn });
  const more = async () => {
    const before = seen.right;
    await expect.poll(() => seen.right).toBeGreaterThan(before + 100);
  };
  await more();
  return {
    seen,
    more,
    end: () => {
      goesOn = false;
      return done;
    },
  };
}

/** A call that has reached the API, which answers after this time. What else reaches it are probes, which only read. */
async function callInFlight(url: string, ms: number) {
  const { sandbox, requests, token } = workers.scalekit();
  const options = { token: await token() };
  sandbox.faults.latency(ms);
  const args = { environmentId: ENVIRONMENT_IDS.development, name: 'Acme' };
  const call = callTool(`${url}/mcp`, 'modern', 'create_organization', args, options).then(
    ({ status }) => (status === 200 ? 'answered' : `answered with ${status}`),
    () => 'cut',
  );
  await expect.poll(() => requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  return { call };
}

async function callThatHangs(url: string) {
  workers.scalekit().sandbox.faults.latency(60_000);
  const token = await workers.scalekit().token();
  const call = callTool(`${url}/mcp`, 'modern', 'list_environments', {}, { token }).then(
    () => 'answered',
    () => 'cut',
  );
  await expect
    .poll(() => workers.scalekit().requests.filter(({ principal }) => principal !== undefined))
    .toHaveLength(1);
  return { call };
}

/** A server whose first worker has a call in flight, while its second one waits for its ledger. */
async function callWhileOneStarts() {
  // Names no process, so that whoever finds it watches it for some seconds.
  const lock = ledgerLock(workers.ledger(2));
  writeFileSync(lock, 'of another machine');
  const primaryLedger = workers.ledger(1).replace('.1.', '.');
  const server = workers.launch({ ...workers.scalekit().env, AUDIT_LOG: primaryLedger });
  const { port } = await server.event('worker_listening');
  const { call } = await callInFlight(`http://localhost:${port}`, 4_000);
  return { server, lock, primaryLedger, call };
}

/** Renews a lock, as its holder does, until the worker that waits for it has given up. */
async function renewUntilNoticed(server: ServerProcess, lock: string) {
  let time = 0;
  const renewed = () => {
    utimesSync(lock, ++time, time);
    return server.stderr();
  };
  await expect.poll(renewed).toContain('writes to this file');
}

describe.skipIf(!hasRedis)(`a server of two workers${REDIS_NOTE}`, () => {
  verifies(
    ['workers.replaced', 'workers.ledger'],
    'replaces a worker that dies, and loses nothing but what was in flight on it',
    async () => {
      const { url, server, pid } = await workers.start();
      const clients = await underLoad(url);
      const victim = pid(1);
      process.kill(victim, 'SIGKILL');
      expect(await server.event('worker_died')).toMatchObject({ level: 'error', worker: 1, signal: 'SIGKILL' });
      await expect.poll(() => pid(1)).not.toBe(victim);
      await clients.more();
      const lost = clients.seen.wrong.length;
      expect(lost).toBeGreaterThan(0);
      await clients.more();
      await clients.end();
      expect(clients.seen.wrong).toHaveLength(lost);
      for (const reason of clients.seen.wrong) expect(reason).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
      expect(clients.seen.refused).toBe(0);

      server.child.kill('SIGTERM');
      expect(await server.exit()).toBe(0);
      expect(await verifyLedger([workers.ledger(1)])).toMatchObject({ whole: true, instances: 2, chains: 1 });
      expect(await verifyLedger([workers.ledger(2)])).toMatchObject({ whole: true, instances: 1, chains: 1 });
    },
  );

  verifies.each('workers.drain', [
    ['its primary is', false],
    ['all of its processes are', true],
  ])('loses no call when %s told to stop under load', async (_, all) => {
    const { url, server, pid } = await workers.start({ DRAIN_DELAY_MS: '10000', DRAIN_TIMEOUT_MS: '600000' });
    const clients = await underLoad(url);
    const pids = [pid(1), pid(2)];
    if (all) for (const worker of pids) process.kill(worker, 'SIGTERM');
    server.child.kill('SIGTERM');
    await expect.poll(() => fetch(`${url}/health/ready`).then(({ status }) => status)).toBe(503);
    await clients.end();
    expect(await server.exit()).toBe(0);
    expect(clients.seen).toMatchObject({ refused: 0, wrong: [] });
    expect(pids.filter(isAlive)).toEqual([]);
    const calls = [1, 2]
      .flatMap(workers.records)
      .filter(({ event, success }) => event === 'mcp_tool_access' && success);
    expect(calls).toHaveLength(clients.seen.right);
    for (const worker of [1, 2]) expect(await verifyLedger([workers.ledger(worker)])).toMatchObject({ whole: true });
  });

  verifies('workers.drain', 'cuts a call that hangs when its time is over, and ends with 0', async () => {
    const { url, server } = await workers.start({ DRAIN_TIMEOUT_MS: '300', UPSTREAM_TIMEOUT_MS: '60000' });
    const { call } = await callThatHangs(url);
    server.child.kill('SIGINT');
    expect(await call).toBe('cut');
    expect(await server.exit()).toBe(0);
    const events = [1, 2].flatMap(workers.records).map(({ event }) => event);
    expect(events.filter((event) => event === 'mcp_tool_access')).toHaveLength(1);
  });

  verifies('workers.drain', 'ends at once with all workers when it is told again', async () => {
    const { url, server, pid } = await workers.start({ DRAIN_TIMEOUT_MS: '600000', UPSTREAM_TIMEOUT_MS: '60000' });
    const { call } = await callThatHangs(url);
    const pids = [pid(1), pid(2)];
    server.child.kill('SIGTERM');
    await server.event('stopping');
    server.child.kill('SIGTERM');
    expect(await server.exit()).toBe(143);
    expect(await call).toBe('cut');
    await expect.poll(() => pids.filter(isAlive)).toEqual([]);
  });

  verifies('workers.lost-primary', 'ends with its primary when that is killed', async () => {
    const { server, pid } = await workers.start();
    const pids = [pid(1), pid(2)];
    server.child.kill('SIGKILL');
    await server.exit();
    await expect.poll(() => pids.filter(isAlive)).toEqual([]);
  });

  verifies('workers.drain', 'ends in order when it is told so before all of its workers serve', async () => {
    const server = workers.launch({ ...workers.scalekit().env, WORKERS: '3' });
    await server.event('worker_listening');
    server.child.kill('SIGTERM');
    expect(await server.exit()).toBe(0);
    expect(server.events('ready')).toEqual([]);
    expect(server.events('stopped')).toHaveLength(1);
    const pids = server.events('worker_listening').map((line) => Number(line['pid']));
    await expect.poll(() => pids.filter(isAlive)).toEqual([]);
  });

  verifies.each<[string, (server: ServerProcess, lock: string) => unknown, number]>('workers.drain-starting', [
    ['it is told to stop', ({ child }) => child.kill('SIGTERM'), 0],
    ['the other one cannot start', renewUntilNoticed, 78],
  ])('finishes the calls of a worker that serves when %s before all of them do', async (_, end, code) => {
    const { server, lock, primaryLedger, call } = await callWhileOneStarts();
    await end(server, lock);
    expect(await call).toBe('answered');
    expect(await server.exit()).toBe(code);
    expect(server.events('worker_listening')).toHaveLength(1);
    const served = workers.records(1);
    expect(served.map(({ event }) => event)).toEqual(['audit_started', 'mcp_tool_access', 'audit_stopped']);
    const said = recordsIn(readFileSync(primaryLedger, 'utf8'));
    expect(said.map(({ event }) => event)).toEqual([
      'audit_started',
      'audit_worker_started',
      'audit_worker_ended',
      'audit_stopped',
    ]);
    expect(said[2]).toMatchObject({ worker: 1, code: 0, worker_hash: served[2]?.['hash'] });
    const files = [primaryLedger, workers.ledger(1)];
    expect(await verifyLedger(files, { interleaved: true })).toMatchObject({ whole: true, chains: 2, workers: 1 });
  });

  verifies('workers.give-up', 'ends with the reason when a worker cannot start, and leaves none behind', async () => {
    writeFileSync(workers.ledger(1), 'no record\n');
    const server = workers.launch({ ...workers.scalekit().env, AUDIT_LOG: workers.ledger(1).replace('.1.', '.') });
    expect(await server.exit()).toBe(78);
    expect(server.stderr()).toMatch(
      /^The configuration cannot be used:\n {2}- AUDIT_LOG: .*\nWorker 1 has ended .*\n$/,
    );
    expect(server.events('ready')).toEqual([]);
  });

  verifies('workers.give-up', 'gives up in order when a dead worker cannot be replaced', async () => {
    const { server, pid } = await workers.start();
    const pids = [pid(1), pid(2)];
    appendFileSync(workers.ledger(1), 'no record\n');
    process.kill(pid(1), 'SIGKILL');
    expect(await server.exit()).toBe(78);
    expect(server.events('worker_failed').length).toBeGreaterThan(3);
    expect(server.stderr()).toContain('AUDIT_LOG: the file does not end with a record');
    expect(pids.filter(isAlive)).toEqual([]);
    expect(await verifyLedger([workers.ledger(2)])).toMatchObject({ whole: true, records: 2 });
  });
});
