import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { DEVELOPMENT_CONNECTION_IDS as CONNECTIONS } from '../../../src/sandbox/data/connections.ts';
import { DEVELOPMENT_ORGANIZATION_IDS, ENVIRONMENT_IDS } from '../../../src/sandbox/data/ids.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const { tidewater, meridian, samphire } = DEVELOPMENT_ORGANIZATION_IDS;
const { development, production } = ENVIRONMENT_IDS;
const DISCOVERY = 'https://idp.harborlight.example/.well-known/openid-configuration';
const CREDENTIALS = { client_id: 'harborlight', client_secret: 'hidden-secret' };
const UNDISCOVERED = { ...CREDENTIALS, scopes: ['openid', 'email'], token_auth_type: 'URL_PARAMS' };
const ENDPOINTS = {
  issuer: 'https://idp.harborlight.example',
  authorize_uri: 'https://idp.harborlight.example/authorize',
  token_uri: 'https://idp.harborlight.example/token',
  jwks_uri: 'https://idp.harborlight.example/jwks',
};

let server: TestServer;
let callAnywhere: ReturnType<typeof toolCaller>;

beforeAll(async () => {
  server = await running();
  callAnywhere = toolCaller(server.url, await server.token());
});
afterAll(() => server.stop());
beforeEach(() => {
  server.exchanges.length = 0;
});

const call = (name: string, args: Record<string, unknown> = {}) =>
  callAnywhere(name, { environmentId: development, ...args });
const update = (args: Record<string, unknown>) => call('update_environment_oidc_connection', args);
const create = async (provider = 'CUSTOM') =>
  (await call('create_environment_oidc_connection', { provider })).data.connection.id as string;

/** What the management API was asked for, except the look-up of the environment. */
const asked = () =>
  server.exchanges
    .map(({ request: { method, url, body } }) => ({ method, url: url.slice('/api/v1'.length), body }))
    .filter(({ url }) => !url.startsWith('/environments/'));
const written = () => asked().findLast(({ method }) => method !== 'GET');

verifies(
  'tools.connections',
  'lists all connections of an environment, switched off and unfinished ones too',
  async () => {
    const { data } = await call('list_environment_connections');
    expect(asked()).toEqual([{ method: 'GET', url: '/connections?include=all', body: undefined }]);
    const ids = data.connections.map(({ id }: { id: string }) => id);
    expect(ids).toEqual(expect.arrayContaining([CONNECTIONS.okta, CONNECTIONS.auth0, CONNECTIONS.meridian]));
    expect(data.connections.find(({ id }: { id: string }) => id === CONNECTIONS.draft)).toMatchObject({
      provider: 'PING_IDENTITY',
      type: 'OIDC',
      status: 'DRAFT',
      enabled: false,
    });
    const elsewhere = await callAnywhere('list_environment_connections', { environmentId: production });
    expect(elsewhere.data.connections).toHaveLength(1);
  },
);

verifies('tools.connections', 'lists those of one organization', async () => {
  const { data } = await call('list_organization_connections', { organizationId: meridian });
  expect(asked()).toEqual([
    { method: 'GET', url: `/connections?organization_id=${meridian}&include=all`, body: undefined },
  ]);
  expect(data.connections).toMatchObject([{ id: CONNECTIONS.meridian, type: 'SAML', status: 'DRAFT' }]);
  const none = await call('list_organization_connections', { organizationId: samphire });
  expect(none.data.connections).toEqual([]);
  const wrong = await call('list_organization_connections', { organizationId: 'tidewater' });
  expect(wrong.error).toMatchObject({ code: 'invalid_arguments', field: 'organizationId' });
});

verifies('tools.connections', 'creates a draft, of type OIDC whatever the provider', async () => {
  const { data } = await call('create_environment_oidc_connection', { provider: 'ONELOGIN' });
  expect(written()).toEqual({
    method: 'POST',
    url: '/connections',
    body: { provider: 'ONELOGIN', type: 'OIDC' },
  });
  expect(data.connection).toMatchObject({
    id: expect.stringMatching(/^conn_/),
    provider: 'ONELOGIN',
    type: 'OIDC',
    status: 'DRAFT',
    enabled: false,
    oidc_config: { redirect_uri: expect.stringContaining(data.connection.id) },
  });
  for (const [tool, args] of [
    ['create_environment_oidc_connection', {}],
    ['update_environment_oidc_connection', { connectionId: 'conn_1', oidc_config: {} }],
  ] as const) {
    const { error } = await call(tool, { ...args, provider: 'okta' });
    expect(error).toMatchObject({ code: 'invalid_arguments', field: 'provider' });
    expect(error.allowed).toEqual(
      'OKTA GOOGLE MICROSOFT_AD AUTH0 ONELOGIN PING_IDENTITY JUMPCLOUD CUSTOM GITHUB GITLAB LINKEDIN SALESFORCE MICROSOFT IDP_SIMULATOR SCALEKIT ADFS'.split(
        ' ',
      ),
    );
  }
});

