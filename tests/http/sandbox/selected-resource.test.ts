import { afterAll, beforeAll, expect } from 'vitest';
import { rpc } from '../../fixtures/rpc.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { verifies } from '../../verifies.ts';
import { Client } from './browser.ts';

let server: TestServer;
beforeAll(async () => {
  server = await running();
});
afterAll(() => server.stop());

verifies(
  ['tools.selected', 'sandbox.resources', 'token.audiences'],
  'somebody who signs in at a URL that asks for a part gets a token for it, which is good for the whole',
  async () => {
    const url = `${server.url}/mcp?toolsets=users&read_only=true`;
    const { headers } = await rpc(url, 'modern', 'tools/list', {}, { token: '' });
    const [, metadata = ''] = /resource_metadata="([^"]*)"/.exec(String(headers.get('www-authenticate'))) ?? [];
    const { resource, scopes_supported: scopes } = (await (await fetch(metadata)).json()) as {
      resource: string;
      scopes_supported: string[];
    };
    expect(resource).toBe(url);
    const client = await Client.register(server.sandbox());
    const { access_token: token } = await client.authorize({ resource, scope: scopes.join(' ') });
    const claims = JSON.parse(Buffer.from(String(token.split('.')[1]), 'base64url').toString());
    expect([claims.aud].flat()).toContain(url);
    for (const there of [url, `${server.url}/mcp`, `${server.url}/mcp?tools=whoami`]) {
      expect((await rpc(there, 'legacy', 'tools/list', {}, { token })).status).toBe(200);
    }
  },
);

verifies('sandbox.foreign-resources', 'a token for another query of the same address is for nobody here', async () => {
  const client = await Client.register(server.sandbox());
  const refused = client.authorize({ resource: `${server.url}/mcp?x=1`, scope: 'organization:read' });
  await expect(refused).rejects.toThrow();
});
