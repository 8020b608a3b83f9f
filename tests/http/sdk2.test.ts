import {
  Client,
  ClientCredentialsProvider,
  StreamableHTTPClientTransport,
  UnauthorizedError,
  type VersionNegotiationMode,
} from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { Account } from '../../demo/account.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

let server: TestServer;

beforeAll(async () => {
  server = await running();
});
afterAll(() => server.stop());

const MODES: readonly [string, VersionNegotiationMode, string][] = [
  ['legacy', 'legacy', '2025-11-25'],
  ['auto', 'auto', '2026-07-28'],
  ['pinned', { pin: '2026-07-28' }, '2026-07-28'],
];

function transport(account: Account, path: string) {
  return new StreamableHTTPClientTransport(new URL(path, server.url), { authProvider: account });
}

async function signedIn(account: Account, mode: VersionNegotiationMode, path = '/mcp'): Promise<Client> {
  const create = () => new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  const first = transport(account, path);
  await expect(create().connect(first)).rejects.toBeInstanceOf(UnauthorizedError);
  await first.finishAuth(account.takeCallback());
  const client = create();
  await client.connect(transport(account, path));
  return client;
}

// biome-ignore lint/suspicious/noExplicitAny: results are looked into freely.
async function call(client: Client, name: string, args: Record<string, unknown> = {}): Promise<any> {
  const { isError, structuredContent, content } = await client.callTool({ name, arguments: args });
  expect({ isError: isError === true, content }).toMatchObject({ isError: false });
  return structuredContent;
}

describe.each(MODES)('an SDK 2.x client (%s)', (_name, mode, version) => {
  verifies(
    ['client.sdk2', 'sandbox.flow', 'tools.environments'],
    'registers, signs in, reads, steps up and writes',
    async () => {
      const account = new Account();
      account.choices = { keep: (scope) => scope.endsWith(':read') };
      const client = await signedIn(account, mode);
      expect(client.getNegotiatedProtocolVersion()).toBe(version);
      expect(account.tokens()?.scope).toBe('environment:read organization:read workspace:read offline_access');

      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toContain('create_organization');
      const { environments } = await call(client, 'list_environments');
      const environmentId = environments.find(({ type }: { type: string }) => type === 'DEV').id;
      expect((await call(client, 'get_environment_details', { environmentId })).environment).toMatchObject({
        id: environmentId,
        type: 'DEV',
      });

      account.choices = {};
      const create = { name: 'create_organization', arguments: { environmentId, name: `Made by ${_name}` } };
      await expect(client.callTool(create)).rejects.toBeInstanceOf(UnauthorizedError);
      expect(account.askedFor).toEqual(
        expect.arrayContaining(['environment:read', 'organization:read', 'organization:write']),
      );
      await transport(account, '/mcp').finishAuth(account.takeCallback());
      const { organization } = await call(client, 'create_organization', create.arguments);
      expect(
        await call(client, 'get_organization_details', { environmentId, organizationId: organization.id }),
      ).toEqual({
        organization,
      });
      await client.close();
    },
  );

  verifies(['tools.paging', 'tools.organizations'], 'pages through everything there is', async () => {
    const client = await signedIn(new Account(), mode, '/');
    const { environments } = await call(client, 'list_environments');
    const seen: string[] = [];
    for (let pageToken = '1'; pageToken !== ''; ) {
      const page = await call(client, 'list_organizations', { environmentId: environments[0].id, pageToken });
      seen.push(...page.organizations.map(({ id }: { id: string }) => id));
      pageToken = page.next_page_token;
      if (pageToken === '') expect(seen).toHaveLength(page.total_size);
    }
    expect(seen.length).toBeGreaterThan(10);
    expect(new Set(seen).size).toBe(seen.length);
    await client.close();
  });
});

describe('an SDK 2.x client', () => {
  verifies('sandbox.flow', 'is told no when the person denies', async () => {
    const account = new Account();
    account.choices = { deny: true };
    const first = transport(account, '/mcp');
    await expect(new Client({ name: 'test', version: '1' }).connect(first)).rejects.toBeInstanceOf(UnauthorizedError);
    expect(account.takeCallback().get('error')).toBe('access_denied');
  });

  verifies('sandbox.flow', 'gets a machine’s token by client credentials', async () => {
    const authProvider = new ClientCredentialsProvider({ clientId: 'sandbox-machine', clientSecret: 'sandbox-secret' });
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } });
    await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', server.url), { authProvider }));
    expect(await call(client, 'whoami')).toMatchObject({
      subject: 'sandbox-machine',
      mode: 'workspace',
      scopes: { missing: [] },
    });
    await client.close();
  });
});
