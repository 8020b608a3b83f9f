import { describe, expect, it } from 'vitest';
import { verifies } from '../verifies.ts';
import { answerProblems, OPERATIONS, type RequestFacts, requestProblems } from './contract.ts';
import { PUBLISHED_OPERATIONS, SDK_OPERATIONS } from './registry.ts';

/** Kind of mistake, a request that makes it, and a part of the one complaint about it. */
type Planted = readonly [kind: string, request: RequestFacts, complaint: string];

const get = (url: string): RequestFacts => ({ method: 'GET', url });
const post = (url: string, body?: unknown): RequestFacts => ({ method: 'POST', url, body });
const patch = (url: string, body?: unknown): RequestFacts => ({ method: 'PATCH', url, body });
const put = (url: string, body?: unknown): RequestFacts => ({ method: 'PUT', url, body });

const organization = (more: object = {}) => post('/organizations', { display_name: 'Acme', ...more });
const mcpServer = (more: object) => post('/resources', { resource_type: 'MCP_SERVER', name: 'Tools', ...more });

const right: readonly RequestFacts[] = [
  get('/environments?page_size=20'),
  get('/environments/env_1'),
  get('/organizations?page_size=10&page_token=abc&external_id=x'),
  get('/organizations/org_1'),
  organization({ region_code: 'EU', metadata: { team: 'a' }, external_id: 'x', slug: 'acme' }),
  put('/organizations/org_1/portal_links?features=sso&features=dir_sync'),
  patch('/organizations/org_1/settings', { features: [{ name: 'sso', enabled: true }] }),
  get('/organizations/org_1/users?page_size=100'),
  post('/organizations/org_1/users?send_invitation_email=true', {
    email: 'ada@example.com',
    membership: { roles: [{ name: 'admin' }] },
    user_profile: { given_name: 'Ada' },
  }),
  get('/clients?filter.client_type=ENV&page_size=30'),
  get('/connections/app'),
  patch('/connections/conn_1:enable'),
  mcpServer({ access_token_expiry: '3600', refresh_token_expiry: 86_400 }),
  put('/resources/res_1/provider:delete'),
  get('/connected_accounts/details?connector=gmail&identifier=a%40b.c'),
  post('/connected_accounts/ca_1:disconnect', {}),
  post('/execute_tool', { tool_name: 'send', params: { any: { thing: [1] } }, connected_account_id: 'ca_1' }),
  post('/members', { email: 'ada@example.com', role: 'USER' }),
  get('/providers?filter.provider_type=ALL'),
  post('/mcp/configs/cfg_1/tokens', { identifier: 'ada', expiry: '3600s' }),
  post('/mcp/instances/inst_1:get_auth_state?include_auth_links=true'),
];

const routing: readonly Planted[] = [
  ['unknown path', get('/organisations'), 'no such path'],
  ['prefix left on', get('/api/v1/organizations'), 'no such path'],
  ['wrong verb', put('/organizations', {}), 'the path has GET, POST only'],
  ['wrong custom verb', patch('/connections/conn_1:activate'), 'no such path'],
  ['wrong verb of a custom verb', get('/connections/conn_1:enable'), 'the path has PATCH only'],
  ['bad encoding', get('/organizations/%E0%A4%A'), 'not well encoded'],
];

const names: readonly Planted[] = [
  ['unknown parameter', get('/organizations?limit=10'), 'query limit: is not a field'],
  ['camelCase parameter', get('/organizations?pageSize=10'), 'it is spelled page_size'],
  ['unknown nested parameter', get('/clients?filter.kind=ENV'), 'query kind: is not a field'],
  ['camelCase nested parameter', get('/clients?filter.clientType=ENV'), 'it is spelled client_type'],
  ['members of a scalar', get('/organizations?page_size.max=10'), 'page_size has no fields'],
  ['a message as parameter', get('/clients?filter=ENV'), 'does not fit'],
  ['parameter twice', get('/organizations?page_size=10&page_size=20'), 'is there 2 times'],
  ['parameter from the path', get('/organizations/org_1?id=org_2'), 'in the path already'],
  ['unknown field', organization({ environment_id: 'env_1' }), 'organization.environment_id: is not a field'],
  ['camelCase field', organization({ externalId: 'x' }), 'it is spelled external_id'],
  [
    'unknown field in an array',
    patch('/organizations/org_1/settings', { features: [{ name: 'sso', enabled: true, on: true }] }),
    'settings.features[0].on: is not a field',
  ],
  ['field of the prototype', organization({ constructor: 'x' }), 'organization.constructor: is not a field'],
  ['field only of answers', organization({ create_time: '2026-01-01T00:00:00Z' }), 'is not a field'],
  ['output-only field', post('/mcp/configs', { name: 'mail', id: 'cfg_1' }), 'config.id: only the API sets it'],
  ['output-only parameter', patch('/clients/skc_1?mask=name', { name: 'x' }), 'mask: only the API sets it'],
];

