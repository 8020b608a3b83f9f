import {
  Client,
  ClientCredentialsProvider,
  StreamableHTTPClientTransport,
  UnauthorizedError,
  type VersionNegotiationMode,
} from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { Account } from '../../demo/account.ts';
import { catalogue } from '../../src/tools/index.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

let server: TestServer;

beforeAll(async () => {
  server = await running();
});
afterAll(() => server.stop());

/** The header by which the environment of a call is stated. */
const STATED = 'mcp-param-environment';
/** The tools of the sandbox, all but those that an operator has to switch on. */
const offered = catalogue.filter(({ optIn }) => optIn === undefined).map(({ name }) => name);

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
  /** A machine’s client, with the calls that it has sent. */
  async function machine(mode: VersionNegotiationMode, path = '/mcp', lie?: string) {
    const sent: { readonly tool: unknown; readonly environment: string | null }[] = [];
    const authProvider = new ClientCredentialsProvider({ clientId: 'sandbox-machine', clientSecret: 'sandbox-secret' });
    const watched: typeof fetch = (input, init) => {
      const headers = new Headers(init?.headers);
      const isCall = typeof init?.body === 'string' && init.body.includes('"tools/call"');
      if (isCall && lie !== undefined) headers.set(STATED, lie);
      if (isCall) sent.push({ tool: JSON.parse(String(init.body)).params.name, environment: headers.get(STATED) });
      return fetch(input, { ...init, headers });
    };
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
    await client.connect(
      new StreamableHTTPClientTransport(new URL(path, server.url), { authProvider, fetch: watched }),
    );
    return { client, sent };
  }

  verifies(
    ['client.sdk2', 'wire.param-announced'],
    'states the environment of a call in a header, of all tools that take one',
    async () => {
      const { client, sent } = await machine('auto', '/mcp?toolsets=all');
      const { tools } = await client.listTools();
      // One that announces a header in a form that is not allowed is left out.
      expect(tools.map(({ name }) => name)).toEqual(offered);
      const announced = tools.flatMap(({ name, inputSchema: { properties = {} } }) => {
        const environment = (properties as Record<string, object>)['environmentId'];
        return environment === undefined ? [] : [[name, (environment as Record<string, unknown>)['x-mcp-header']]];
      });
      expect(announced.length).toBeGreaterThan(100);
      expect(announced.filter(([, header]) => header !== 'Environment')).toEqual([]);

      const { environments } = await call(client, 'list_environments');
      const environmentId = environments[0].id;
      await call(client, 'list_organizations', { environmentId });
      await call(client, 'search_organizations', { environmentId });
      await call(client, 'call_tool', { name: 'list_organizations', arguments: { environmentId } });
      expect(sent).toEqual([
        { tool: 'list_environments', environment: null },
        { tool: 'list_organizations', environment: environmentId },
        { tool: 'search_organizations', environment: null },
        { tool: 'call_tool', environment: null },
      ]);
      await client.close();
    },
  );

  verifies('client.sdk2', 'states none where the URL has fixed it, nor in the era of 2025', async () => {
    const { client: first, sent: before } = await machine('legacy');
    const { environments } = await call(first, 'list_environments');
    const environmentId = environments[0].id;
    const { tools } = await first.listTools();
    expect(JSON.stringify(tools)).not.toContain('x-mcp-header');
    await call(first, 'list_organizations', { environmentId });
    const { client: second, sent } = await machine('auto', `/mcp?environment=${environmentId}`);
    expect(JSON.stringify((await second.listTools()).tools)).not.toContain('x-mcp-header');
    await call(second, 'list_organizations');
    expect([...before, ...sent].filter(({ environment }) => environment !== null)).toEqual([]);
    await Promise.all([first.close(), second.close()]);
  });

  verifies(['client.sdk2', 'wire.param-headers'], 'is refused when something on the way has changed it', async () => {
    const { client } = await machine('auto', '/mcp', 'env_another');
    const { environments } = await call(client, 'list_environments');
    await client.listTools();
    const args = { environmentId: environments[0].id, name: 'Misled' };
    await expect(client.callTool({ name: 'create_organization', arguments: args })).rejects.toMatchObject({
      code: -32020,
    });
    const { organizations } = await call((await machine('auto')).client, 'list_organizations', {
      environmentId: environments[0].id,
      query: 'Misled',
    });
    expect(organizations).toEqual([]);
    await client.close();
  });

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
