import { Client as Client2, StreamableHTTPClientTransport as Transport2 } from '@modelcontextprotocol/client';
import { UnauthorizedError as Unauthorized1 } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as Transport1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { parse } from 'dotenv';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { Account } from '../../../demo/account.ts';
import { type ClientDocuments, clientDocuments } from '../../fixtures/client-document.ts';
import { type ProtectedServer, protectedServer } from '../../fixtures/protected-server.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { confirmingCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const environmentId = 'env_71204418093056001';

let server: TestServer;
let own: ProtectedServer;
let documents: ClientDocuments;
let resource: { id: string; protected_metadata: Record<string, unknown>; protected_metadata_uri: string };
// biome-ignore lint/suspicious/noExplicitAny: results are looked into freely.
let call: (name: string, args?: object) => Promise<any>;

beforeAll(async () => {
  [server, own, documents] = await Promise.all([running(), protectedServer(), clientDocuments()]);
  const confirmed = confirmingCaller(server.localUrl, await server.token());
  call = async (name, args = {}) => {
    const { data, error } = await confirmed(name, { environmentId, ...args });
    expect(error).toBeUndefined();
    return data;
  };
  const settings = { name: 'Berth planner', url: own.url, scopes: ['shipments:read'], enableCimd: true };
  ({ resource } = await call('register_mcp_server', settings));
  const { env_file } = await call('get_environment_credentials');
  own.protect({
    env: parse(env_file),
    metadata: resource.protected_metadata,
    metadataUrl: resource.protected_metadata_uri,
    audience: own.url,
  });
});
afterAll(() => Promise.all([server.stop(), own.close(), documents.close()]));

/** A client that names itself by a document instead of registering. */
class DocumentedAccount extends Account {
  readonly clientMetadataUrl = documents.at('/clients/editor.json');
}

type Provider1 = NonNullable<NonNullable<ConstructorParameters<typeof Transport1>[1]>['authProvider']>;
interface Caller {
  who(): Promise<{ sub: string; client_id: string; scope: string }>;
}

async function withSdk1(account: Account): Promise<Caller> {
  const transport = () => new Transport1(new URL(own.url), { authProvider: account as unknown as Provider1 });
  const connect = async () => {
    const client = new Client1({ name: 'test', version: '1' });
    // This release of the SDK is written without exactOptionalPropertyTypes.
    await client.connect(transport() as Parameters<Client1['connect']>[0]);
    return client;
  };
  await expect(connect()).rejects.toBeInstanceOf(Unauthorized1);
  await transport().finishAuth(String(account.takeCallback().get('code')));
  const client = await connect();
  return { who: async () => textOf(await client.callTool({ name: 'who_am_i', arguments: {} })) };
}

async function withSdk2(account: Account): Promise<Caller> {
  const transport = () => new Transport2(new URL(own.url), { authProvider: account });
  const create = () => new Client2({ name: 'test', version: '1' });
  const first = transport();
  await expect(create().connect(first)).rejects.toMatchObject({ name: 'UnauthorizedError' });
  await first.finishAuth(account.takeCallback());
  const client = create();
  await client.connect(transport());
  return { who: async () => textOf(await client.callTool({ name: 'who_am_i', arguments: {} })) };
}

function textOf(result: object) {
  return JSON.parse((result as { content: { text: string }[] }).content[0]?.text ?? '');
}

describe.each([
  ['1.x', withSdk1],
  ['2.x', withSdk2],
])('a client of the SDK %s', (_version, signIn) => {
  verifies('sandbox.own-server', 'registers itself, signs somebody in and calls a tool', async () => {
    const account = new Account();
    const { who } = await signIn(account);
    const { client_id } = account.registration ?? {};
    expect(client_id).toMatch(/^m2m_\d+$/);
    expect(await who()).toEqual({
      sub: expect.stringMatching(/^usr_/),
      client_id,
      scope: 'shipments:read offline_access',
    });
    const { clients } = await call('list_mcp_server_clients', { serverId: resource.id });
    expect(clients).toContainEqual(expect.objectContaining({ client_id, name: 'Scalekit MCP demo', is_dcr: true }));
    const { consents } = await call('list_mcp_user_consents', { serverId: resource.id });
    expect(consents).toContainEqual(
      expect.objectContaining({ client_id, client_name: 'Scalekit MCP demo', external_user_id: 'hl-u-4001' }),
    );
  });

  verifies('sandbox.own-server', 'names itself by a document, signs somebody in and calls a tool', async () => {
    const account = new DocumentedAccount();
    const { who } = await signIn(account);
    expect(await who()).toMatchObject({ client_id: account.clientMetadataUrl, scope: 'shipments:read offline_access' });
    const { clients } = await call('list_mcp_server_clients', { serverId: resource.id });
    const itself = clients.filter(
      (client: { metadata_uri?: string }) => client.metadata_uri === account.clientMetadataUrl,
    );
    expect(itself).toMatchObject([
      { client_id: expect.stringMatching(/^m2m_/), name: 'Documented client', is_cimd: true },
    ]);
  });
});

