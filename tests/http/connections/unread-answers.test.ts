import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { drain } from '../../../src/http/drain.ts';
import { listen, setHandler } from '../../../src/http/listener.ts';
import { serveMetrics } from '../../../src/http/metrics-server.ts';
import { recordsIn } from '../../fixtures/ledger.ts';
import { scrape } from '../../fixtures/metrics.ts';
import { probeTools } from '../../fixtures/probe-tools.ts';
import { type RawConnection, rawCall, rawConnection } from '../../fixtures/raw-connection.ts';
import { callTool } from '../../fixtures/rpc.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { FakeScalekit } from '../../fixtures/scalekit.ts';
import { verifies } from '../../verifies.ts';

/** More than the kernel keeps for a client that does not read. */
const LONG = 16 * 1024 * 1024;
/** A result has its text twice. */
const CHARACTERS = LONG / 2;

describe('an answer that its client does not read', () => {
  let scalekit: FakeScalekit;
  let server: TestServer;
  let url: string;
  let token: string;
  let probe: ReturnType<typeof probeTools>['probe'];
  let client: RawConnection;

  beforeEach(async () => {
    scalekit = await FakeScalekit.start();
    const probes = probeTools();
    probe = probes.probe;
    const env = { AUDIT_LOG: 'stderr', METRICS_PORT: '0', MAX_CALLS_PER_CALLER: '1', RESULT_BUDGET: '100000000' };
    server = await running({ ...scalekit.env, ...env }, probes.tools);
    url = `${server.url}/mcp`;
    token = await scalekit.mint();
    client = await rawConnection(url);
    client.socket.pause();
    client.send(rawCall(url, token, 'probe_long', { characters: CHARACTERS }, { 'x-request-id': 'request-unread' }));
    client.send(rawCall(url, token, 'probe_slow', { label: 'behind' }, { 'x-request-id': 'request-behind' }));
  });
  afterEach(async () => {
    client.socket.destroy();
    await server.stop();
    await scalekit.close();
  });

  /** Lines about the request that the client called so. `answer_lost` names it by the server's own id alone. */
  const lines = (event: string, clientId: string) => {
    const request = server.lines.find((line) => line['event'] === 'request' && line['clientRequestId'] === clientId);
    return server.lines.filter((line) => line['event'] === event && line['requestId'] === request?.['requestId']);
  };

  verifies(
    ['audit.at-once', 'connection.places'],
    'is of a call that is on record, and takes no place any more',
    async () => {
      const recorded = () => recordsIn(server.ledger()).filter(({ client_request_id: id }) => id === 'request-unread');
      await expect.poll(recorded).toEqual([expect.objectContaining({ tool_name: 'probe_long', success: true })]);
      expect(lines('request', 'request-unread')).toEqual([expect.objectContaining({ outcome: 'ok', status: 200 })]);
      const metrics = await scrape(server);
      expect(metrics.sum('http_server_active_requests')).toBe(0);
      expect(metrics.sum('mcp_server_operation_duration_seconds_count', { gen_ai_tool_name: 'probe_long' })).toBe(1);
      // The only place of this caller is free.
      expect((await callTool(url, 'legacy', 'probe_quiet', { label: 'x' }, { token })).status).toBe(200);
    },
  );

  verifies(['connection.order', 'audit.at-once'], 'is not overtaken by the request behind it', async () => {
    await expect.poll(() => lines('request', 'request-unread').length).toBe(1);
    await callTool(url, 'legacy', 'probe_quiet', { label: 'x' }, { token });
    expect(probe.started).toEqual([]);
    // Once it has been read, that request runs.
    client.socket.resume();
    await expect.poll(() => probe.started).toEqual(['behind']);
    probe.finish('behind');
    await expect.poll(() => lines('request', 'request-behind').length).toBe(1);
    expect(lines('answer_lost', 'request-unread')).toEqual([]);
  });

  verifies(['connection.order', 'audit.at-once'], 'is lost with its connection, which the log says', async () => {
    await expect.poll(() => lines('request', 'request-unread').length).toBe(1);
    client.socket.destroy();
    await expect.poll(() => lines('answer_lost', 'request-unread').length).toBe(1);
    await expect
      .poll(() => server.lines.filter(({ event }) => event === 'requests_unhandled'))
      .toEqual([expect.objectContaining({ requests: 1 })]);
    expect(probe.started).toEqual([]);
  });
});

describe('a connection whose client reads nothing', () => {
  verifies('connection.unread', 'ends, whoever the client is', async () => {
    const scalekit = await FakeScalekit.start();
    const env = { ...scalekit.env, ANSWER_TIMEOUT_MS: '500' };
    const server = await running(env, probeTools().tools);
    const client = await rawConnection(server.url);
    client.socket.pause();
    // Answers without a token, one after the other, until the kernel keeps no more of them.
    const page = `GET /docs/errors HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\n\r\n`;
    const lost = () => server.lines.some(({ event }) => event === 'answer_lost');
    const answered = () => server.lines.filter(({ path }) => path === '/docs/errors').length;
    for (let sent = 1; !lost(); sent++) {
      client.send(page);
      await expect.poll(() => lost() || answered() >= sent).toBe(true);
      if (sent > 5_000) throw new Error('All answers have left.');
    }
    await server.stop();
    client.socket.destroy();
    await scalekit.close();
  });

  verifies('connection.unread', 'ends in time, also for a long answer', async () => {
    const server = await listen({
      host: '127.0.0.1',
      port: 0,
      answers: { timeoutMs: 100, bytesPerSecond: 1024 * LONG },
    });
    setHandler(server, (_request, response) => response.end(Buffer.alloc(LONG)));
    const client = await rawConnection(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    client.socket.pause();
    const closed = new Promise((resolve) => {
      server.on('request', (_request, response) => response.once('close', resolve));
    });
    client.send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await closed;
    client.socket.resume();
    await client.closed;
    expect(client.received().length).toBeLessThan(LONG);
    await drain(server);
  });

  verifies(['connection.unread', 'metrics.port'], 'ends at the port of metrics too', async () => {
    const address = { host: '127.0.0.1', port: 0, allowedHosts: [] };
    const exposition = { contentType: 'text/plain', metrics: async () => 'x'.repeat(LONG) };
    const metrics = await serveMetrics(address, exposition, { timeoutMs: 100, bytesPerSecond: 1024 * LONG });
    const client = await rawConnection(metrics.url);
    client.socket.pause();
    client.send('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const isReset = () => {
      // Empty lines in front of a request are nothing (RFC 9112 §2.2), but tell whether anybody receives them.
      client.send('\r\n');
      return client.socket.destroyed;
    };
    await expect.poll(isReset).toBe(true);
    expect(client.received().length).toBeLessThan(LONG);
    await metrics.close();
  });

  verifies('connection.unread', 'does not end while answers are only being made', async () => {
    const server = await listen({ host: '127.0.0.1', port: 0, answers: { timeoutMs: 10 } });
    let finish: (() => void) | undefined;
    setHandler(server, (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' }).write('first');
      finish = () => response.end('last');
    });
    const client = await rawConnection(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    client.send('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    await once(client.socket, 'data');
    // Several checks have come by when this other connection has been answered many times.
    const { port } = server.address() as AddressInfo;
    setHandler(server, (_request, response) => response.end('other'));
    const began = performance.now();
    while (performance.now() - began < 100) await (await fetch(`http://127.0.0.1:${port}`)).text();
    finish?.();
    await client.closed;
    expect(client.received()).toContain('last');
    await drain(server);
  });
});
