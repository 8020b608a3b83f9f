import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { verifyLedger } from '../../src/observability/audit/verify.ts';
import { builtServer } from '../fixtures/built.ts';
import { recordsIn } from '../fixtures/ledger.ts';
import { load } from '../fixtures/load.ts';
import { runScript, type ServerProcess } from '../fixtures/process.ts';
import { rawCall, rawConnection } from '../fixtures/raw-connection.ts';
import { callTool } from '../fixtures/rpc.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { type SharedScalekit, sharedScalekit } from '../fixtures/scalekit-process.ts';
import { verifies } from '../verifies.ts';

const MEBIBYTE = 1024 * 1024;
/**
 * What makes an answer longer than the kernel keeps for a client that does not read: quotes take two bytes in the answer
 * of the API, and six in the result.
 */
const LONG_NAME = '"'.repeat(1.9 * MEBIBYTE);

const built = builtServer();

let folder: string;
let server: ServerProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drain-'));
});
afterEach(async () => {
  server?.child.kill('SIGKILL');
  await server?.exit();
  rmSync(folder, { recursive: true });
});

const ledger = () => join(folder, 'audit.jsonl');
const ledgerRecords = () => recordsIn(readFileSync(ledger(), 'utf8'));

async function start(env: Record<string, string>): Promise<{ server: ServerProcess; url: string }> {
  server = runScript(built.script, { env: { PORT: '0', AUDIT_LOG: ledger(), RATE_LIMIT: 'off', ...env } });
  const { url } = await server.event('ready');
  return { server, url: String(url) };
}

/** The status of readiness, or that nobody listens any more. */
function readiness(url: string): Promise<number | 'refused'> {
  return fetch(`${url}/health/ready`).then(
    async (answer) => {
      await answer.text();
      return answer.status;
    },
    () => 'refused',
  );
}

verifies.each('drain.while-starting', ['1', '2'])('ends at once while it starts, WORKERS=%s', async (WORKERS) => {
  const env = { PORT: '0', SANDBOX_PORT: '0', AUDIT_LOG: 'off', METRICS_PORT: '0', WORKERS };
  server = runScript(built.script, { env: { ...env, REDIS_URL: 'redis://127.0.0.1:1' } });
  // The first line, before the sandbox starts.
  await server.event('metrics');
  server.child.kill('SIGINT');
  expect(await server.exit()).toBe(0);
  const events = server
    .stdout()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).event);
  // The sandbox may have started, and Redis been found away, before the signal arrived.
  const told = events.filter((event) => event !== 'sandbox' && event !== 'limits_store_lost');
  expect(told).toEqual(['metrics', 'stopping', 'stopped']);
  expect(server.stderr()).toBe('');
});

describe('a server under load that is told to stop', () => {
  let scalekit: SharedScalekit;
  beforeEach(async () => {
    scalekit = await sharedScalekit();
  });
  afterEach(() => scalekit.close());

  verifies(
    ['drain.under-load', 'drain.ready', 'drain.flush'],
    'loses no call, and says where it goes before it goes',
    async () => {
      const { server, url } = await start({ ...scalekit.env, DRAIN_DELAY_MS: '10000', DRAIN_TIMEOUT_MS: '600000' });
      expect(await readiness(url)).toBe(200);
      scalekit.sandbox.faults.latency(150);
      let isReady = true;
      const clients = load({ url, token: await scalekit.token(), clients: 40, goesOn: () => isReady });
      await expect.poll(() => clients.seen.right).toBeGreaterThan(100);
      const before = clients.seen.right;

      server.child.kill('SIGTERM');
      await expect.poll(() => readiness(url)).toBe(503);
      // New connections are served as long as a load balancer may need to notice.
      expect((await fetch(`${url}/.well-known/oauth-protected-resource`)).status).toBe(200);
      await expect.poll(() => clients.seen.right).toBeGreaterThan(before);
      isReady = false;
      await clients.done;
      await expect.poll(() => readiness(url)).toBe('refused');
      expect(await server.exit()).toBe(0);

      expect(clients.seen).toMatchObject({ refused: 0, wrong: [] });
      expect(await verifyLedger([ledger()])).toMatchObject({ whole: true, lost: 0 });
      const calls = ledgerRecords().filter(({ event }) => event === 'mcp_tool_access');
      expect(calls.filter(({ success }) => success)).toHaveLength(clients.seen.right);
      expect(server.events('stopped')).toHaveLength(1);
    },
  );
});

