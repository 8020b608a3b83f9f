import { afterEach, beforeEach, describe, expect } from 'vitest';
import { MAX_WAITING_HEADS } from '../../../src/http/connection.ts';
import { recordsIn } from '../../fixtures/ledger.ts';
import { scrape } from '../../fixtures/metrics.ts';
import { probeTools } from '../../fixtures/probe-tools.ts';
import { type RawConnection, rawCall, rawConnection, rawHead } from '../../fixtures/raw-connection.ts';
import { callTool } from '../../fixtures/rpc.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { FakeScalekit } from '../../fixtures/scalekit.ts';
import { verifies } from '../../verifies.ts';

const MAX_CALLS = 20;

let scalekit: FakeScalekit;
let server: TestServer;
let url: string;
let token: string;
let probe: ReturnType<typeof probeTools>['probe'];
let connections: RawConnection[];

beforeEach(async () => {
  const probes = probeTools();
  probe = probes.probe;
  connections = [];
  scalekit = await FakeScalekit.start();
  const env = { ...scalekit.env, AUDIT_LOG: 'stderr', METRICS_PORT: '0', MAX_CALLS: String(MAX_CALLS) };
  server = await running({ ...env, MAX_CALLS_PER_CALLER: String(MAX_CALLS) }, probes.tools);
  url = `${server.url}/mcp`;
  token = await scalekit.mint();
  // Keys are there, so that a call runs as soon as it has arrived.
  await callTool(url, 'legacy', 'probe_quiet', { label: 'first' }, { token });
});
afterEach(async () => {
  for (const { socket } of connections) socket.destroy();
  await server.stop();
  await scalekit.close();
});

async function connection(): Promise<RawConnection> {
  const opened = await rawConnection(url);
  connections.push(opened);
  return opened;
}

const slow = (label: string, id = `request-${label}`) =>
  rawCall(url, token, 'probe_slow', { label }, { 'x-request-id': id });
const recordsOf = (label: string) =>
  recordsIn(server.ledger()).filter(({ client_request_id: id }) => id === `request-${label}`);
/** How many requests have been reported so far. */
const reported = () => server.lines.filter(({ event, path }) => event === 'request' && path === '/mcp').length;
const active = async () => (await scrape(server)).sum('http_server_active_requests');

/** A request that the server has carried out proves that it has read everything that was sent before. */
const turn = () => callTool(url, 'legacy', 'probe_quiet', { label: 'turn' }, { token });

describe('requests that are sent before the one in front of them is answered', () => {
  verifies(['connection.order', 'audit.at-once'], 'run one after the other, and each is on record', async () => {
    const { send, statuses } = await connection();
    send(slow('a'), slow('b'), slow('c'));
    for (const [label, ran] of [
      ['a', ['a']],
      ['b', ['a', 'b']],
      ['c', ['a', 'b', 'c']],
    ] as const) {
      await expect.poll(() => probe.started).toEqual(ran);
      await turn();
      expect(probe.started).toEqual(ran);
      probe.finish(label);
      await expect.poll(() => statuses().length).toBe(ran.length);
      expect(recordsOf(label)).toEqual([expect.objectContaining({ tool_name: 'probe_slow', success: true })]);
    }
  });

  verifies(['connection.order', 'audit.at-once'], 'never run when the connection is lost before', async () => {
    const { send, socket } = await connection();
    send(slow('a'), slow('b'));
    await expect.poll(() => probe.started).toEqual(['a']);
    await turn();
    socket.destroy();
    await expect.poll(() => recordsOf('a')).toEqual([expect.objectContaining({ success: false, client_closed: true })]);
    await expect
      .poll(() => server.lines.filter(({ event }) => event === 'requests_unhandled'))
      .toEqual([expect.objectContaining({ address: '127.0.0.1', requests: 1 })]);
    await turn();
    expect({ ran: probe.started, cancelled: probe.aborted }).toEqual({ ran: ['a'], cancelled: ['a'] });
  });

  verifies('connection.flood', 'are not even read once the connection is ended', async () => {
    const { send, closed } = await connection();
    // They arrive at once, so that Node's parser has them all before the connection can close.
    send(slow('first'), 'GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(500));
    await closed;
    await expect
      .poll(() => server.lines.find(({ event }) => event === 'requests_unhandled'))
      .toMatchObject({ requests: 5 });
  });

  verifies('connection.order', 'are so many that the connection is ended: none of them runs', async () => {
    const { send, closed } = await connection();
    send(...Array.from({ length: 50 }, (_, number) => slow(`p${number}`)));
    await closed;
    await turn();
    expect(probe.started.filter((label) => label !== 'p0')).toEqual([]);
  });

  verifies('connection.flood', 'are of heads so long that the connection is ended: none of them runs', async () => {
    const { send, closed } = await connection();
    const padding = { 'x-padding': 'a'.repeat(MAX_WAITING_HEADS / 2) };
    send(slow('a'), rawCall(url, token, 'probe_slow', { label: 'b' }, padding));
    await expect.poll(() => probe.started).toEqual(['a']);
    send(rawCall(url, token, 'probe_slow', { label: 'c' }, padding));
    await closed;
    await turn();
    expect(probe.started).toEqual(['a']);
  });

  verifies.each(['connection.places', 'limits.concurrency'], [5, 50])(
    'take no place for longer than their connection is there (%i each)',
    async (requests) => {
      for (let round = 0; round < 2; round++) {
        const before = reported();
        const attackers = await Promise.all(Array.from({ length: 12 }, connection));
        for (const [number, { send }] of attackers.entries()) {
          send(...Array.from({ length: requests }, (_, i) => slow(`${round}-${number}-${i}`)));
        }
        await turn();
        for (const { socket } of attackers) socket.destroy();
        // One of each connection, and the turn.
        await expect.poll(() => reported() - before).toBeGreaterThanOrEqual(attackers.length + 1);
        await expect.poll(active).toBe(0);
        const other = await scalekit.mint({ claims: { sub: 'usr_other' } });
        const labels = Array.from({ length: MAX_CALLS }, (_, i) => `other-${round}-${i}`);
        const calls = labels.map((label) => callTool(url, 'modern', 'probe_slow', { label }, { token: other }));
        await expect.poll(() => probe.started).toEqual(expect.arrayContaining(labels));
        for (const label of labels) probe.finish(label);
        expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(labels.map(() => 200));
      }
    },
  );
});

describe('what stands behind an answer that ends the connection', () => {
  const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
  const headers = () => ({ authorization: `Bearer ${token}`, 'content-type': 'application/json' });
  const chunked = () => rawHead(url, { ...headers(), 'transfer-encoding': 'chunked' });
  const tooLong = () => chunk('x'.repeat(64 * 1024)).repeat(18);

  verifies.each<[string, () => string, number]>('connection.order', [
    ['a body that is too long, in chunks', () => `${chunked()}${tooLong()}0\r\n\r\n`, 413],
    ['a length that is too long', () => rawHead(url, { ...headers(), 'content-length': String(2 ** 21) }), 413],
    // What follows then is no HTTP.
    [
      'a client that asks for it',
      () => rawCall(url, token, 'probe_quiet', { label: 'last' }, { connection: 'close' }),
      400,
    ],
  ])('never runs: %s', async (_name, first, status) => {
    for (let round = 0; round < 5; round++) {
      const { send, closed, statuses } = await connection();
      send(first(), slow(`behind-${round}`));
      await closed;
      // The answer may be lost with the connection, whose client still sends.
      expect([[], [status]]).toContainEqual(statuses());
    }
    await turn();
    expect(probe.started).toEqual([]);
  });
});
