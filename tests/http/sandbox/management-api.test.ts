import { once } from 'node:events';
import { get } from 'node:http';
import { json } from 'node:stream/consumers';
import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  DEVELOPMENT_ORGANIZATION_IDS,
  ENVIRONMENT_DOMAINS,
  ENVIRONMENT_IDS,
  PERSON_IDS,
  PRODUCTION_ORGANIZATION_IDS,
  WORKSPACE_ID,
} from '../../../src/sandbox/data/ids.ts';
import type { ObservedRequest } from '../../../src/sandbox/gateway/observed-request.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.ts';
import { verifies } from '../../verifies.ts';
import { Client } from './browser.ts';

const ENVIRONMENT_CLIENT = { id: 'skc_development', secret: 'secret' };
const { development, production } = ENVIRONMENT_DOMAINS;

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into, not typed.
  readonly body: any;
}

interface Ask {
  readonly token?: string | undefined;
  readonly domain?: string | undefined;
  readonly method?: string;
  readonly body?: unknown;
}

const observed: ObservedRequest[] = [];
let sandbox: Sandbox;
let machine: string;
let environmentToken: string;

async function clientToken(id: string, secret: string): Promise<string> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret });
  const response = await fetch(`${sandbox.url}/oauth/token`, { method: 'POST', body });
  return ((await response.json()) as { access_token: string }).access_token;
}

