/**
 * A program that takes a sandbox through everything that could make it print, and ends when nothing keeps it alive.
 * Whoever runs it looks at its output and waits for its end.
 */
import { startSandbox } from '../../../src/sandbox/start.ts';
import { Client } from './browser.ts';

const sandbox = await startSandbox({ port: 0, resource: 'http://localhost:3002/mcp' });
const client = await Client.register(sandbox);
const tokens = await client.authorize({ scope: 'openid profile email organization:read offline_access' });
await client.refresh(tokens.refresh_token);
await client.refresh(tokens.refresh_token);
await client.begin({ client_id: 'nobody' });
await client.begin({ response_type: 'token' });
await client.token({ grant_type: 'client_credentials' });
await client.open(`${sandbox.url}/resources/${sandbox.serverId}/interaction/nobody`);
for (const origin of ['http://localhost:6274', 'null']) {
  await fetch(`${sandbox.url}/resources/${sandbox.serverId}/oauth/token`, {
    method: 'POST',
    headers: { origin },
    body: '{',
  });
}
await fetch(`${sandbox.url}/api/v1/environments`);
const gone = new AbortController();
sandbox.faults.add({ kind: 'huge', when: { path: '/keys' } });
await fetch(`${sandbox.url}/keys`, { signal: gone.signal });
gone.abort();
sandbox.faults.add({ kind: 'drip', everyMs: 600_000 });
await fetch(`${sandbox.url}/keys`);
await sandbox.close();