describe('its tokens', () => {
  verifies('sandbox.own-server', 'are as Scalekit writes them, with either issuer', async () => {
    const account = new Account();
    await withSdk2(account);
    const { access_token: token, refresh_token } = account.tokens() ?? { access_token: '' };
    const { url, settings } = server.sandbox();
    expect(refresh_token).toBeTypeOf('string');
    expect(decodeJwt(token)).toMatchObject({
      iss: url,
      aud: [own.url, resource.id],
      scopes: ['shipments:read', 'offline_access'],
      oid: 'org_71204418093057001',
      client_id: account.registration?.client_id,
    });
    expect(settings.tokenIssuer).toBe('environment');
    settings.tokenIssuer = 'resource';
    try {
      const other = new Account();
      // The guide's server compares with the environment's URL, and so refuses what names the resource.
      await expect(withSdk2(other)).rejects.toThrow('401');
      expect(decodeJwt(other.tokens()?.access_token ?? '').iss).toBe(`${url}/resources/${resource.id}`);
    } finally {
      settings.tokenIssuer = 'environment';
    }
  });

  verifies('sandbox.own-server', 'name the server’s own issuer where the operator says so', async () => {
    const otherwise = await running({ SANDBOX_TOKEN_ISSUER: 'resource' });
    expect(otherwise.sandbox().settings.tokenIssuer).toBe('resource');
    await otherwise.stop();
  });

  verifies('sandbox.own-server', 'are good for this server alone', async () => {
    const account = new Account();
    await withSdk2(account);
    const good = account.tokens()?.access_token ?? '';
    expect(await own.statusWith(good)).toBe(200);
    // One for the MCP server that manages the environment, signed by the same keys.
    expect(await own.statusWith(await server.token())).toBe(401);
    // And the other way round: neither the managing server nor the API take it.
    const headers = { authorization: `Bearer ${good}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    expect((await fetch(`${server.localUrl}/mcp`, { method: 'POST', headers, body })).status).toBe(401);
    expect((await fetch(`${server.sandbox().url}/api/v1/environments`, { headers })).status).toBe(401);
    // One for another server of the same environment.
    const elsewhere = await protectedServer();
    const { resource: other } = await call('register_mcp_server', { name: 'Elsewhere', url: elsewhere.url });
    const { env_file } = await call('get_environment_credentials');
    elsewhere.protect({
      env: parse(env_file),
      metadata: other.protected_metadata,
      metadataUrl: other.protected_metadata_uri,
      audience: elsewhere.url,
    });
    expect(await elsewhere.statusWith(good)).toBe(401);
    await elsewhere.close();
  });
});

verifies('sandbox.own-server', 'the credentials of the environment reach its API once they have a secret', async () => {
  const { environment_url, client_id } = await call('get_environment_credentials');
  const { plain_secret } = await call('create_client_secret', { clientId: client_id });
  const token = async (client_secret: string) => {
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret });
    const response = await fetch(`${environment_url}/oauth/token`, { method: 'POST', body });
    return { status: response.status, ...((await response.json()) as { access_token?: string; error?: string }) };
  };
  const { access_token } = await token(plain_secret);
  const headers = { authorization: `Bearer ${access_token}` };
  const listed = await fetch(`${environment_url}/api/v1/organizations?page_size=10`, { headers });
  expect(await listed.text()).toContain('Samphire Foods');
  expect(await token('another')).toMatchObject({ status: 401, error: 'invalid_client' });
});

verifies('sandbox.own-server', 'the check of its discovery finds nothing wrong', async () => {
  expect(await call('check_mcp_server_discovery', { id: resource.id })).toMatchObject({
    ok: true,
    problems: [],
    authorization_server: `${server.sandbox().url}/resources/${resource.id}`,
    documents: [{ status: 200 }, { status: 200 }],
  });
});

verifies('sandbox.own-server', 'the diagnosis finds it healthy', async () => {
  const { healthy, findings } = await call('diagnose_mcp_server', { id: resource.id });
  expect({ healthy, findings }).toEqual({ healthy: true, findings: [] });
});