async function api(path: string, { token = machine, domain, method = 'GET', body }: Ask = {}): Promise<Answer> {
  const response = await fetch(`${sandbox.url}/api/v1${path}`, {
    method,
    headers: {
      ...(token !== '' && { authorization: `Bearer ${token}` }),
      ...(domain !== undefined && { 'x-env-domain': domain }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

const create = (body: unknown, domain: string = development) => api('/organizations', { method: 'POST', domain, body });
const violations = ({ body }: Answer) => body.details[0].validation_error_info?.field_violations;

/** Which field of a request the sandbox says that it does not play. */
const notPlayed = ({ status, body }: Answer) => [status, body.code, /not play (\S+) of/.exec(body.message)?.[1]];

beforeAll(async () => {
  sandbox = await startSandbox({
    port: 0,
    resource: 'http://localhost:3002/mcp',
    environmentClient: ENVIRONMENT_CLIENT,
    observe: (request) => observed.push(request),
  });
  machine = await clientToken('sandbox-machine', 'sandbox-secret');
  environmentToken = await clientToken(ENVIRONMENT_CLIENT.id, ENVIRONMENT_CLIENT.secret);
});
afterAll(() => sandbox.close());
beforeEach(() => {
  observed.length = 0;
});

describe('environments', () => {
  it('are listed with their paging, and read one by one', async () => {
    const { status, body, headers } = await api('/environments');
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(body).toMatchObject({ next_page_token: '', total_size: 2 });
    expect(body).not.toHaveProperty('prev_page_token');
    expect(body.environments.map(({ id }: { id: string }) => id)).toEqual(Object.values(ENVIRONMENT_IDS));
    const one = await api(`/environments/${ENVIRONMENT_IDS.production}`);
    expect(one.body).toEqual({ environment: body.environments[1] });
    expect(one.body.environment).toMatchObject({
      domain: production,
      type: 'PRD',
      custom_domain: expect.any(String),
      custom_domain_status: 'ACTIVE',
    });
    // An optional field that is unset is left out; everything else is there.
    expect(body.environments[0]).not.toHaveProperty('custom_domain');
  });

  it('are not found, or refused for the form of their id', async () => {
    expect(await api('/environments/env_1')).toMatchObject({ status: 404, body: { code: 5 } });
    const refused = await api('/environments/org_1');
    expect(refused).toMatchObject({ status: 400, body: { code: 3 } });
    expect(violations(refused)).toEqual([
      { field: 'id', description: 'does not have prefix `env`', constraint: 'string.prefix' },
    ]);
    expect((await api(`/environments/env_${'1'.repeat(40)}`)).status).toBe(400);
  });
});

describe('the workspace', () => {
  it('is that of the token', async () => {
    const { body } = await api('/workspaces:this');
    expect(body).toMatchObject({ workspace: { id: WORKSPACE_ID, display_name: 'Harborlight' }, context: null });
  });

  it('knows a person by their token, and a machine not at all', async () => {
    const client = await Client.register(sandbox);
    const { access_token: token } = await client.authorize({}, { person: PERSON_IDS.colleague });
    const { body } = await api('/members:this', { token });
    expect(body.member).toMatchObject({ id: PERSON_IDS.colleague, role: 'USER', workspace_id: WORKSPACE_ID });
    expect((await api('/members:this')).status).toBe(404);
  });
});

describe('organizations', () => {
  verifies('sandbox.contract', 'are paged by opaque tokens, forwards and back', async () => {
    const first = await api('/organizations', { domain: development });
    expect(first.body).toMatchObject({ total_size: 13, prev_page_token: '' });
    expect(first.body.organizations).toHaveLength(10);
    const second = await api(`/organizations?page_token=${first.body.next_page_token}`, { domain: development });
    expect(second.body).toMatchObject({ total_size: 13, next_page_token: '' });
    const ids = [...first.body.organizations, ...second.body.organizations].map(({ id }: { id: string }) => id);
    expect(ids).toEqual(Object.values(DEVELOPMENT_ORGANIZATION_IDS).toReversed());
    const back = await api(`/organizations?pageToken=${second.body.prev_page_token}`, { domain: development });
    expect(back.body.organizations).toEqual(first.body.organizations);
  });

  verifies('sandbox.contract', 'keep page sizes and tokens within their rules', async () => {
    const ask = (query: string, domain: string = production) => api(`/organizations?${query}`, { domain });
    expect((await ask('page_size=2')).body.organizations).toHaveLength(2);
    expect((await ask('page_size=100')).body.organizations).toHaveLength(6);
    expect((await ask('page_size=0')).body.organizations).toHaveLength(6);
    const large = await ask('page_size=101');
    expect(large.status).toBe(400);
    expect(violations(large)).toEqual([
      { field: 'page_size', description: 'must be less than or equal to 100', constraint: 'uint32.lte' },
    ]);
    for (const size of ['x', '-1', '1.5', '4294967296']) {
      expect(await ask(`page_size=${size}`)).toMatchObject({ status: 400, body: { code: 3 } });
    }
    expect(await ask('page_size=1&page_size=2')).toMatchObject({ status: 400, body: { code: 3 } });
    const { next_page_token } = (await ask('page_size=2')).body;
    const forged = Buffer.from('{"start":-5,"listing":"x"}').toString('base64url');
    for (const token of ['garbage', '1', forged]) {
      expect(violations(await ask(`page_token=${token}`))).toMatchObject([{ field: 'page_token' }]);
    }
    expect(violations(await ask(`page_token=${next_page_token}`, development))).toMatchObject([
      { field: 'page_token' },
    ]);
    expect((await ask('nonsense=1')).status).toBe(200);
  });

  verifies('sandbox.contract', 'are found by part of a name, an id or an external id, in any case', async () => {
    const found = async (query: string) => {
      const { body } = await api(`/organizations:search?query=${query}`, { domain: production });
      return body.organizations.map(({ id }: { id: string }) => id);
    };
    const { tidewater, umi } = PRODUCTION_ORGANIZATION_IDS;
    expect(await found('WATER')).toEqual([tidewater]);
    expect(await found('hl-1007')).toEqual([umi]);
    expect(await found(umi.slice(4))).toEqual([umi]);
    expect(await found('nobody')).toEqual([]);
    expect(violations(await api('/organizations:search?query=ab', { domain: production }))).toMatchObject([
      { field: 'query' },
    ]);
    expect((await api('/organizations:search?query=abc&page_size=31', { domain: production })).status).toBe(400);
  });

  it('are found by external id', async () => {
    const { body } = await api('/organizations?external_id=hl-1005', { domain: production });
    expect(body.organizations.map(({ id }: { id: string }) => id)).toEqual([PRODUCTION_ORGANIZATION_IDS.lagerhaus]);
    expect((await api('/organizations?external_id=none', { domain: production })).body).toMatchObject({
      organizations: [],
      total_size: 0,
    });
  });

  it('live in one environment each', async () => {
    const path = `/organizations/${DEVELOPMENT_ORGANIZATION_IDS.umi}`;
    const found = await api(path, { domain: development });
    expect(found.body.organization).toMatchObject({
      display_name: '海運株式会社ウミネコ',
      settings: { features: expect.any(Array) },
    });
    expect(await api(path, { domain: production })).toMatchObject({ status: 404, body: { code: 5 } });
    expect((await api(`/organizations/org_${'1'.repeat(40)}`, { domain: development })).status).toBe(400);
  });

  it('need an environment that the workspace has', async () => {
    for (const domain of [undefined, '']) {
      const missing = await api('/organizations', { domain });
      expect(missing).toMatchObject({ status: 400, body: { code: 3 } });
      expect(violations(missing)).toMatchObject([{ field: 'x-env-domain' }]);
    }
    expect(await api('/organizations', { domain: 'elsewhere.scalekit.example' })).toMatchObject({ status: 404 });
  });

  it('are created with every field, and read back', async () => {
    const wanted = {
      display_name: 'Lighthouse Bakery',
      region_code: 'EU',
      external_id: 'hl-2001',
      metadata: { plan: 'trial', __proto__x: 'y' },
      slug: 'lighthouse-bakery',
      logo_url: 'https://cdn.harborlight.example/logos/bakery.png',
    };
    const { status, body } = await create({ ...wanted, environment_id: 'ignored', no_such_field: { a: 1 } });
    expect(status).toBe(201);
    const { organization } = body;
    expect(organization).toEqual({
      ...wanted,
      id: expect.stringMatching(/^org_\d+$/),
      create_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      update_time: organization.create_time,
      settings: { features: [] },
    });
    const read = await api(`/organizations/${organization.id}`, { domain: development });
    expect(read.body).toEqual(body);
    expect((await api('/organizations?external_id=hl-2001', { domain: development })).body.total_size).toBe(1);
  });

  verifies('sandbox.contract', 'are created from camelCase names and with nothing but a name', async () => {
    const { body } = await create({ displayName: 'Camel Couriers', externalId: 'camel-1', slug: null });
    expect(body.organization).toEqual({
      id: expect.any(String),
      create_time: expect.any(String),
      update_time: expect.any(String),
      display_name: 'Camel Couriers',
      external_id: 'camel-1',
      region_code: 'REGION_CODE_UNSPECIFIED',
      metadata: {},
      settings: { features: [] },
    });
  });

  verifies('sandbox.contract', 'have an external id that is taken once per environment', async () => {
    const body = { display_name: 'Twin', external_id: 'twin-1' };
    expect((await create(body)).status).toBe(201);
    const second = await create(body);
    expect(second).toMatchObject({ status: 409, body: { code: 6 } });
    expect(second.body.details[0].error_code).toBe('ALREADY_EXISTS');
    expect((await create(body, production)).status).toBe(201);
    expect((await create({ display_name: 'First', slug: 'label-1' })).status).toBe(201);
    expect((await create({ display_name: 'Second', slug: 'label-1' })).status).toBe(409);
  });

  it.each<[string, object, string, string]>([
    ['no name', {}, 'organization.display_name', 'string.min_len'],
    ['an empty name', { display_name: '' }, 'organization.display_name', 'string.min_len'],
    ['a long name', { display_name: '🐟'.repeat(201) }, 'organization.display_name', 'string.max_len'],
    ['a bad slug', { display_name: 'x', slug: 'Not A Slug' }, 'organization.slug', 'string.pattern'],
    ['an empty slug', { display_name: 'x', slug: '' }, 'organization.slug', 'string.min_len'],
    ['a long logo', { display_name: 'x', logo_url: 'x'.repeat(1025) }, 'organization.logo_url', 'string.max_len'],
    ['a short key', { display_name: 'x', metadata: { ab: 'v' } }, 'organization.metadata["ab"]', 'string.min_len'],
    ['an empty value', { display_name: 'x', metadata: { abc: '' } }, 'organization.metadata["abc"]', 'string.min_len'],
    [
      'too many pairs',
      { display_name: 'x', metadata: Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`key${i}`, 'v'])) },
      'organization.metadata',
      'map.max_pairs',
    ],
  ])('are refused with %s', async (_name, body, field, constraint) => {
    const refused = await create(body);
    expect(refused).toMatchObject({ status: 400, body: { code: 3, message: expect.stringContaining(field) } });
    expect(violations(refused)).toEqual(
      expect.arrayContaining([{ field, description: expect.any(String), constraint }]),
    );
  });

  verifies('sandbox.contract', 'are refused for every broken rule at once', async () => {
    const refused = await create({ display_name: '', slug: '-', metadata: { a: 'v' } });
    expect(violations(refused).map(({ field }: { field: string }) => field)).toEqual([
      'organization.display_name',
      'organization.metadata["a"]',
      'organization.slug',
    ]);
  });

  it('accept 200 characters, not bytes', async () => {
    expect((await create({ display_name: '🐟'.repeat(200) })).status).toBe(201);
  });

  it.each<[string, unknown]>([
    ['a number for a name', { display_name: 5 }],
    ['a list for a map', { display_name: 'x', metadata: ['a'] }],
    ['a number in a map', { display_name: 'x', metadata: { plan: 5 } }],
    ['an unknown region', { display_name: 'x', region_code: 'MARS' }],
    ['a list', []],
    ['no JSON', '{"display_name":'],
  ])('are refused with %s', async (_name, body) => {
    expect(await create(body)).toMatchObject({
      status: 400,
      body: { code: 3, message: expect.stringContaining('proto:') },
    });
  });

  it('are refused without a body', async () => {
    const refused = await api('/organizations', { method: 'POST', domain: development });
    expect(violations(refused)).toEqual([
      { field: 'organization', description: 'value is required', constraint: 'required' },
    ]);
  });

  it('are refused with a body larger than 4 MiB', async () => {
    expect((await create({ display_name: 'x'.repeat(5 * 1024 * 1024) })).status).toBe(400);
  });
});

describe('the credential', () => {
  it('is looked for in the header alone', async () => {
    const none = await api(`/environments?access_token=${machine}`, { token: '' });
    expect(none).toMatchObject({ status: 401, body: { code: 16, message: 'Token empty' } });
    expect(none.body.details).toEqual([
      {
        '@type': 'type.googleapis.com/scalekit.v1.errdetails.ErrorInfo',
        error_code: 'UNAUTHENTICATED',
        request_info: { request_id: none.headers.get('x-request-id'), serving_data: '' },
      },
    ]);
  });

  it('must be signed by a published key', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    const { keys } = (await (await fetch(`${sandbox.url}/keys`)).json()) as { keys: { kid: string }[] };
    const forged = await new SignJWT({ client_id: 'sandbox-machine' })
      .setProtectedHeader({ alg: 'RS256', kid: String(keys[0]?.kid) })
      .setIssuer(sandbox.url)
      .setSubject('sandbox-machine')
      .setExpirationTime('1h')
      .sign(privateKey);
    const [header, payload] = machine.split('.');
    for (const token of [forged, 'abc', 'a.b.c', `${header}.${payload}.`, `${machine}x`]) {
      expect(await api('/environments', { token })).toMatchObject({ status: 401, body: { code: 16 } });
    }
  });

  it('expires', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3601_000 });
    try {
      expect((await api('/environments')).status).toBe(401);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is good from either issuer', async () => {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'sandbox-machine',
      client_secret: 'sandbox-secret',
      scope: 'wks:read',
    });
    const response = await fetch(`${sandbox.url}/resources/${sandbox.serverId}/oauth/token`, { method: 'POST', body });
    const { access_token: token } = (await response.json()) as { access_token: string };
    // The six scopes are the MCP server's business, not the API's.
    expect((await api('/environments', { token })).status).toBe(200);
  });

  it('of an environment opens that environment and nothing of the workspace', async () => {
    const token = environmentToken;
    for (const domain of [undefined, development]) {
      const { body } = await api('/organizations?external_id=hl-1001', { token, domain });
      expect(body.organizations[0].id).toBe(DEVELOPMENT_ORGANIZATION_IDS.tidewater);
    }
    expect(await api('/organizations', { token, domain: production })).toMatchObject({
      status: 403,
      body: { code: 7 },
    });
    for (const [path, permissions] of [
      ['/environments', []],
      [`/environments/${ENVIRONMENT_IDS.development}`, ['environment_settings:read']],
    ] as const) {
      const refused = await api(path, { token });
      expect(refused).toMatchObject({ status: 403, body: { code: 7 } });
      expect(refused.body.details[0].resource_info.required_permissions).toEqual(permissions);
    }
    expect((await api('/workspaces:this', { token })).status).toBe(200);
  });
});