verifies('tools.connections', 'creates one of every provider that is offered', async () => {
  const { error } = await call('create_environment_oidc_connection', { provider: 'none' });
  for (const provider of error.allowed) {
    const { data } = await call('create_environment_oidc_connection', { provider });
    expect(data?.connection.provider, provider).toBe(provider);
  }
  expect(asked().find(({ body }) => JSON.stringify(body)?.includes('SCALEKIT'))?.body).toEqual({
    provider: 'SCALEKIT',
    type: 'OIDC',
    provider_key: 'SCALEKIT',
  });
});

verifies('tools.connections', 'does not keep the key of another provider', async () => {
  const connectionId = await create('SCALEKIT');
  const settings = { discovery_endpoint: DISCOVERY, ...UNDISCOVERED };
  await update({ connectionId, oidc_config: settings });
  expect(written()?.body).toMatchObject({ provider: 'SCALEKIT', provider_key: 'SCALEKIT' });
  await update({ connectionId, provider: 'SCALEKIT', oidc_config: {} });
  expect(written()?.body).toMatchObject({ provider: 'SCALEKIT', provider_key: 'SCALEKIT' });
  await update({ connectionId, provider: 'CUSTOM', oidc_config: {} });
  expect(written()?.body).toMatchObject({ provider: 'CUSTOM' });
  expect(written()?.body).not.toHaveProperty('provider_key');
  const back = await update({ connectionId, provider: 'SCALEKIT', oidc_config: {} });
  expect(written()?.body).toMatchObject({ provider: 'SCALEKIT', provider_key: 'SCALEKIT' });
  expect(back.data.connection).toMatchObject({ provider: 'SCALEKIT', provider_key: 'SCALEKIT' });
});

verifies('tools.connections', 'sets the button, the mapping of attributes and debugging', async () => {
  const connectionId = await create();
  const settings = { discovery_endpoint: DISCOVERY, ...UNDISCOVERED };
  const { data } = await update({
    connectionId,
    uiButtonTitle: ' Staff ',
    attributeMapping: { email: 'mail', given_name: 'firstName' },
    debugEnabled: true,
    oidc_config: settings,
  });
  const shown = {
    ui_button_title: 'Staff',
    attribute_mapping: { email: 'mail', given_name: 'firstName' },
    debug_enabled: true,
  };
  expect(written()?.body).toMatchObject(shown);
  expect(data.connection).toMatchObject(shown);
  expect((await update({ connectionId, oidc_config: {} })).data.connection).toMatchObject(shown);
  const cleared = await update({
    connectionId,
    uiButtonTitle: '',
    attributeMapping: {},
    debugEnabled: false,
    oidc_config: {},
  });
  expect(cleared.error).toBeUndefined();
  expect(cleared.data.connection).not.toHaveProperty('ui_button_title');
  const many = Object.fromEntries(Array.from({ length: 31 }, (_, i) => [`name${i}`, 'x']));
  for (const attributeMapping of [
    many,
    { '': 'x' },
    { email: '' },
    { ['x'.repeat(101)]: 'y' },
    { a: 'y'.repeat(257) },
  ]) {
    const { error } = await update({ connectionId, attributeMapping, oidc_config: {} });
    expect(error).toMatchObject({ code: 'invalid_arguments', field: 'attributeMapping' });
  }
});

verifies('tools.connections-applied', 'keeps what calls at the same time change', async () => {
  const connectionId = await create();
  await update({ connectionId, oidc_config: { discovery_endpoint: DISCOVERY, ...UNDISCOVERED } });
  const changes = [
    { key_id: 'AT-ONCE', oidc_config: {} },
    { uiButtonTitle: 'At once', oidc_config: {} },
    { attributeMapping: { email: 'mail' }, oidc_config: {} },
    { oidc_config: { scopes: ['openid', 'profile'] } },
    { oidc_config: { pkce_enabled: true } },
  ];
  const answers = await Promise.all(changes.map((change) => update({ connectionId, ...change })));
  expect(answers.map(({ error }) => error)).toEqual(changes.map(() => undefined));
  expect((await update({ connectionId, oidc_config: {} })).data.connection).toMatchObject({
    key_id: 'AT-ONCE',
    ui_button_title: 'At once',
    attribute_mapping: { email: 'mail' },
    oidc_config: { scopes: ['openid', 'profile'], pkce_enabled: true },
  });
});

