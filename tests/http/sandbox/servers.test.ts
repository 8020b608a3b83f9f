import { afterAll, beforeAll, expect } from 'vitest';
import { ENVIRONMENT_DOMAINS } from '../../../src/sandbox/data/ids.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.ts';
import { verifies } from '../../verifies.ts';

const { development, production } = ENVIRONMENT_DOMAINS;
const CLIENT = 'skc_71204418093064101';
const PRODUCTION_CLIENT = 'prd_skc_71204418093064301';

let sandbox: Sandbox;
let token: string;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, resource: 'http://localhost:3002/mcp' });
  const secret = { client_id: 'sandbox-machine', client_secret: 'sandbox-secret' };
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...secret });
  const response = await fetch(`${sandbox.url}/oauth/token`, { method: 'POST', body });
  token = ((await response.json()) as { access_token: string }).access_token;
});
afterAll(() => sandbox.close());

async function api(method: string, path: string, body?: object, domain: string = development) {
  const response = await fetch(`${sandbox.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'x-env-domain': domain },
    ...(body && { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into, not typed.
  const answer = (await response.json()) as any;
  const violations = answer.details?.[0]?.validation_error_info?.field_violations ?? [];
  return {
    status: response.status,
    body: answer,
    constraints: violations.map(({ field, constraint }: Record<string, string>) => `${field}: ${constraint}`),
  };
}

verifies('sandbox.contract', 'resources are listed by their type alone, 30 at a time', async () => {
  expect(await api('GET', '/resources')).toMatchObject({ status: 400, constraints: ['resource_type: required'] });
  const large = await api('GET', '/resources?resource_type=MCP_SERVER&page_size=31');
  expect(large).toMatchObject({ status: 400, constraints: ['page_size: uint32.lte'] });
  const others = await api('GET', '/resources?resource_type=SERVER');
  expect(others.body).toMatchObject({ total_size: 1, prev_page_token: '', resources: [{ name: 'Partner API' }] });
});

verifies('sandbox.contract', 'resources are refused for every rule that they break', async () => {
  const none = await api('POST', '/resources', {});
  expect(none.constraints).toEqual(['resource.resource_type: required', 'resource.name: required']);
  const long = { resource_type: 'MCP_SERVER', name: 'x'.repeat(129), description: 'x'.repeat(513) };
  expect((await api('POST', '/resources', long)).constraints).toEqual([
    'resource.name: string.max_len',
    'resource.description: string.max_len',
  ]);
  const fraction = { resource_type: 'MCP_SERVER', name: 'x', access_token_expiry: '1.5' };
  expect(await api('POST', '/resources', fraction)).toMatchObject({ status: 400, body: { code: 3 } });
});

verifies(
  'sandbox.contract',
  'resources change in what is named, and forget fields that an update does not have',
  async () => {
    const wanted = {
      resource_type: 'MCP_SERVER',
      name: 'Yard',
      use_scalekit_authentication: false,
      provider: 'OKTA-1',
    };
    const { id } = (await api('POST', '/resources', wanted)).body.resource;
    const changes = { description: 'Trailers', enable_cimd: true, resource_type: 'WEB', third_party: true };
    const { resource } = (await api('PATCH', `/resources/${id}`, changes)).body;
    expect(resource).toMatchObject({
      name: 'Yard',
      description: 'Trailers',
      enable_cimd: true,
      resource_type: 'MCP_SERVER',
      provider: 'OKTA-1',
      access_token_expiry: '3600',
      protected_metadata: null,
    });
    expect(resource).not.toHaveProperty('third_party');
  },
);

verifies('sandbox.contract', 'clients are listed by type, ENV unless told otherwise', async () => {
  const types = async (query: string) =>
    (await api('GET', `/clients${query}`)).body.clients.map(({ client_type }: { client_type: string }) => client_type);
  expect(await types('')).toEqual(['ENV']);
  expect(await types('?filter.client_type=NTV')).toEqual(['NTV']);
  expect(await types('?filter.client_type=ALL')).toEqual(['ENV', 'NTV', 'WEB_APP', 'SPA']);
  expect(await types('?filter.client_type=SPA')).toEqual(['SPA']);
  expect(await api('GET', '/clients?page_size=31')).toMatchObject({ status: 400 });
  expect(await api('GET', `/clients/${PRODUCTION_CLIENT}`)).toMatchObject({ status: 404, body: { code: 5 } });
  const asked = await api('GET', '/clients?include_plain_secret=true');
  expect(JSON.stringify(asked.body)).not.toContain('plain_secret');
});

const SIX = ['a', 'b', 'c', 'd', 'e', 'f'].map((host) => `https://${host}.harborlight.example/`);

verifies.each<[string, object, string, string]>('sandbox.contract', [
  ['six callbacks', { post_login_uris: SIX }, 'client.post_login_uris', 'repeated.max_items'],
  ['a callback twice', { post_login_uris: [SIX[0], SIX[0]] }, 'client.post_login_uris', 'repeated.unique'],
  ['no URI', { post_login_uris: ['callback'] }, 'client.post_login_uris[0]', 'string.uri'],
  ['a long one', { initiate_login_uri: `${SIX[0]}${'x'.repeat(256)}` }, 'client.initiate_login_uri', 'string.max_len'],
  [
    'a fragment',
    { post_logout_redirect_uris: [SIX[0], `${SIX[1]}#x`] },
    'client.post_logout_redirect_uris[1]',
    'redirect_uri.components',
  ],
  [
    'a wildcard too high',
    { post_login_uris: ['https://*.example/'] },
    'client.post_login_uris[0]',
    'redirect_uri.wildcard',
  ],
  [
    'two wildcards',
    { post_login_uris: ['https://*.*.harborlight.example/'] },
    'client.post_login_uris[0]',
    'redirect_uri.wildcard',
  ],
])('clients are refused with %s', async (_name, client, field, constraint) => {
  const refused = await api('PATCH', `/clients/${CLIENT}`, client);
  expect(refused).toMatchObject({ status: 400, body: { code: 3 }, constraints: [`${field}: ${constraint}`] });
});

verifies(
  'sandbox.contract',
  'clients may use wildcards, http and localhost in development, and apps everywhere',
  async () => {
    const uris = ['https://auth-*.harborlight.example/', 'http://localhost:3000/'];
    const own = await api('PATCH', `/clients/${CLIENT}`, { post_login_uris: uris });
    expect(own.body.client.post_login_uris).toEqual(uris);
    const live = { post_login_uris: [...uris, 'harborlight://callback'] };
    const refused = await api('PATCH', `/clients/${PRODUCTION_CLIENT}`, live, production);
    expect(refused.constraints).toEqual([
      'client.post_login_uris[0]: redirect_uri.wildcard',
      'client.post_login_uris[1]: redirect_uri.scheme',
      'client.post_login_uris[1]: redirect_uri.host',
    ]);
  },
);

verifies('sandbox.contract', 'clients change in what is named; an empty value clears', async () => {
  const before = (await api('GET', `/clients/${CLIENT}`)).body.client;
  const { client } = (await api('PATCH', `/clients/${CLIENT}`, { initiate_login_uri: '', post_login_uris: [] })).body;
  expect(client).toEqual({
    ...before,
    initiate_login_uri: '',
    post_login_uris: [],
    update_time: client.update_time,
  });
  expect(client.update_time > before.update_time).toBe(true);
});

verifies(
  'sandbox.app-connections',
  'are made by provider_key and type alone, and are connections like others',
  async () => {
    const body = { provider_key: 'HUBSPOT', type: 'OAUTH' };
    const made = await api('POST', '/connections?flags.is_app=true', body);
    expect(made).toMatchObject({
      status: 200,
      body: {
        connection: {
          type: 'OAUTH',
          provider_key: 'HUBSPOT',
          enabled: true,
          key_id: expect.stringMatching(/^hubspot-[\w-]{8}$/),
          oauth_config: { authorize_uri: expect.stringContaining('https://') },
        },
      },
    });
    const { id, key_id, oauth_config } = made.body.connection;
    const listed = await api('GET', '/connections/app?query=hubspot');
    expect(listed.body.connections).toMatchObject([{ id, key_id, enabled: true }]);
    expect((await api('GET', `/connections/${id}`)).body.connection).toEqual(made.body.connection);
    const changes = { provider_key: 'HUBSPOT', key_id, oauth_config: { client_id: 'c', client_secret: 's' } };
    const changed = await api('PATCH', `/connections/${id}`, changes);
    expect(changed.body.connection).toMatchObject({
      key_id,
      oauth_config: { ...oauth_config, client_id: 'c', client_secret: 's' },
    });
    const own = { ...body, key_id: 'my-hubspot' };
    expect((await api('POST', '/connections?flags.is_app=true', own)).body.connection.key_id).toBe('my-hubspot');
    expect(await api('POST', '/connections?flags.is_app=true', own)).toMatchObject({ status: 409 });
  },
);

verifies('sandbox.app-connections', 'are what a flag makes of a connection, and a flag is true or false', async () => {
  const body = { provider_key: 'HUBSPOT', type: 'OAUTH' };
  const plain = await api('POST', '/connections', body);
  expect(plain).toMatchObject({ status: 200, body: { connection: { type: 'OAUTH', status: 'DRAFT' } } });
  const { id } = plain.body.connection;
  const { connections } = (await api('GET', '/connections?include=all')).body;
  expect(connections.map((connection: { id: string }) => connection.id)).toContain(id);
  expect(await api('POST', '/connections?flags.is_login=true&flags.is_app=false', body)).toMatchObject({ status: 200 });
  for (const query of ['flags.is_login=maybe', 'flags.is_app=1']) {
    expect(await api('POST', `/connections?${query}`, body), query).toMatchObject({ status: 400 });
  }
});

verifies('sandbox.app-connections', 'are shown and enabled by their ids', async () => {
  const one = await api('GET', '/connections/conn_71204418093065001');
  expect(one.body.connection).toMatchObject({ type: 'OAUTH', provider_key: 'GMAIL', key_id: 'gmail' });
  expect(await api('PATCH', '/connections/conn_71204418093065004:enable')).toMatchObject({
    status: 200,
    body: { enabled: true },
  });
  expect(await api('GET', '/connections/app?query=custom_tides')).toMatchObject({
    body: { connections: [{ key_id: 'tide-tables' }] },
  });
});