describe('routing', () => {
  it('knows no other path and no other verb, with or without a credential', async () => {
    for (const token of [machine, '']) {
      expect(await api('/nothing', { token })).toMatchObject({
        status: 404,
        body: { code: 5, message: 'Not Found', details: [] },
      });
      expect(await api('/environments', { token, method: 'DELETE' })).toMatchObject({
        status: 501,
        body: { code: 12, message: 'Method Not Allowed', details: [] },
      });
    }
    expect((await api('/environments/')).status).toBe(404);
    expect((await api('/environments/a/b')).status).toBe(404);
    expect((await api('/environments/%E0%A4%A')).status).toBe(400);
  });

  it('takes dot segments for what they are', async () => {
    // fetch would resolve them before they leave.
    const path = '/api/v1/organizations/%2e%2e';
    const headers = { authorization: `Bearer ${machine}`, 'x-env-domain': development };
    const [response] = await once(get(sandbox.url, { path, headers }), 'response');
    expect([response.statusCode, (await json(response)) as object]).toEqual([
      404,
      expect.objectContaining({ message: 'organization not found' }),
    ]);
  });

  it('decodes a path segment and never splits it', async () => {
    const path = `/organizations/${encodeURIComponent('../environments')}`;
    expect(await api(path, { domain: development })).toMatchObject({
      status: 404,
      body: { message: 'organization not found' },
    });
  });
});