describe('a server that is told to stop', () => {
  let scalekit: FakeScalekit;
  /** Calls that wait for the API. */
  let held: ServerResponse[];
  beforeEach(async () => {
    scalekit = await FakeScalekit.start();
    held = [];
    scalekit.serveApi((_request, response) => {
      held.push(response);
    });
  });
  afterEach(() => scalekit.close());

  async function withCallThatHangs(env: Record<string, string>) {
    const { server, url } = await start({ ...scalekit.env, UPSTREAM_TIMEOUT_MS: '120000', ...env });
    const args = { environmentId: 'env_1' };
    const call = callTool(`${url}/mcp`, 'modern', 'list_organizations', args, { token: await scalekit.mint() }).then(
      () => 'answered',
      () => 'cut',
    );
    await expect.poll(() => held.length).toBe(1);
    return { server, url, call };
  }

  verifies('drain.in-flight', 'answers every call that it has taken, and ends their connections', async () => {
    const { server, url } = await start({ ...scalekit.env, DRAIN_TIMEOUT_MS: '600000', UPSTREAM_TIMEOUT_MS: '120000' });
    const token = await scalekit.mint();
    const calls = Array.from({ length: 50 }, (_, id) =>
      callTool(
        `${url}/mcp`,
        id % 2 === 0 ? 'modern' : 'legacy',
        'list_organizations',
        { environmentId: 'env_1' },
        { token, id },
      ),
    );
    await expect.poll(() => held.length).toBe(50);
    server.child.kill('SIGINT');
    await expect.poll(() => readiness(url)).toBe('refused');
    for (const response of held) json(response, 200, { organizations: [] });
    const answers = await Promise.all(calls);
    for (const [id, { headers, body }] of answers.entries()) {
      expect(headers.get('connection')).toBe('close');
      expect(body).toMatchObject({ id, result: { structuredContent: { organizations: [] } } });
    }
    expect(await server.exit()).toBe(0);
  });

  verifies('drain.deadline', 'cuts a call that hangs when its time is over, and keeps it on record', async () => {
    const { server, call } = await withCallThatHangs({ DRAIN_TIMEOUT_MS: '300' });
    server.child.kill('SIGTERM');
    expect(await call).toBe('cut');
    expect(await server.exit()).toBe(0);
    expect(await verifyLedger([ledger()])).toMatchObject({ whole: true });
    expect(ledgerRecords().map(({ event }) => event)).toEqual(['audit_started', 'mcp_tool_access', 'audit_stopped']);
  });

  /** A client that has read the beginning of a long answer when the server is told to stop, and reads on when told. */
  async function withAnswerUnderWay(env: Record<string, string>) {
    const budget = String(100 * MEBIBYTE);
    const { server, url } = await start({ ...scalekit.env, RESULT_BUDGET: budget, DRAIN_TIMEOUT_MS: '600000', ...env });
    const [client, { socket: silent }] = await Promise.all([rawConnection(url), rawConnection(url)]);
    const token = await scalekit.mint();
    client.send(rawCall(`${url}/mcp`, token, 'list_organizations', { environmentId: 'env_1' }));
    await expect.poll(() => held.length).toBe(1);
    const reading = once(client.socket, 'data').then(() => client.socket.pause());
    for (const response of held) json(response, 200, { organizations: [{ id: 'org_1', display_name: LONG_NAME }] });
    await reading;
    server.child.kill('SIGTERM');
    await expect.poll(() => readiness(url)).toBe('refused');
    return { server, client, silent };
  }

  /** The headers and the body of an answer, as far as it has come. */
  const partsOf = (answer: string) => {
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    return { length: Number(/content-length: (\d+)/i.exec(head)?.[1]), body };
  };

  const expectCallOnRecord = async () => {
    expect(await verifyLedger([ledger()])).toMatchObject({ whole: true, lost: 0 });
    const calls = ledgerRecords().filter(({ event }) => event === 'mcp_tool_access');
    expect(calls).toEqual([expect.objectContaining({ tool_name: 'list_organizations', success: true })]);
  };

  verifies(
    ['drain.in-flight', 'drain.flush', 'process.drain'],
    'sends the whole of an answer that its client takes slowly',
    async () => {
      const { server, client, silent } = await withAnswerUnderWay({});
      // A second passes: the server ends its silent connections then, and has looked for idle ones many times.
      await once(silent, 'close');
      for (let step = 0; step < 10; step++) {
        await once(client.socket.resume(), 'data');
        client.socket.pause();
        await expect.poll(() => client.socket.readableLength).toBeGreaterThan(0);
      }
      client.socket.resume();
      await client.closed;
      const { length, body } = partsOf(client.received());
      expect(length).toBeGreaterThan(10 * MEBIBYTE);
      expect(body).toHaveLength(length);
      expect(await server.exit()).toBe(0);
      await expectCallOnRecord();
    },
  );

  verifies(
    ['drain.deadline', 'drain.flush', 'process.drain'],
    'cuts an answer that its client does not take when its time is over, and keeps the call on record',
    async () => {
      const { server, client } = await withAnswerUnderWay({ DRAIN_TIMEOUT_MS: '2000' });
      expect(await server.exit()).toBe(0);
      client.socket.resume();
      await client.closed;
      const { length, body } = partsOf(client.received());
      expect(body.length).toBeLessThan(length);
      await expectCallOnRecord();
    },
  );

  verifies('drain.idle', 'does not wait for connections on which nothing happens', async () => {
    const { server, url } = await start({ ...scalekit.env, DRAIN_TIMEOUT_MS: '600000' });
    const sockets = ['', 'GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n'].map((bytes) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.on('error', () => undefined).write(bytes);
      return socket;
    });
    const [silent, idle] = sockets;
    await once(idle ?? server.child, 'data');
    server.child.kill('SIGTERM');
    expect(await server.exit()).toBe(0);
    await Promise.all(sockets.map((socket) => socket.closed || once(socket.resume(), 'close')));
    expect(silent?.bytesRead).toBe(0);
  });

  verifies.each('drain.second-signal', ['SIGTERM', 'SIGINT'] as const)(
    'ends at once when it is told again, by %s',
    async (again) => {
      const { server, call } = await withCallThatHangs({ DRAIN_TIMEOUT_MS: '600000' });
      server.child.kill('SIGTERM');
      await server.event('stopping');
      server.child.kill(again);
      expect(await server.exit()).toBe(again === 'SIGINT' ? 130 : 143);
      expect(await call).toBe('cut');
    },
  );
});
