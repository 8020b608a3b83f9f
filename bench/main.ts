import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EraName, eraHeaders, rpcBody } from '../tests/fixtures/rpc.ts';
import { FakeScalekit, json } from '../tests/fixtures/scalekit.ts';
import { type Figures, load, type Request } from './load.ts';
import { type Measured, measured } from './processes.ts';
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
const env = { ...scalekit.env, PORT: '0', NODE_ENV: 'production' };

const rows: Record<string, Record<string, string | number>> = {};

const sandboxed = await measured('dist/main.js', { PORT: '0', SANDBOX_PORT: '0' });
sandboxed.stop();
const server = await measured('dist/main.js', env);
rows['ready, sandbox included'] = { ms: Math.round(sandboxed.readyMs), goal: '< 1500' };
rows['ready, live'] = { ms: Math.round(server.readyMs), goal: '' };

for (const era of ['modern', 'legacy'] as const) {
  const list = request(server.url, era, 'tools/list', {});
  const bare = await bareServerFor(list);
  const base = await load(bare, { ...list, url: bare.url }, 16);
  const figures = await load(server, list, 16);
  rows[`tools/list ${era}, 16`] = row(figures, {
    ratio: round(figures.perSecond / base.perSecond),
    goal: 'ratio ≥ 0.10',
  });
  bare.stop();
}
for (const era of ['modern', 'legacy'] as const) {
  const call = request(server.url, era, 'tools/call', {
    name: 'list_organizations',
    arguments: { environmentId: 'env_1' },
  });
  const outgoing = scalekit.requests.length;
  const figures = await load(server, call, 16);
  const calls = (scalekit.requests.length - outgoing) / (figures.perSecond * 7);
  rows[`tools/call with REST ${era}, 16`] = row(figures, { outgoing: round(calls), goal: 'CPU ≤ 650 µs' });
  scalekit.requests.length = 0;
}
const busy = request(server.url, 'modern', 'tools/call', {
  name: 'list_organizations',
  arguments: { environmentId: 'env_1' },
});
rows['tools/call with REST modern, 64'] = row(await load(server, busy, 64), { goal: 'peak < 200 MB' });
rows['verify a token, again'] = { 'µs CPU': round(await verifyMicroseconds(scalekit, token)), goal: '< 15' };

console.table(rows);
server.stop();
await scalekit.close();

function request(url: string, era: EraName, method: string, params: Record<string, unknown>): Request {
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

function row({ perSecond, p50, p99, cpuPerRequest, peakMb, failures }: Figures, more: Record<string, string | number>) {
  return {
    'req/s': Math.round(perSecond),
    'p50 ms': p50,
    'p99 ms': p99,
    'µs CPU': Math.round(cpuPerRequest * 1000),
    'peak MB': Math.round(peakMb),
    failures,
    ...more,
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