describe('observation', () => {
  it('sees every request as it came, without the credential', async () => {
    await create({ display_name: 'Observed', external_id: 'observed-1' });
    await api('/organizations?page_size=1&pageToken=', { domain: development, token: environmentToken });
    await api('/nothing', { token: '' });
    expect(observed).toMatchObject([
      {
        method: 'POST',
        url: '/api/v1/organizations',
        body: { display_name: 'Observed', external_id: 'observed-1' },
        headers: { 'x-env-domain': development },
        principal: { kind: 'workspace', subject: 'sandbox-machine' },
      },
      {
        method: 'GET',
        url: '/api/v1/organizations?page_size=1&pageToken=',
        body: undefined,
        principal: { kind: 'client', environmentId: ENVIRONMENT_IDS.development },
      },
      { url: '/api/v1/nothing', principal: undefined },
    ]);
    for (const { headers } of observed) expect(headers).not.toHaveProperty('authorization');
  });
});

describe('two sandboxes', () => {
  it('share nothing', async () => {
    const other = await startSandbox({ port: 0, resource: 'http://localhost:3002/mcp' });
    const response = await fetch(`${other.url}/api/v1/environments`, {
      headers: { authorization: `Bearer ${machine}` },
    });
    expect([response.status, other.serverId]).toEqual([401, sandbox.serverId]);
    await other.close();
  });
});

