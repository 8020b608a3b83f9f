import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEVELOPMENT_CONNECTION_IDS as CONNECTIONS } from '../../../src/sandbox/data/connections.ts';
import { DEVELOPMENT_ORGANIZATION_IDS, ENVIRONMENT_DOMAINS } from '../../../src/sandbox/data/ids.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.ts';
import { verifies } from '../../verifies.ts';

const { tidewater, quayside, lagerhaus } = DEVELOPMENT_ORGANIZATION_IDS;

/** Rules of the API about users, portal links, settings and connections that no tool can break. */
let sandbox: Sandbox;
let token: string;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, resource: 'http://localhost:3002/mcp' });
  const response = await fetch(`${sandbox.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'sandbox-machine',
      client_secret: 'sandbox-secret',
    }),
  });
  token = ((await response.json()) as { access_token: string }).access_token;
});
afterAll(() => sandbox.close());

async function api(method: string, path: string, sent?: unknown) {
  const response = await fetch(`${sandbox.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'x-env-domain': ENVIRONMENT_DOMAINS.development },
    ...(sent !== undefined && { body: JSON.stringify(sent) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into, not typed.
  const body = (await response.json()) as any;
  const violations = body.details?.[0]?.validation_error_info?.field_violations;
  return { status: response.status, body, violated: violations?.map((one: { field: string }) => one.field) };
}

verifies.each('sandbox.contract', [
  ['old', { first_name: 'Old', last_name: 'Client' }],
  ['new', { given_name: 'Old', family_name: 'Client' }],
])('answers with both kinds of names, whatever %s ones were sent', async (kind, user_profile) => {
  const user = { email: `${kind}.client@quayside.example`, user_profile };
  const { status, body } = await api('POST', `/organizations/${quayside}/users`, user);
  expect(status).toBe(201);
  const names = {
    given_name: 'Old',
    family_name: 'Client',
    first_name: 'Old',
    last_name: 'Client',
    name: 'Old Client',
  };
  expect(body.user.user_profile).toMatchObject(names);
  expect(body.user.memberships).toMatchObject([{ membership_status: 'PENDING_INVITE', roles: [{ name: 'member' }] }]);
});

it('refuses users that break a rule, naming each', async () => {
  const create = (user: unknown) => api('POST', `/organizations/${quayside}/users`, user);
  expect((await create({})).violated).toEqual(['user.email']);
  expect((await create(undefined)).violated).toEqual(['user']);
  const broken = { email: 'a@b.example', metadata: { ab: '' }, membership: { inviter_email: 'x' } };
  expect((await create(broken)).violated).toEqual([
    'user.membership.inviter_email',
    'user.membership.inviter_email',
    'user.metadata["ab"]',
    'user.metadata["ab"]',
  ]);
  expect((await api('GET', `/organizations/${quayside}/users?page_size=101`)).violated).toEqual(['page_size']);
  expect((await api('GET', '/organizations/tidewater/users')).violated).toEqual(['organization_id']);
});

it('lists users organization by organization', async () => {
  const { body } = await api('GET', `/organizations/${lagerhaus}/users`);
  expect(body).toMatchObject({ total_size: 1, users: [{ memberships: [{ membership_status: 'INACTIVE' }] }] });
  const page = (await api('GET', `/organizations/${tidewater}/users?page_size=1`)).body;
  const pageToken = encodeURIComponent(page.next_page_token);
  expect((await api('GET', `/organizations/${lagerhaus}/users?page_token=${pageToken}`)).violated).toEqual([
    'page_token',
  ]);
});

verifies('sandbox.contract', 'finds users by part of an email, an id or an external id, in any case', async () => {
  const found = async (query: string) => {
    const { body } = await api('GET', `/organizations/${tidewater}/users:search?query=${query}`);
    return body.users.map(({ email }: { email: string }) => email.split('@')[0]);
  };
  expect(await found('CALEB')).toEqual(['caleb.nwosu']);
  expect(await found('hl-u-4001')).toEqual(['rosa.delgado']);
  expect(await found('anke')).toEqual([]);
  expect((await api('GET', `/organizations/${tidewater}/users:search?query=ab`)).violated).toEqual(['query']);
  expect((await api('GET', '/organizations/org_1/users:search?query=abc')).status).toBe(404);
});

it('knows two features of the portal, and any feature of settings', async () => {
  const link = (query: string) => api('PUT', `/organizations/${tidewater}/portal_links${query}`);
  expect((await link('?features=sso&features=dir_sync')).status).toBe(200);
  expect((await link('?features=domain_verification')).status).toBe(400);
  expect((await api('PUT', '/organizations/tidewater/portal_links')).violated).toEqual(['id']);
  const settings = await api('PATCH', `/organizations/${tidewater}/settings`, { features: [{ name: 'anything' }] });
  expect(settings.body.organization.settings).toEqual({ features: [{ name: 'anything', enabled: false }] });
  expect((await api('PATCH', `/organizations/${tidewater}/settings`)).violated).toEqual(['settings']);
});

it('lists connections that work unless all are asked for', async () => {
  const ids = async (query: string) =>
    (await api('GET', `/connections${query}`)).body.connections.map(({ id }: { id: string }) => id);
  const { okta, draft, auth0, tidewater: ofTidewater, customsPortal, lagerhaus: ofLagerhaus } = CONNECTIONS;
  const enabled = await ids('');
  expect(enabled).toEqual(expect.arrayContaining([okta, ofTidewater, customsPortal, ofLagerhaus]));
  for (const other of [draft, auth0, CONNECTIONS.lagerhausDraft]) expect(enabled).not.toContain(other);
  expect((await ids('?include=all')).sort()).toEqual(Object.values(CONNECTIONS).sort());
  expect(await ids('?domain=tidewater.example')).toEqual([ofTidewater]);
  expect(await ids(`?organization_id=${lagerhaus}&include=all`)).toEqual([ofLagerhaus, CONNECTIONS.lagerhausDraft]);
  expect((await api('GET', `/connections?domain=${'x'.repeat(33)}`)).violated).toEqual(['domain']);
});

it('creates connections of a provider and a type', async () => {
  // A rule of the message, not of a field: either of provider and provider_key will do.
  expect((await api('POST', '/connections', {})).violated).toEqual(['connection']);
  expect((await api('POST', '/connections', { provider: 'OKTA' })).violated).toEqual(['connection.type']);
  const saml = await api('POST', '/connections', { provider: 'ADFS', type: 'SAML', key_id: 'S-1' });
  expect(saml).toMatchObject({ status: 200, body: { connection: { type: 'SAML', status: 'DRAFT', key_id: 'S-1' } } });
  expect(saml.body.connection).not.toHaveProperty('oidc_config');
  expect((await api('POST', '/connections', { provider: 'OKTA', type: 'OIDC', key_id: 'S-1' })).status).toBe(409);
  expect((await api('POST', '/connections', { provider: 'MYSPACE', type: 'OIDC' })).status).toBe(400);
});

it('clears what an update of a connection leaves out, but not wrapped values', async () => {
  const path = `/connections/${CONNECTIONS.okta}`;
  const { body } = await api('PATCH', path, {
    provider: 'OKTA',
    configuration_type: 'MANUAL',
    oidc_config: { pkce_enabled: false },
  });
  expect(body.connection).toMatchObject({ provider: 'OKTA', type: 'OIDC', key_id: 'OKTA-1', attribute_mapping: {} });
  expect(body.connection).toMatchObject({ status: 'IN_PROGRESS', ui_button_title: 'Harborlight staff' });
  expect(body.connection.oidc_config).toMatchObject({
    client_id: 'harborlight-okta',
    client_secret: expect.any(String),
    scopes: [],
    token_auth_type: 'TOKEN_AUTH_TYPE_UNSPECIFIED',
    pkce_enabled: false,
  });
  expect((await api('GET', path)).body).toEqual(body);
});

it('refuses connections that break a rule', async () => {
  const update = (change: object) =>
    api('PATCH', `/connections/${CONNECTIONS.auth0}`, { provider: 'AUTH0', ...change });
  const endpoint = 'connection.oidc_config.discovery_endpoint';
  expect((await update({ configuration_type: 'DISCOVERY' })).violated).toEqual([endpoint]);
  expect((await update({ oidc_config: { discovery_endpoint: 'idp.example' } })).violated).toEqual([endpoint]);
  expect((await api('PATCH', `/connections/${CONNECTIONS.auth0}`, { key_id: 'A' })).violated).toEqual(['connection']);
  expect((await update({ key_id: '' })).violated).toEqual(['connection.key_id']);
  expect((await update({ oidc_config: { scopes: ['offline_access'] } })).status).toBe(400);
  expect((await api('GET', `/connections/${CONNECTIONS.tidewater}`)).status).toBe(404);
});
