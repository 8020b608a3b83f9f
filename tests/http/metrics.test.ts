import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, vi } from 'vitest';
import { serveMetrics } from '../../src/http/metrics-server.ts';
import { ENVIRONMENT_IDS } from '../../src/sandbox/data/ids.ts';
import { listening } from '../fixtures/listening.ts';
import { metricsUrl, type Scrape, scrape } from '../fixtures/metrics.ts';
import { rawAnswer, rawConnection } from '../fixtures/raw-connection.ts';
import { callTool, rpc } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit, json, signingKey } from '../fixtures/scalekit.ts';
import { toolCaller } from '../fixtures/tool-caller.ts';
import { verifies } from '../verifies.ts';

let scalekit: FakeScalekit;
let server: TestServer;
let token: string;
const started: TestServer[] = [];

beforeEach(async () => {
  scalekit = await FakeScalekit.start();
  scalekit.serveApi((_request, response) => json(response, 200, { organizations: [] }));
  token = await scalekit.mint();
});
afterEach(async () => {
  for (const one of started.splice(0)) await one.stop();
  await scalekit.close();
});

async function serve(env: Record<string, string> = {}): Promise<TestServer> {
  server = await running({ ...scalekit.env, METRICS_PORT: '0', ...env });
  started.push(server);
  return server;
}

const list = (args: Record<string, unknown> = {}) =>
  callTool(`${server.url}/mcp`, 'modern', 'list_organizations', { environmentId: 'env_1', ...args }, { token });

/** Requests are counted when they are over, which their client may know first. */
async function counted(isDone: (now: Scrape) => boolean): Promise<Scrape> {
  let now = await scrape(server);
  await expect
    .poll(async () => {
      now = await scrape(server);
      return isDone(now);
    })
    .toBe(true);
  return now;
}

const requestsOf = (now: Scrape) => now.sum('http_server_request_duration_seconds_count') ?? 0;
const isPromClientLoaded = () =>
  Object.keys(createRequire(import.meta.url).cache).some((file) => file.includes('/prom-client/'));

verifies('metrics.off', 'nothing is counted, and nothing for it is loaded, without a port', async () => {
  const off = await running(scalekit.env);
  started.push(off);
  expect(off.lines.filter(({ event }) => event === 'metrics')).toEqual([]);
  expect(isPromClientLoaded()).toBe(false);
  await serve();
  expect(isPromClientLoaded()).toBe(true);
});