verifies('arguments.trimmed', 'takes ids with white space around them, and refuses one with some inside', async () => {
  const { data } = await update({ connectionId: ` ${CONNECTIONS.okta}\n`, oidc_config: {} });
  expect(data.connection.id).toBe(CONNECTIONS.okta);
  const list = await call('list_organization_connections', { organizationId: `\t${tidewater} ` });
  expect(list.data.connections).toHaveLength(1);
  const server = await call('update_mcp_server', { id: ' res_71204418093064001 ', description: 'Shipments' });
  expect(server.data.resource.id).toBe('res_71204418093064001');
  for (const connectionId of ['conn_1 2', 'conn_ 1', `${CONNECTIONS.okta}\u200b`]) {
    expect((await update({ connectionId, oidc_config: {} })).error).toMatchObject({
      code: 'invalid_arguments',
      field: 'connectionId',
    });
  }
});

verifies.each('tools.connections-discovery', [
  ['issuer', 'https://i.example/.well-known/openid-configuration', 'discovery_endpoint'],
  ['issuer', 'https://i.example/realms/a/.well-known/openid-configuration/', 'discovery_endpoint'],
  ['issuer', 'https://t.b2clogin.com/t/v2.0?p=B2C_1_signin', 'discovery_endpoint'],
  ['issuer', 'https://i.example/#a', 'fragment'],
  ['issuer', 'https://login.microsoftonline.com/{tenantid}/v2.0', 'fill in'],
  ['discovery_endpoint', 'https://i.example/<tenant>/.well-known/openid-configuration', 'fill in'],
  ['authorize_uri', 'https://i.example/{tenant}/authorize', 'fill in'],
  ['token_uri', 'https://i.example/{tenant}/token', 'fill in'],
  ['user_info_uri', 'https://i.example/{tenant}/me', 'fill in'],
  ['jwks_uri', 'https://i.example/{tenant}/keys', 'fill in'],
])('refuses an %s of %s', async (name, value, hint) => {
  const { error } = await update({ connectionId: CONNECTIONS.okta, oidc_config: { [name]: value } });
  expect(error).toMatchObject({ code: 'invalid_arguments', field: `oidc_config.${name}` });
  expect(error.message).toContain(hint);
  expect(asked()).toEqual([]);
});

verifies(
  'tools.connections-discovery',
  'takes a discovery document with a query, and white space around it',
  async () => {
    const discovery_endpoint = 'https://t.b2clogin.com/t/v2.0/.well-known/openid-configuration?p=B2C_1_signin';
    const connectionId = await create();
    const { data } = await update({
      connectionId,
      oidc_config: { ...UNDISCOVERED, discovery_endpoint: ` ${discovery_endpoint}\n` },
    });
    expect(data.connection.oidc_config.discovery_endpoint).toBe(discovery_endpoint);
  },
);

verifies('tools.connections', 'configures with what discovery cannot give, and nothing else', async () => {
  const connectionId = await create();
  const { data, text } = await update({
    connectionId,
    key_id: 'IDP-1',
    oidc_config: { discovery_endpoint: DISCOVERY, ...UNDISCOVERED },
  });
  expect(written()).toEqual({
    method: 'PATCH',
    url: `/connections/${connectionId}`,
    body: {
      type: 'OIDC',
      key_id: 'IDP-1',
      provider: 'CUSTOM',
      attribute_mapping: {},
      configuration_type: 'DISCOVERY',
      oidc_config: { discovery_endpoint: DISCOVERY, ...UNDISCOVERED },
    },
  });
  expect(data.connection).toMatchObject({
    status: 'COMPLETED',
    key_id: 'IDP-1',
    oidc_config: { client_id: 'harborlight', token_uri: expect.stringMatching(/^https:\/\/idp/) },
  });
  expect(data.connection.oidc_config).not.toHaveProperty('client_secret');
  expect(text).not.toContain('hidden');
  expect(server.logText()).not.toContain('hidden-secret');
});

verifies('tools.connections', 'asks for an issuer’s discovery document where OpenID Connect puts it', async () => {
  for (const issuer of ['https://idp.harborlight.example', 'https://idp.harborlight.example/']) {
    await update({ connectionId: await create(), oidc_config: { issuer, ...UNDISCOVERED } });
    expect(written()?.body).toMatchObject({
      configuration_type: 'DISCOVERY',
      oidc_config: { issuer, discovery_endpoint: DISCOVERY },
    });
  }
});

