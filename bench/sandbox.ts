import { startSandbox } from '../src/sandbox/start.ts';

/**
 * Runs the embedded sandbox as a separate process, so that a server in live mode can be measured without it. Its
 * environment has a client, whose tokens are valid only for the API. The API fails for one organization, and answers lists
 * of organizations with so many bytes where that is wanted.
 */
const { SANDBOX_BROKEN_ID: brokenId = '', SANDBOX_LATENCY_MS: latency = '0', SANDBOX_LIST_BYTES = '0' } = process.env;
const sandbox = await startSandbox({
  port: 0,
  resource: 'http://localhost/mcp',
  environmentClient: { id: 'bench-environment', secret: 'bench-secret' },
});
sandbox.faults.latency(Number(latency));
if (brokenId !== '') {
  const path = `/api/v1/organizations/${brokenId}`;
  sandbox.faults.add({ kind: 'status', status: 500, when: { path }, times: Number.POSITIVE_INFINITY });
}
const bytes = Number(SANDBOX_LIST_BYTES);
if (bytes > 0) {
  const when = { path: '/api/v1/organizations', call: true } as const;
  const slowly = { everyMs: 200, bytes: 200_000, times: Number.POSITIVE_INFINITY };
  sandbox.faults.add({ kind: 'drip', body: longList(bytes), when, ...slowly });
}
const { url, serverId } = sandbox;
process.stdout.write(`${JSON.stringify({ event: 'ready', url, serverId })}\n`);

/** A page of organizations whose metadata takes about so many bytes. Its characters take three bytes each, and two in memory. */
function longList(bytes: number) {
  const PAGE = 30;
  const text = '日'.repeat(bytes / PAGE / 3);
  const organizations = Array.from({ length: PAGE }, (_, i) => ({
    ...{ id: `org_${i}`, display_name: `Organization ${i}`, region_code: 'US' },
    ...{ create_time: '2026-01-01T00:00:00Z', metadata: { text } },
  }));
  return { organizations, total_size: PAGE, next_page_token: '', prev_page_token: '' };
}