describe('the secrets of a client', () => {
  const client = '/clients/skc_71204418093064101';
  const suffixes = async () => {
    const { secrets } = (await api(client, { domain: development })).body.client;
    return secrets.map(({ secret_suffix }: { secret_suffix: string }) => secret_suffix) as string[];
  };
  const make = () => api(`${client}/secrets`, { method: 'POST', domain: development });
  const remove = (id: string) => api(`${client}/secrets/${id}`, { method: 'DELETE', domain: development });

  verifies('sandbox.secrets', 'are shown once, stand oldest first, are five at most, and one at least', async () => {
    const before = await suffixes();
    const made: { id: string; secret_suffix: string }[] = [];
    while (before.length + made.length < 5) {
      const { body } = await make();
      expect(body.plain_secret.endsWith(body.secret.secret_suffix)).toBe(true);
      expect(body.secret).toMatchObject({ status: 'ACTIVE' });
      made.push(body.secret);
    }
    expect(await suffixes()).toEqual([...before, ...made.map(({ secret_suffix }) => secret_suffix)]);
    expect(await make()).toMatchObject({ status: 400, body: { code: 3, message: expect.stringContaining('5') } });
    const { secrets } = (await api(client, { domain: development })).body.client;
    expect(JSON.stringify(secrets)).not.toContain('plain_secret');
    for (const { id } of secrets.slice(0, -1)) expect((await remove(id)).status).toBe(200);
    const [last] = (await api(client, { domain: development })).body.client.secrets;
    expect(await remove(last.id)).toMatchObject({
      status: 400,
      body: { code: 3, message: expect.stringContaining('last') },
    });
    expect((await remove('sec_1')).status).toBe(404);
    expect(await suffixes()).toEqual([last.secret_suffix]);
  });
});

