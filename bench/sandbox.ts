import { startSandbox } from '../src/sandbox/start.ts';

/**
 * Runs the embedded sandbox as a separate process, so that a server in live mode can be measured without it. Its
 * environment has a client, whose tokens are valid only for the API. The API fails for one organization.
 */
const { SANDBOX_BROKEN_ID: brokenId = '', SANDBOX_LATENCY_MS: latency = '0' } = process.env;
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
const { url, serverId } = sandbox;
process.stdout.write(`${JSON.stringify({ event: 'ready', url, serverId })}\n`);