const bodies: readonly Planted[] = [
  ['body where there is none', { ...get('/organizations'), body: {} }, 'has no body'],
  ['body of a custom verb without one', patch('/connections/conn_1:enable', {}), 'has no body'],
  ['no body where there is one', post('/connected_accounts/ca_1:disconnect'), 'none was sent'],
  ['body field around the body', organization({ organization: {} }), 'organization.organization: is not a field'],
  ['array for an object', post('/connected_accounts/ca_1:disconnect', []), 'is not an object'],
  ['query beside a whole body', post('/execute_tool?identifier=a', { tool_name: 'x' }), 'has no query'],
  ['body field in the query', post('/organizations?organization=x', { display_name: 'Acme' }), 'belongs into the body'],
  ['path field in the body', put('/mcp/configs/cfg_1', { config_id: 'cfg_2' }), 'config_id: is in the path already'],
];

const types: readonly Planted[] = [
  ['string', organization({ external_id: 7 }), 'external_id from JSON: expected string'],
  ['boolean', mcpServer({ enable_cimd: 'yes' }), 'expected boolean'],
  ['boolean in the query', post('/mcp/instances/inst_1:get_auth_state?include_auth_links=1'), 'expected boolean'],
  ['uint32', get('/organizations?page_size=-1'), 'expected number (uint32): -1 out of range'],
  ['uint32 in the query', get('/organizations?page_size=ten'), 'expected number (uint32), got'],
  ['int64', mcpServer({ access_token_expiry: '1h' }), 'expected bigint (int64)'],
  ['fraction for int64', mcpServer({ access_token_expiry: 1.5 }), 'expected bigint (int64)'],
  ['enum name', organization({ region_code: 'MOON' }), 'cannot decode enum scalekit.v1.commons.RegionCode'],
  ['enum number', organization({ region_code: 1 }), 'expected one of'],
  ['array', patch('/organizations/org_1/settings', { features: {} }), 'features from JSON: expected Array'],
  ['map', organization({ metadata: [] }), 'metadata from JSON: expected object'],
  ['map value', organization({ metadata: { team: 7 } }), 'map entry "team": expected string'],
  [
    'message',
    patch('/organizations/org_1/settings', { features: ['sso'] }),
    'cannot decode message scalekit.v1.organizations.OrganizationSettingsFeature',
  ],
  ['struct', post('/execute_tool', { tool_name: 'x', params: [] }), 'cannot decode message google.protobuf.Struct'],
  [
    'duration',
    post('/mcp/configs/cfg_1/tokens', { identifier: 'a', expiry: 3600 }),
    'cannot decode message google.protobuf.Duration',
  ],
  ['timestamp', get('/users/usr_1/sessions?filter.start_time=today'), 'invalid RFC 3339'],
  ['null', organization({ external_id: null }), 'must not be null'],
];