describe('what is not played', () => {
  verifies('sandbox.heeds', 'is refused by name, and nothing is done', async () => {
    const members = async () => (await api('/members?page_size=100')).body.total_size;
    const before = await members();
    const profile = { email: 'ada@example.com', user_profile: { gender: 'x' } };
    const refused = await api('/members', { method: 'POST', body: profile });
    expect(notPlayed(refused)).toEqual([501, 12, 'member.user_profile.gender']);
    expect(refused.body.message).toContain('MembersService.CreateMember: no answer of the sandbox shows it');
    expect(await members()).toBe(before);
  });

  verifies.each('sandbox.heeds', [
    ['GET', '/connected_accounts?is_org_wide_credential=true', undefined, 'is_org_wide_credential'],
    ['POST', '/connections', { type: 'OIDC', auth_mode: 'USER' }, 'connection.auth_mode'],
    ['POST', '/connections', { type: 'OIDC', authMode: 'USER' }, 'connection.auth_mode'],
  ] as const)('is refused where only newer descriptors have it: %s %s %j', async (method, path, body, field) => {
    const refused = await api(path, { method, domain: development, ...(body && { body }) });
    expect(notPlayed(refused)).toEqual([501, 12, field]);
  });

  verifies('sandbox.heeds', 'may be there empty, and what the API does not know is ignored', async () => {
    const empty = { email: 'ada@example.com', user_profile: { gender: '', pronouns: 'x' }, workspace_ids: [], x: 1 };
    expect((await api('/members', { method: 'POST', body: empty })).status).toBe(200);
    expect((await api('/connections?organisation=x', { domain: development })).status).toBe(200);
  });

  verifies('sandbox.heeds', 'is told after what is wrong with the request, and with the caller', async () => {
    const body = { email: 'no address', user_profile: { gender: 'x' } };
    expect((await api('/members', { method: 'POST', body })).status).toBe(400);
    expect((await api('/members', { method: 'POST', body, token: '' })).status).toBe(401);
  });
});

describe('empty texts of a PATCH', () => {
  const uri = { initiate_login_uri: 'https://app.example.com/login' };
  const change = async (body: object, client = '') => {
    const { body: found } = await api('/clients', { domain: development });
    const path = `/clients/${found.clients[0].id}${client}`;
    return (await api(path, { domain: development, method: 'PATCH', body })).body.client.initiate_login_uri;
  };
  afterEach(() => {
    sandbox.settings.emptyTexts = 'clear';
  });

  verifies('sandbox.empty-texts', 'clear, or change nothing, as the sandbox is told', async () => {
    expect(await change(uri)).toBe(uri.initiate_login_uri);
    expect(await change({ initiate_login_uri: '' })).toBe('');
    await change(uri);
    sandbox.settings.emptyTexts = 'keep';
    expect(await change({ initiate_login_uri: '' })).toBe(uri.initiate_login_uri);
    expect(await change({ initiateLoginUri: '' })).toBe(uri.initiate_login_uri);
  });

  verifies('sandbox.empty-texts', 'clear in any case what the request’s own mask names', async () => {
    await change(uri);
    sandbox.settings.emptyTexts = 'keep';
    expect(await change({ initiate_login_uri: '' }, '?mask=initiateLoginUri')).toBe('');
  });
});