describe('metrics', () => {
  verifies(
    ['metrics.requests', 'metrics.upstream'],
    'tell requests, operations, tools, outcomes and outgoing calls apart',
    async () => {
      await serve();
      await list();
      await list();
      await list({ pageSize: 'many' });
      await callTool(`${server.url}/mcp`, 'legacy', 'invite_workspace_member', { email: 'a@example.com' }, { token });
      await rpc(`${server.url}/mcp`, 'legacy', 'tools/list', {}, { token });
      await rpc(`${server.url}/mcp`, 'legacy', 'tools/list', {}, { token: 'bad' });
      await fetch(`${server.url}/nowhere`);
      scalekit.serveApi((_request, response) => json(response, 404, {}));
      await list();
      const now = await counted((seen) => requestsOf(seen) === 8);
      const http = (labels: Record<string, string>) => now.sum('http_server_request_duration_seconds_count', labels);
      expect(http({ http_request_method: 'POST', http_route: '/mcp', http_response_status_code: '200' })).toBe(5);
      expect(http({ http_route: '/mcp', http_response_status_code: '403' })).toBe(1);
      expect(http({ http_route: '/mcp', http_response_status_code: '401' })).toBe(1);
      expect(http({ http_request_method: 'GET', http_route: '_OTHER', http_response_status_code: '404' })).toBe(1);

      const operations = (labels: Record<string, string>) =>
        now.sum('mcp_server_operation_duration_seconds_count', labels);
      const tool = { mcp_method_name: 'tools/call', gen_ai_tool_name: 'list_organizations' };
      expect(operations(tool)).toBe(4);
      expect(operations({ ...tool, error_type: 'invalid_arguments' })).toBe(1);
      expect(operations({ ...tool, error_type: 'unexpected_response' })).toBe(1);
      expect(operations({ gen_ai_tool_name: 'invite_workspace_member', error_type: 'insufficient_scope' })).toBe(1);
      expect(operations({ mcp_method_name: 'tools/list' })).toBe(1);

      const outcomes = (outcome: string) => now.sum('scalekit_mcp_requests_total', { outcome });
      expect(['ok', 'invalid_token', 'insufficient_scope', 'not_found'].map(outcomes)).toEqual([3, 1, 1, 1]);

      const upstream = (labels: Record<string, string>) =>
        now.sum('http_client_request_duration_seconds_count', labels);
      const api = { http_request_method: 'GET', server_address: '127.0.0.1' };
      expect(upstream({ ...api, url_template: '/environments/{}', http_response_status_code: '200' })).toBe(1);
      expect(upstream({ ...api, url_template: '/organizations', http_response_status_code: '200' })).toBe(2);
      expect(upstream({ ...api, http_response_status_code: '404', error_type: '404' })).toBe(1);
      expect(now.sum('http_server_active_requests')).toBe(0);
    },
  );

  verifies('metrics.upstream', 'tell why an outgoing call got no answer', async () => {
    await serve({ UPSTREAM_TIMEOUT_MS: '200' });
    await list();
    scalekit.serveApi(() => undefined);
    await list();
    scalekit.serveApi((_request, response) => void response.destroy());
    await list();
    const now = await scrape(server);
    const errors = (error_type: string) => now.sum('http_client_request_duration_seconds_count', { error_type }) ?? 0;
    expect(errors('timeout')).toBeGreaterThan(0);
    expect(errors('connection')).toBeGreaterThan(0);
  });

  verifies('metrics.tokens', 'count known tokens and downloads of keys', async () => {
    await serve();
    for (let i = 0; i < 3; i++) await list();
    scalekit.keys = (_request, response) => json(response, 500, {});
    const inTenSeconds = Date.now() + 10_000;
    const unknown = await scalekit.mint({ key: await signingKey() });
    vi.spyOn(Date, 'now').mockImplementation(() => inTenSeconds);
    await rpc(`${server.url}/mcp`, 'legacy', 'ping', {}, { token: unknown });
    vi.restoreAllMocks();
    const now = await scrape(server);
    expect(now.sum('scalekit_mcp_token_cache_total', { result: 'hit' })).toBe(2);
    expect(now.sum('scalekit_mcp_token_cache_total', { result: 'miss' })).toBe(2);
    expect(now.sum('scalekit_mcp_key_refreshes_total', { result: 'ok' })).toBe(1);
    expect(now.sum('scalekit_mcp_key_refreshes_total', { result: 'failed' })).toBe(1);
    expect(now.sum('scalekit_mcp_log_events_total', { level: 'warn', event: 'keys_unavailable' })).toBe(1);
    expect(now.sum('scalekit_mcp_keys_timestamp_seconds')).toBeGreaterThan(1e9);
  });

  verifies('metrics.limits', 'count what limits refuse, by limit', async () => {
    await serve({
      RATE_LIMIT: JSON.stringify({ default: { points: 5, seconds: 900 }, failures: { points: 2, seconds: 900 } }),
    });
    for (let i = 0; i < 7; i++) await list();
    for (let i = 0; i < 4; i++) await rpc(`${server.url}/mcp`, 'legacy', 'ping', {}, { token: 'bad' });
    const now = await counted((seen) => requestsOf(seen) === 11);
    expect(now.sum('scalekit_mcp_limit_refusals_total', { limit: 'rate' })).toBe(2);
    expect(now.sum('scalekit_mcp_limit_refusals_total', { limit: 'authentication_failures' })).toBe(2);
  });

  verifies('metrics.process', 'watch the process', async () => {
    await serve();
    await scrape(server);
    // A reading tells of the time since the one before, in which the event loop must have been measured.
    const now = await counted((seen) => (seen.sum('nodejs_eventloop_lag_max_seconds') ?? 0) > 0);
    expect(now.sum('process_resident_memory_bytes')).toBeGreaterThan(1e7);
    expect(now.sum('nodejs_heap_size_used_bytes')).toBeGreaterThan(1e6);
    expect(now.sum('process_cpu_seconds_total')).toBeGreaterThan(0);
    expect(now.sum('process_start_time_seconds')).toBeGreaterThan(1e9);
    const [min = 0, max = 0] = ['min', 'max'].map((name) => now.sum(`nodejs_eventloop_lag_${name}_seconds`));
    expect(min).toBeGreaterThan(0);
    expect(max).toBeGreaterThanOrEqual(min);
    expect(now.sum('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
  });
});

verifies('metrics.confirmations', 'confirmations are counted: asked for, accepted and refused', async () => {
  server = await running({ METRICS_PORT: '0' });
  started.push(server);
  const call = toolCaller(server.url, await server.token());
  const environmentId = ENVIRONMENT_IDS.development;
  const { data } = await call('list_mcp_configs', { environmentId });
  const args = { environmentId, configId: data.configs[0].id };
  const { error } = await call('delete_mcp_config', args);
  const confirmed = { ...args, confirmation: error.confirmation };
  await call('delete_mcp_config', confirmed);
  await call('delete_mcp_config', confirmed);
  const now = await scrape(server);
  const results = ['asked', 'accepted', 'refused'].map((result) =>
    now.sum('scalekit_mcp_confirmations_total', { result }),
  );
  expect(results).toEqual([1, 1, 1]);
});

describe('labels', () => {
  verifies('metrics.bounded', 'hold nothing that a caller chose, whatever is sent', async () => {
    await serve();
    // Which types of resources Node has at work changes by itself; their names are its own.
    const ours = ({ name }: { name: string }) => !/^nodejs_(active|gc)_/.test(name);
    const shape = (now: Scrape) =>
      new Set(now.series.filter(ours).map(({ name, labels }) => `${name}${JSON.stringify(labels)}`));
    await hostile('first');
    await hostile(`last${'x'.repeat(500)}`);
    const before = shape(await counted((seen) => requestsOf(seen) === HOSTILE * 2));
    const rounds = 10;
    for (let i = 0; i < rounds; i++) await hostile(`evil${i}${'x'.repeat(i * 50)}`);
    const after = await counted((seen) => requestsOf(seen) === HOSTILE * (rounds + 2));
    expect([...shape(after)].filter((one) => !before.has(one))).toEqual([]);
    for (const secret of ['evil', 'env_', 'org_', 'usr_', token, scalekit.key.kid])
      expect(after.text).not.toContain(secret);
  });

  const HOSTILE = 10;

  /** Requests with a text in every place that a caller can fill. */
  async function hostile(text: string): Promise<void> {
    const url = `${server.url}/mcp`;
    const person = await scalekit.mint({ claims: { sub: `usr_${text}`, client_id: text } });
    const as = { token: person };
    await rpc(url, 'legacy', `tools/${text}`, {}, as);
    await rpc(url, 'legacy', text, {}, { ...as, id: text });
    await callTool(url, 'legacy', text, {}, as);
    await callTool(url, 'legacy', 'list_organizations', { environmentId: `env_${text}`, [text]: text }, as);
    await callTool(
      url,
      'legacy',
      'get_organization_details',
      { environmentId: 'env_1', organizationId: `org_${text}` },
      as,
    );
    await callTool(url, 'legacy', 'list_environments', {}, { token: text });
    await fetch(`${server.url}/${text}`, { method: 'PROPFIND', headers: { 'user-agent': text, 'x-request-id': text } });
    await fetch(`${server.url}/mcp?${text}`, { headers: { authorization: `Bearer ${text}` } });
    await fetch(`${server.url}/health/${text}?${text}`);
    await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${person}` }, body: text });
  }
});

describe('the port of metrics', () => {
  verifies('metrics.port', 'answers GET /metrics, which the server itself does not, and nothing else', async () => {
    await serve();
    const url = metricsUrl(server);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
    const response = await fetch(url);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
    for (const path of ['/', '/metrics/', '/mcp', '/health']) {
      expect((await fetch(new URL(path, url))).status).toBe(404);
    }
    expect((await fetch(`${server.url}/metrics`)).status).toBe(404);
    await server.stop();
    started.length = 0;
    await expect(fetch(url)).rejects.toThrow();
  });

  verifies('metrics.host', 'answers under the names of its address alone', async () => {
    await serve({ METRICS_ALLOWED_HOSTS: 'metrics.example.com' });
    const port = Number(new URL(metricsUrl(server)).port);
    const ask = (line: string, ...lines: string[]) =>
      rawAnswer(port, `${[line, ...lines, 'Connection: close'].join('\r\n')}\r\n\r\n`);
    const get = async (...hosts: string[]) =>
      (await ask('GET /metrics HTTP/1.1', ...hosts.map((host) => `Host: ${host}`))).status;
    for (const host of ['127.0.0.1', `LOCALHOST:${port}`, '[::1]:1', 'metrics.example.com']) {
      expect({ host, status: await get(host) }).toEqual({ host, status: 200 });
    }
    for (const host of ['evil.example.com', 'localhost.evil.example.com', '10.0.0.1', 'mcp.example.com', '']) {
      expect({ host, status: await get(host) }).toEqual({ host, status: 403 });
    }
    const asked = await Promise.all([get(), get('localhost', 'localhost'), get('localhost@evil.example.com')]);
    expect(asked).toEqual([400, 400, 400]);
    const { status, body } = await ask('GET http://evil.example.com/metrics HTTP/1.1', 'Host: localhost');
    expect([status, body.includes('process_')]).toEqual([400, false]);
    expect((await ask('GET /metrics HTTP/1.1', 'Host: localhost', 'Expect: more')).status).toBe(417);
  });

  verifies('metrics.host', 'answers under any address where it listens on all, and under no other name', async () => {
    await serve({ METRICS_HOST: '0.0.0.0' });
    const port = Number(new URL(metricsUrl(server)).port);
    const get = async (host: string) =>
      (await rawAnswer(port, `GET /metrics HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).status;
    const hosts = ['10.1.2.3:9464', '[fd00::7]:9464', 'localhost', 'evil.example.com', '10.1.2.3.evil.example.com'];
    expect(await Promise.all(hosts.map(get))).toEqual([200, 200, 200, 403, 403]);
  });

  verifies(
    'metrics.scrapes',
    'reads them once for all who ask meanwhile, and lets nobody pile up answers',
    async () => {
      let reads = 0;
      let finish: () => void = () => undefined;
      const finished = new Promise<void>((resolve) => {
        finish = resolve;
      });
      const metrics = async () => {
        reads++;
        await finished;
        return 'a 1\n';
      };
      const address = { host: '127.0.0.1', port: 0, allowedHosts: [] };
      const port = await serveMetrics(address, { contentType: 'text/plain', metrics }, { timeoutMs: 60_000 });
      const one = 'GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n';
      const unread = await Promise.all(Array.from({ length: 20 }, () => rawConnection(port.url)));
      for (const { socket } of unread) socket.pause();
      for (const { send } of unread.slice(0, 10)) send(one.repeat(1_500));
      for (const { send } of unread.slice(10)) send(one.repeat(5));
      const text = fetch(port.url).then((response) => response.text());
      await expect.poll(() => reads).toBe(1);
      // Who sends more requests than may wait is cut off.
      await Promise.all(unread.slice(0, 10).map(({ socket, closed }) => socket.resume() && closed));
      expect(reads).toBe(1);
      finish();
      expect(await text).toBe('a 1\n');
      // What was read is not kept: whoever asks later gets what is true then.
      await expect.poll(() => reads).toBeGreaterThan(1);
      await port.close();
    },
  );

  verifies('metrics.scrapes', 'gives one text for as long as it is good for, and a new one after that', async () => {
    for (const [goodForMs, isKept] of [
      [60_000, true],
      [1, false],
    ] as const) {
      let reads = 0;
      const metrics = async () => `a ${++reads}\n`;
      const address = { host: '127.0.0.1', port: 0, allowedHosts: [] };
      const port = await serveMetrics(
        address,
        { contentType: 'text/plain', goodForMs, metrics },
        { timeoutMs: 60_000 },
      );
      const text = async () => (await fetch(port.url)).text();
      expect(await text()).toBe('a 1\n');
      if (isKept) expect([await text(), await text(), reads]).toEqual(['a 1\n', 'a 1\n', 1]);
      else await expect.poll(text).not.toBe('a 1\n');
      await port.close();
    }
  });

  verifies('metrics.port', 'that is taken ends the start, and leaves nothing behind', async () => {
    const taken = await listening((_request, response) => response.end());
    const free = await listening((_request, response) => response.end());
    await free.close();
    const start = running({ ...scalekit.env, PORT: String(free.port), METRICS_PORT: String(taken.port) });
    await expect(start).rejects.toThrow(`Port ${taken.port} on 127.0.0.1 is taken. METRICS_PORT names another one.`);
    await expect(fetch(`http://127.0.0.1:${free.port}/health/live`)).rejects.toThrow();
    await taken.close();
  });
});