const rules: readonly Planted[] = [
  ['required field', post('/organizations', {}), 'organization.display_name: must be at least 1 character'],
  [
    'required field, empty',
    post('/organizations', { display_name: '' }),
    'organization.display_name: must be at least 1',
  ],
  ['required enum, unspecified', mcpServer({ resource_type: 'RESOURCE_TYPE_UNSPECIFIED' }), 'value is required'],
  ['documented as required', post('/mcp/configs/cfg_1/tokens', {}), 'identifier: '],
  ['required parameter', get('/resources'), 'resource_type: value is required'],
  ['rule of a field that is not set', post('/members', {}), 'member.email: value is empty'],
  ['min_len', get('/organizations:search?query=ab'), 'must be at least 3 characters'],
  ['max_len', organization({ display_name: 'é'.repeat(201) }), 'must be at most 200 characters'],
  ['max_len in the path', get(`/organizations/${'o'.repeat(33)}`), 'id: must be at most 32'],
  ['pattern', post('/scopes', { name: 'read-all' }), 'does not match'],
  ['pattern in CEL', post('/permissions', { name: 'a b' }), 'can only contain letters'],
  ['prefix', { method: 'DELETE', url: '/scopes/scope_1' }, 'id: does not have prefix `scp_`'],
  ['email', post('/members', { email: 'ada' }), 'must be a valid email address'],
  ['uri', patch('/clients/skc_1', { back_channel_logout_uris: ['nowhere'] }), 'must be a valid URI'],
  ['lt', get('/connected_accounts?page_size=100'), 'less than 100'],
  ['lte', get('/clients?page_size=31'), 'must be less than or equal to 30'],
  [
    'gte of a duration',
    post('/mcp/configs/cfg_1/tokens', { identifier: 'a', expiry: '1s' }),
    'must be greater than or equal to 60s',
  ],
  ['unique', patch('/clients/skc_1', { post_login_uris: ['https://a.b', 'https://a.b'] }), 'must contain unique items'],
  [
    'in',
    connectionWith({ webauthn_config: { authenticator_selection: { user_verification: 'maybe' } } }),
    'must be in list [required, preferred, discouraged]',
  ],
  [
    'min_items',
    connectionWith({ webauthn_config: { rp: { ids: [], origins: ['https://a.b'] } } }),
    'must contain at least 1 item',
  ],
  [
    'max_items',
    post('/mcp/configs', { name: 'a', connection_tool_mappings: Array(26).fill({ connection_name: 'b' }) }),
    'must contain no more than 25 item',
  ],
  [
    'max_pairs',
    organization({ metadata: Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`key${i}`, 'x'])) }),
    'must be at most 10 entries',
  ],
  ['keys of a map', organization({ metadata: { a: 'x' } }), 'metadata["a"]: its key must be at least 3'],
  ['values of a map', organization({ metadata: { team: '' } }), 'metadata["team"]: must be at least 1'],
  ['a rule of a message', post('/connections', { type: 'OIDC' }), 'connection: provider or provider_key is required'],
  [
    'oneof',
    connectionWith({ oidc_config: {}, saml_config: {} }),
    'oneof set multiple times by oidc_config and saml_config',
  ],
];

function connectionWith(settings: object): RequestFacts {
  return patch('/connections/conn_1', { provider: 'OKTA', type: 'OIDC', ...settings });
}

describe('the contract', () => {
  verifies(
    'contract.descriptors',
    'knows the operations of the SDK’s descriptors and those published elsewhere',
    () => {
      expect(SDK_OPERATIONS.length).toBeGreaterThanOrEqual(150);
      expect(OPERATIONS.length).toBe(SDK_OPERATIONS.length + PUBLISHED_OPERATIONS.length);
    },
  );

  it('writes down by hand only what the descriptors do not have', () => {
    const anonymous = ({ verb, path }: { readonly verb: string; readonly path: string }) =>
      `${verb} ${path.replace(/\{\w+\}/g, '{}')}`;
    const described = new Set(SDK_OPERATIONS.map(anonymous));
    expect(PUBLISHED_OPERATIONS.map(anonymous).filter((binding) => described.has(binding))).toEqual([]);
  });

  it('has a request field for each parameter of a path, and for each body', () => {
    const lost = OPERATIONS.filter(({ path, body, method }) => {
      const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => String(name));
      return [...parameters, ...(body === undefined || body === '*' ? [] : [body])].some(
        (name) => !method.input.fields.some((field) => field.name === name),
      );
    });
    expect(lost.map(({ name }) => name)).toEqual([]);
  });
});

describe('requestProblems', () => {
  it.each(right.map((request) => [`${request.method} ${request.url}`, request] as const))(
    'finds nothing wrong with %s',
    (_, request) => {
      expect(requestProblems(request)).toEqual([]);
    },
  );

  verifies.each('contract.descriptors', [...routing, ...names, ...bodies, ...types, ...rules])(
    'finds a planted mistake: %s',
    (_kind, request, complaint) => {
      expect(requestProblems(request)).toEqual([expect.stringContaining(complaint)]);
    },
  );

  it('finds every mistake of a request', () => {
    expect(requestProblems(organization({ display_name: 'x'.repeat(201), region: 'EU', slug: 'A' }))).toEqual([
      expect.stringContaining('organization.region'),
      expect.stringContaining('organization.display_name'),
      expect.stringContaining('organization.slug'),
    ]);
  });

  it('takes the more literal of two paths', () => {
    expect(requestProblems(get('/connections/app?page_size=31'))).toEqual([
      'page_size: must be less than or equal to 30',
    ]);
    expect(requestProblems(get('/connections/conn_1?page_size=31'))).toEqual([expect.stringContaining('not a field')]);
  });
});

