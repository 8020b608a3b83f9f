import { afterAll, beforeAll, expect } from 'vitest';
import { DEVELOPMENT_ORGANIZATION_IDS, ENVIRONMENT_DOMAINS } from '../../../src/sandbox/data/ids.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.ts';
import { PEOPLE } from '../../fixtures/examples/people.ts';
import { verifies } from '../../verifies.ts';

const { anchorage, bluefin, tidewater } = DEVELOPMENT_ORGANIZATION_IDS;
const { rosa, caleb, mateus, ines, lotte, erik } = PEOPLE;

/** Rules of the API about users, memberships and sessions that no tool can break. */
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
  return { status: response.status, body: (await response.json()) as any };
}

const statusOf = async (method: string, path: string) => (await api(method, path)).status;

verifies(
  'sandbox.contract',
  'empties what a change of a user leaves out of lists and maps, and keeps texts',
  async () => {
    const full = { custom_attributes: { badge: '7' }, groups: ['night'], locale: 'pt-BR' };
    await api('PATCH', `/users/${mateus}`, { metadata: { shift: 'day' }, user_profile: full });
    const { body } = await api('PATCH', `/users/${mateus}`, { user_profile: { given_name: 'Matheus' } });
    expect(body.user).toMatchObject({ external_id: 'hl-u-4008', metadata: {} });
    expect(body.user.user_profile).toMatchObject({
      given_name: 'Matheus',
      first_name: 'Matheus',
      family_name: 'Rocha',
      locale: 'pt-BR',
      custom_attributes: {},
      groups: [],
    });
  },
);

verifies('sandbox.contract', 'reaches users by their external ids, and refuses one that is taken', async () => {
  expect((await api('GET', '/users:external/hl-u-4002')).body.user).toMatchObject({ id: caleb });
  expect(await statusOf('GET', '/users:external/hl-u-0')).toBe(404);
  expect((await api('PATCH', `/users/${caleb}`, { external_id: 'hl-u-4001' })).status).toBe(409);
});

verifies('sandbox.contract', 'empties what a change of a membership leaves out', async () => {
  const path = `/memberships/organizations/${anchorage}/users/${erik}`;
  const { body } = await api('PATCH', path, { metadata: { desk: '7' } });
  expect(body.user.memberships).toMatchObject([{ roles: [], permissions: [], metadata: { desk: '7' } }]);
});

verifies('sandbox.contract', 'deletes a user with their last membership, unless it is told otherwise', async () => {
  const leave = (user: string, organization: string, query = '') =>
    statusOf('DELETE', `/memberships/organizations/${organization}/users/${user}${query}`);
  expect(await leave(ines, bluefin)).toBe(200);
  expect(await statusOf('GET', `/users/${ines}`)).toBe(200);
  expect(await leave(ines, bluefin)).toBe(404);
  expect(await leave(ines, anchorage, '?cascade=false')).toBe(200);
  expect((await api('GET', `/users/${ines}`)).body.user.memberships).toEqual([]);
  expect(await leave(lotte, anchorage)).toBe(200);
  expect(await statusOf('GET', `/users/${lotte}`)).toBe(404);
  expect(await statusOf('GET', '/sessions/ses_71204418093066007')).toBe(404);
});

verifies('sandbox.contract', 'adds roles, takes away only what somebody has by themselves', async () => {
  const roles = `/organizations/${tidewater}/users/${caleb}/roles`;
  expect((await api('POST', roles, [{ role_name: 'customs_broker' }])).body.roles).toHaveLength(2);
  expect((await api('POST', roles, [{ role_name: 'nobody' }])).status).toBe(400);
  expect((await api('POST', roles, { role_name: 'admin' })).status).toBe(400);
  // The dispatcher follows shipments as every member does.
  expect(await statusOf('DELETE', `${roles}/member`)).toBe(404);
  expect(await statusOf('DELETE', `${roles}/customs_broker`)).toBe(200);
});

verifies('sandbox.contract', 'revokes sessions that are active alone, and wants ids in their form', async () => {
  const { body } = await api('POST', `/users/${rosa}/sessions/revoke`);
  expect(body).toMatchObject({ total_revoked: 1, revoked_sessions: [{ status: 'revoked' }] });
  const ended = (await api('POST', '/sessions/ses_71204418093066002/revoke')).body.revoked_session;
  expect(ended).toMatchObject({ status: 'logout' });
  expect(await statusOf('GET', '/users/rosa/sessions')).toBe(400);
  expect(await statusOf('GET', '/users/usr_71204418093069999/sessions')).toBe(404);
});
