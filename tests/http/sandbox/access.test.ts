import { afterAll, beforeAll, expect } from 'vitest';
import { DEVELOPMENT_ORGANIZATION_IDS, ENVIRONMENT_DOMAINS } from '../../../src/sandbox/data/ids.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.ts';
import { PEOPLE } from '../../fixtures/examples/people.ts';
import { verifies } from '../../verifies.ts';

const { anchorage, lagerhaus, tidewater } = DEVELOPMENT_ORGANIZATION_IDS;

/** Rules of the API about roles and permissions that no tool can break. */
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

const named = (entries: { name: string }[]) => entries.map(({ name }) => name);
const membershipOf = async (id: string) => (await api('GET', `/users/${id}`)).body.user.memberships[0];

verifies(
  'sandbox.contract',
  'empties the permissions that a change of a role leaves out, and keeps texts',
  async () => {
    await api('POST', '/roles', {
      name: 'crew',
      display_name: 'Crew',
      description: 'Sails',
      permissions: ['gates:open'],
    });
    expect((await api('PUT', '/roles/crew', { display_name: 'Ship’s crew' })).body.role).toMatchObject({
      display_name: 'Ship’s crew',
      description: 'Sails',
    });
    expect((await api('GET', '/roles/crew?include=permissions')).body.role.permissions).toEqual([]);
  },
);

verifies('sandbox.contract', 'deletes no role that people have, but with another one for them', async () => {
  expect((await api('GET', '/roles/customs_broker/users:count')).body).toEqual({ count: '1' });
  const refused = await api('DELETE', '/roles/customs_broker');
  expect(refused).toMatchObject({ status: 400, body: { message: expect.stringContaining('users are assigned') } });
  for (const other of ['customs_broker', 'captain', 'bonded_clerk']) {
    expect((await api('DELETE', `/roles/customs_broker?reassign_role_name=${other}`)).status).toBe(400);
  }
  expect((await api('DELETE', '/roles/customs_broker?reassign_role_name=yard_planner')).status).toBe(200);
  const { roles, permissions } = await membershipOf(PEOPLE.erik);
  expect(named(roles)).toEqual(['dispatcher', 'yard_planner']);
  expect(permissions).toContain('berths:plan');
});

verifies('sandbox.contract', 'deletes no role that others extend, nor a default one, without another', async () => {
  expect((await api('DELETE', '/roles/dispatcher')).status).toBe(400);
  await api('POST', '/roles', { name: 'base', display_name: 'Base', permissions: ['gates:open'] });
  await api('POST', '/roles', { name: 'above', display_name: 'Above', extends: 'base' });
  expect(named((await api('GET', '/roles/base/dependents')).body.roles)).toEqual(['above']);
  expect((await api('PUT', '/roles/base', { extends: 'above' })).status).toBe(400);
  expect((await api('DELETE', '/roles/base')).body.message).toContain('extend');
  expect((await api('DELETE', '/roles/base?reassign_role_name=above')).status).toBe(200);
  expect((await api('GET', '/roles/above')).body.role).not.toHaveProperty('extends');
  await api('PATCH', '/roles:set_defaults', { default_creator_role: 'admin', default_member_role: 'above' });
  expect((await api('DELETE', '/roles/above')).body.message).toContain('default');
  expect((await api('DELETE', '/roles/above?reassign_role_name=member')).status).toBe(200);
  expect((await api('GET', '/roles/member')).body.role).toMatchObject({ default_member: true });
});

verifies('sandbox.contract', 'lets what people may do follow their roles', async () => {
  const before = (await membershipOf(PEOPLE.caleb)).permissions;
  await api('POST', '/roles/dispatcher/permissions', { permission_names: ['gates:open'] });
  expect((await membershipOf(PEOPLE.caleb)).permissions.toSorted()).toEqual([...before, 'gates:open'].sort());
  await api('DELETE', '/roles/dispatcher/permissions/gates:open');
  expect((await api('DELETE', '/roles/dispatcher/permissions/gates:open')).status).toBe(404);
  expect((await membershipOf(PEOPLE.caleb)).permissions).toEqual(before);
});

verifies('sandbox.contract', 'keeps the roles of an organization from others', async () => {
  const own = `/organizations/${lagerhaus}/roles`;
  expect((await api('GET', `${own}/bonded_clerk`)).body.role).toMatchObject({ is_org_role: true });
  expect((await api('GET', `${own}/admin`)).body.role).toMatchObject({ is_org_role: false });
  expect((await api('PUT', `${own}/admin`, { display_name: 'Ours' })).status).toBe(404);
  expect((await api('GET', `/organizations/${tidewater}/roles/bonded_clerk`)).status).toBe(404);
  expect((await api('GET', '/roles/bonded_clerk')).status).toBe(404);
  expect(named((await api('GET', '/roles')).body.roles)).toContain('bonded_clerk');
  const given = await api('POST', `/organizations/${anchorage}/users/${PEOPLE.lotte}/roles`, [
    { role_name: 'bonded_clerk' },
  ]);
  expect(given.status).toBe(400);
  expect((await api('GET', `${own}/member/users:count`)).body).toEqual({ count: '1' });
  expect((await api('POST', `${own}`, { name: 'admin', display_name: 'A' })).body).toMatchObject({ code: 6 });
  const same = { name: 'bonded_clerk', display_name: 'Clerk' };
  expect((await api('POST', `/organizations/${tidewater}/roles`, same)).status).toBe(201);
  expect((await api('POST', '/roles', same)).status).toBe(409);
});

verifies('sandbox.contract', 'keeps names of permissions, and those of Scalekit as they are', async () => {
  const change = (name: string, sent: object) => api('PUT', `/permissions/${name}`, sent);
  expect((await change('gates:open', { name: 'gates:shut' })).status).toBe(400);
  expect((await change('gates:open', { name: 'gates:open' })).body.permission).toMatchObject({ description: '' });
  expect((await api('DELETE', '/permissions/organizations_users_invite')).status).toBe(400);
  expect((await api('POST', '/permissions', { name: 'gates:open' })).status).toBe(409);
  expect((await api('GET', '/permissions/gates:open')).status).toBe(200);
});