describe('answerProblems', () => {
  const answer = (body: unknown, url = '/organizations/org_1') =>
    answerProblems({ method: 'GET', url, status: 200, body });
  const anOrganization = {
    id: 'org_1',
    create_time: '2026-01-01T00:00:00.123Z',
    display_name: '',
    region_code: 'US',
    metadata: { a: 'x' },
    settings: null,
  };
  const aResource = { id: 'res_1', access_token_expiry: '3600', disable_dynamic_client_registration: false };

  it('finds nothing wrong with right answers, which rules for requests do not concern', () => {
    expect(answer({ organization: anOrganization })).toEqual([]);
    expect(answer({ resource: aResource }, '/resources/res_1')).toEqual([]);
    expect(answer({ organizations: [anOrganization], total_size: 1, next_page_token: '' }, '/organizations')).toEqual(
      [],
    );
    expect(answer({ workspace: { id: 'wks_1' }, context: null }, '/workspaces:this')).toEqual([]);
  });

  verifies.each('contract.descriptors', [
    ['unknown field', { organization: { ...anOrganization, name: 'x' } }, 'organization.name: is not a field'],
    ['camelCase field', { organization: { displayName: 'x' } }, 'it is spelled display_name'],
    ['message without its name', { id: 'org_1' }, 'id: is not a field'],
    ['no body', undefined, 'the body: expected an object'],
    ['string', { organization: { id: 1 } }, 'Organization.id from JSON: expected string'],
    ['null for a string', { organization: { external_id: null } }, 'must not be null'],
    ['enum by number', { organization: { region_code: 1 } }, 'expected one of'],
    [
      'unknown enum name',
      { organization: { region_code: 'MOON' } },
      'cannot decode enum scalekit.v1.commons.RegionCode',
    ],
    [
      'timestamp as number',
      { organization: { create_time: 1_767_225_600 } },
      'cannot decode message google.protobuf.Timestamp',
    ],
    ['timestamp in local form', { organization: { create_time: '2026-01-01 00:00' } }, 'invalid RFC 3339'],
    ['map', { organization: { metadata: { a: 1 } } }, 'map entry "a": expected string'],
    ['list', { organization: { settings: { features: null } } }, 'must not be null'],
    ['entry of a list', { organization: { settings: { features: [{ title: 'sso' }] } } }, 'features[0].title'],
  ])('finds a planted mistake: %s', (_kind, body, complaint) => {
    expect(answer(body)).toEqual([expect.stringContaining(complaint)]);
  });

  it('wants 64-bit integers as strings and others as numbers', () => {
    const expiry = answer({ resource: { ...aResource, access_token_expiry: 3600 } }, '/resources/res_1');
    expect(expiry).toEqual([expect.stringContaining('expected a string of digits')]);
    const total = answer({ organizations: [], total_size: '1' }, '/organizations');
    expect(total).toEqual([expect.stringContaining('total_size: expected a number')]);
  });

  it('wants a google.rpc.Status from refusals, whatever was asked', () => {
    const refused = (body: unknown) => answerProblems({ method: 'GET', url: '/nowhere', status: 404, body });
    const detail = { '@type': 'type.googleapis.com/scalekit.v1.errdetails.ErrorInfo', error_code: 'NOT_FOUND' };
    expect(refused({ code: 5, message: 'not found', details: [detail] })).toEqual([]);
    expect(refused({ code: 5, message: 'not found', details: [{ ...detail, reason: 'x' }] })).toEqual([
      expect.stringContaining('details[0].reason: is not a field'),
    ]);
    expect(refused({ code: 404, message: 'not found', details: [{}], error: 'x' })).toEqual([
      expect.stringContaining('error: is not a field'),
      expect.stringContaining('code: expected'),
      expect.stringContaining('details[0].@type: expected'),
    ]);
    expect(refused({ code: 5 })).toEqual([
      expect.stringContaining('message: expected'),
      expect.stringContaining('details: expected'),
    ]);
    expect(refused('<html>')).toEqual([expect.stringContaining('expected a google.rpc.Status')]);
  });

  it('knows no answer of an operation that there is not', () => {
    expect(answer({}, '/nowhere')).toEqual([expect.stringContaining('no such path')]);
  });
});
