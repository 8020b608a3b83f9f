import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EraName, eraHeaders, rpcBody } from '../tests/fixtures/rpc.ts';
import { FakeScalekit, json } from '../tests/fixtures/scalekit.ts';
import { chargeMicroseconds } from './charge.ts';
import { type Figures, type Request, race } from './load.ts';
import { type Measured, measured } from './processes.ts';
import { traceMicroseconds } from './trace.ts';
import { verifyMicroseconds } from './verify.ts';

/**
 * What the built server costs, as ratios to a bare `node:http` server that sends the same bytes in the same run: the
 * machines that this runs on are noisy. Needs Linux for CPU and memory figures, and `npm run build` before it.
 */
const scalekit = await FakeScalekit.start();
const organizations = Array.from({ length: 10 }, (_, i) => ({
  id: `org_${i}`,
  display_name: `Organization ${i}`,
  create_time: '2026-01-01T00:00:00Z',
  update_time: '2026-01-01T00:00:00Z',
  region_code: 'US',
  external_id: `external-${i}`,
  metadata: { plan: 'enterprise' },
  settings: { features: [{ name: 'sso', enabled: true }] },
}));
scalekit.serveApi((_request, response) =>
  json(response, 200, { organizations, next_page_token: 'next', prev_page_token: '', total_size: 100 }),
);
const token = await scalekit.mint();
// One caller asks for all that the server can do.
const env = { ...scalekit.env, PORT: '0', NODE_ENV: 'production', RATE_LIMIT: 'off', AUDIT_LOG: '/dev/null' };

const rows: Record<string, Record<string, string | number>> = {};

const sandboxed = await measured('dist/main.js', { PORT: '0', SANDBOX_PORT: '0', AUDIT_LOG: '/dev/null' });
sandboxed.stop();
const server = await measured('dist/main.js', env);
rows['ready, sandbox included'] = { ms: Math.round(sandboxed.readyMs), goal: '< 1500' };
rows['ready, live'] = { ms: Math.round(server.readyMs), goal: '' };

for (const era of ['modern', 'legacy'] as const) {
  const request = requestOf(server.url, era, 'tools/list', {});
  await compare(`tools/list ${era}, 16`, 16, request, 'ratio ≥ 0.10');
}
const params = { name: 'list_organizations', arguments: { environmentId: 'env_1' } };
for (const era of ['modern', 'legacy'] as const) {
  const request = requestOf(server.url, era, 'tools/call', params);
  await compare(`tools/call with REST ${era}, 16`, 16, request, 'CPU ≤ 650 µs');
}
await compare('tools/call with REST modern, 64', 64, requestOf(server.url, 'modern', 'tools/call', params), '');
rows['peak memory of it all'] = { MB: Math.round(server.peakMb()), goal: '< 200' };
rows['verify a token, again'] = { 'µs CPU': round(await verifyMicroseconds(scalekit, token)), goal: '< 15' };
rows['charge a caller, in memory'] = { 'µs CPU': round(await chargeMicroseconds()), goal: '< 20' };
const traced = traceMicroseconds();
rows['follow a trace, off'] = { 'µs CPU': round(traced.off), goal: '< 0.5' };
rows['follow a trace, passed on'] = { 'µs CPU': round(traced.passedOn), goal: '' };
rows['follow a trace, six spans'] = { 'µs CPU': round(traced.spans), goal: '' };

console.table(rows);
server.stop();
await scalekit.close();

/** Races the server against a bare one that sends the same bytes. */
async function compare(name: string, connections: number, request: Request, goal: string): Promise<void> {
  const bare = await bareServerFor(request);
  const outgoing = scalekit.requests.length;
  const [base, figures] = await race(connections, [
    { server: bare, request: { ...request, url: bare.url } },
    { server, request },
  ]);
  bare.stop();
  if (base === undefined || figures === undefined) return;
  const calls = scalekit.requests.length - outgoing;
  rows[name] = {
    'req/s': Math.round(figures.perSecond),
    'bare req/s': Math.round(base.perSecond),
    ratio: round(figures.perSecond / base.perSecond),
    'µs CPU': micros(figures),
    'bare µs CPU': micros(base),
    'p50 ms': figures.p50,
    'p99 ms': figures.p99,
    failures: figures.failures,
    ...(calls > 0 && { 'outgoing per call': round(calls / figures.requests) }),
    goal,
  };
  scalekit.requests.length = 0;
}

function requestOf(url: string, era: EraName, method: string, params: Record<string, unknown>): Request {
  return {
    url: `${url}/mcp`,
    headers: { ...eraHeaders(era, method, params), authorization: `Bearer ${token}` },
    body: JSON.stringify(rpcBody(era, method, params)),
  };
}

async function bareServerFor({ url, headers, body }: Request): Promise<Measured> {
  const answer = await fetch(url, { method: 'POST', headers, body });
  const file = join(mkdtempSync(join(tmpdir(), 'bench-')), 'answer.json');
  writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
  return measured('bench/bare.mjs', { BYTES_FILE: file });
}

function micros({ cpuPerRequest }: Figures): number {
  return Math.round(cpuPerRequest * 1000);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