verifies('tools.connections', 'configures endpoint by endpoint, then needs them all', async () => {
  const connectionId = await create();
  const { token_uri, ...incomplete } = ENDPOINTS;
  const refused = await update({ connectionId, oidc_config: { ...incomplete, ...UNDISCOVERED } });
  expect(refused.error).toMatchObject({ code: 'invalid_arguments', field: 'oidc_config.token_uri' });
  expect(written()?.method).toBe('POST');
  const { data } = await update({ connectionId, oidc_config: { ...incomplete, token_uri, ...UNDISCOVERED } });
  expect(data.connection).toMatchObject({ configuration_type: 'MANUAL', status: 'COMPLETED' });
  expect(written()?.body).toMatchObject({ oidc_config: { ...ENDPOINTS, ...UNDISCOVERED } });
  expect(written()?.body).not.toHaveProperty('oidc_config.discovery_endpoint');
});

verifies.each<[string, Record<string, unknown>, Record<string, unknown>]>('tools.connections', [
  ['discovery_endpoint', UNDISCOVERED, {}],
  ['client_id', { discovery_endpoint: DISCOVERY, scopes: ['openid'], token_auth_type: 'BASIC_AUTH' }, {}],
  ['client_secret', { discovery_endpoint: DISCOVERY, ...UNDISCOVERED, client_secret: undefined }, {}],
  [
    'scopes',
    { discovery_endpoint: DISCOVERY, ...UNDISCOVERED, scopes: undefined },
    { allowed: ['openid', 'profile', 'email', 'address', 'phone'] },
  ],
  [
    'token_auth_type',
    { discovery_endpoint: DISCOVERY, ...CREDENTIALS, scopes: ['openid'] },
    { allowed: ['URL_PARAMS', 'BASIC_AUTH'] },
  ],
])('names a missing %s, and writes nothing', async (name, oidc_config, expected) => {
  const connectionId = await create();
  server.exchanges.length = 0;
  const { error } = await update({ connectionId, oidc_config });
  expect(error).toMatchObject({ code: 'invalid_arguments', field: `oidc_config.${name}`, ...expected });
  expect(error.message).toContain(name);
  expect(asked().map(({ method }) => method)).toEqual(['GET']);
});

verifies('tools.connections', 'keeps what a configured connection has and the call does not name', async () => {
  const { data } = await update({ connectionId: CONNECTIONS.okta, oidc_config: { pkce_enabled: false } });
  expect(data.connection).toMatchObject({
    provider: 'OKTA',
    key_id: 'OKTA-1',
    status: 'COMPLETED',
    configuration_type: 'DISCOVERY',
    attribute_mapping: { email: 'email', given_name: 'firstName' },
    oidc_config: {
      issuer: 'https://harborlight-test.okta.example',
      client_id: 'harborlight-okta',
      scopes: ['openid', 'email', 'profile'],
      token_auth_type: 'BASIC_AUTH',
      pkce_enabled: false,
    },
  });
  expect(written()?.body).not.toHaveProperty('oidc_config.client_secret');
  expect(written()?.body).not.toHaveProperty('oidc_config.token_uri');
});

verifies.each('tools.connections', [
  ['client', { client_id: 'another' }],
  ['discovery document', { discovery_endpoint: DISCOVERY }],
  ['issuer', { issuer: 'https://idp.harborlight.example' }],
  ['token endpoint', { token_uri: 'https://elsewhere.example/token' }],
])('wants the secret again for another %s', async (_, oidc_config) => {
  const refused = await update({ connectionId: CONNECTIONS.okta, oidc_config });
  expect(refused.error).toMatchObject({ code: 'invalid_arguments', field: 'oidc_config.client_secret' });
  expect(written()).toBeUndefined();
});

verifies.each<[string, Record<string, unknown>]>('tools.connections', [
  ['oidc_config.redirect_uri', { oidc_config: { redirect_uri: 'https://app.example/callback' } }],
  ['oidc_config.post_logout_redirect_uri', { oidc_config: { post_logout_redirect_uri: 'https://app.example/' } }],
  ['oidc_config.backchannel_logout_redirect_uri', { oidc_config: { backchannel_logout_redirect_uri: 'https://x.y' } }],
  ['oidc_config.scopes.1', { oidc_config: { scopes: ['openid', 'offline_access'] } }],
  ['oidc_config.token_auth_type', { oidc_config: { token_auth_type: 'uri' } }],
  ['oidc_config.token_uri', { oidc_config: { token_uri: 'http://idp.example/token' } }],
  ['oidc_config.issuer', { oidc_config: { issuer: 'https://user:word@idp.example' } }],
  ['provider', { provider: 'CONNECTION_PROVIDER_UNSPECIFIED', oidc_config: {} }],
  ['key_id', { key_id: 'x'.repeat(301), oidc_config: {} }],
  ['connectionId', { connectionId: `conn_${'1'.repeat(28)}`, oidc_config: {} }],
  ['connectionId', { connectionId: 'con_1', oidc_config: {} }],
  ['oidc_config', {}],
  ['type', { type: 'SAML', oidc_config: {} }],
])('refuses a wrong %s before anything is sent', async (field, args) => {
  const { error } = await update({ connectionId: CONNECTIONS.okta, ...args });
  expect(error).toMatchObject({ code: 'invalid_arguments', field });
  expect(asked()).toEqual([]);
});

verifies(
  'tools.connections',
  'reports a key that another connection has, and connections that are not there',
  async () => {
    const taken = await update({ connectionId: CONNECTIONS.okta, key_id: 'AUTH0-1', oidc_config: {} });
    expect(taken.error).toMatchObject({ code: 'conflict', upstream: { status: 409 } });
    const missing = await update({ connectionId: 'conn_1', oidc_config: {} });
    expect(missing.error).toMatchObject({ code: 'not_found', upstream: { status: 404 } });
    const ofCustomer = await update({ connectionId: CONNECTIONS.tidewater, oidc_config: {} });
    expect(ofCustomer.error.code).toBe('not_found');
  },
);

verifies.each('tools.connections-kinds', ['update_environment_oidc_connection', 'enable_environment_connection'])(
  '%s says where the connection of an organization is set up',
  async (tool) => {
    const { error } = await call(tool, {
      connectionId: CONNECTIONS.tidewater,
      ...(tool.startsWith('update') && { oidc_config: {} }),
    });
    expect(error).toMatchObject({ field: 'connectionId', nextTool: tool.replace('environment', 'organization') });
    expect(error.message).toContain(`belongs to organization ${tidewater}`);
    expect(error.message).toContain('admin portal');
  },
);

verifies(
  'tools.connections-kinds',
  'enables an app connection, and says what it is to whoever configures it',
  async () => {
    const off = 'conn_71204418093065004';
    for (const connectionId of [off, 'conn_71204418093065001']) {
      expect((await call('enable_environment_connection', { connectionId })).data).toEqual({ enabled: true });
    }
    const { connections } = (await call('list_app_connections')).data;
    expect(connections.find(({ id }: { id: string }) => id === off)).toMatchObject({ enabled: true });
    const args = { connectionId: 'conn_71204418093065001', oidc_config: { client_id: 'x' } };
    const { error } = await update(args);
    expect(error).toMatchObject({
      code: 'invalid_arguments',
      field: 'connectionId',
      nextTool: 'list_app_connections',
      message: expect.stringContaining('app connection'),
    });
    const another = await update({ ...args, connectionId: 'conn_71204418093065005' });
    expect(another.error.message).toContain('type API_KEY');
  },
);

verifies('tools.connections', 'enables a complete connection', async () => {
  const { data } = await call('enable_environment_connection', { connectionId: CONNECTIONS.auth0 });
  expect(data).toEqual({ enabled: true });
  expect(written()).toEqual({
    method: 'PATCH',
    url: `/connections/${CONNECTIONS.auth0}:enable`,
    body: undefined,
  });
  const listed = await call('list_environment_connections');
  expect(listed.data.connections.find(({ id }: { id: string }) => id === CONNECTIONS.auth0).enabled).toBe(true);
  const missing = await call('enable_environment_connection', { connectionId: 'conn_1' });
  expect(missing.error.code).toBe('not_found');
});

verifies('tools.connections', 'does not take the success of a failed enabling for one', async () => {
  const { data, error } = await call('enable_environment_connection', { connectionId: await create() });
  expect(data).toBeUndefined();
  expect(error).toMatchObject({
    code: 'invalid_request',
    retryable: false,
    nextTool: 'update_environment_oidc_connection',
    upstream: { status: 200, message: 'connection configuration is incomplete' },
  });
  expect(error.message).not.toContain('incomplete');
});

verifies('tools.connections', 'finds a connection by its organization’s name and domain in the list', async () => {
  const { data } = await call('list_organization_connections', { organizationId: tidewater });
  expect(data.connections).toMatchObject([
    { organization_name: 'Tidewater Logistics', domains: ['tidewater.example'], enabled: true },
  ]);
});
