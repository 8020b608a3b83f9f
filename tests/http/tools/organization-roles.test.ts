import { describe, expect } from 'vitest';
import {
  DEVELOPMENT_ORGANIZATION_IDS,
  ENVIRONMENT_IDS,
  PRODUCTION_ORGANIZATION_IDS,
} from '../../../src/sandbox/data/ids.ts';
import { sharedServer } from '../../fixtures/shared-server.ts';
import { confirmingCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const { lagerhaus, tidewater, samphire, umi } = DEVELOPMENT_ORGANIZATION_IDS;

const { server, token, call, asked } = sharedServer();

const written = () => asked().filter(({ method }) => method !== 'GET');
const confirmed = (name: string, args: Record<string, unknown>) =>
  confirmingCaller(server().url, token())(name, { environmentId: ENVIRONMENT_IDS.development, ...args });
const named = (entries: { name: string }[]) => entries.map(({ name }) => name);
const rolesOf = async (organizationId: string) =>
  (await call('list_organization_roles', { organizationId })).data.roles;
const own = async (organizationId: string) =>
  named((await rolesOf(organizationId)).filter((role: Record<string, unknown>) => role['is_org_role']));

const create = (organizationId: string, roleName: string, more: Record<string, unknown> = {}) =>
  call('create_organization_role', { organizationId, roleName, displayName: roleName, ...more });

describe('the roles of an organization', () => {
  verifies('tools.organization-roles', 'are listed beside those of the environment, and found by name', async () => {
    expect(named(await rolesOf(lagerhaus))).toEqual(expect.arrayContaining(['admin', 'member', 'bonded_clerk']));
    expect(await own(lagerhaus)).toEqual(['bonded_clerk']);
    expect(await own(tidewater)).toEqual(['night_dispatcher', 'summer_help']);
    const one = await call('list_organization_roles', { organizationId: lagerhaus, roleName: 'bonded_clerk' });
    expect(one.data.roles).toMatchObject([
      {
        name: 'bonded_clerk',
        permissions: [
          { name: 'pallets:count', role_name: 'bonded_clerk' },
          { name: 'shipments:read', role_name: 'member' },
        ],
      },
    ]);
    const foreign = await call('list_organization_roles', { organizationId: tidewater, roleName: 'bonded_clerk' });
    expect(foreign.error.code).toBe('not_found');
    const elsewhere = await call('list_organization_roles', { organizationId: PRODUCTION_ORGANIZATION_IDS.umi });
    expect(elsewhere.error.code).toBe('not_found');
  });

  verifies('tools.organization-roles', 'are created for one alone, under a name that nobody has there', async () => {
    const { data } = await create(umi, 'weigher', { extends: 'member', permissions: ['gates:open'] });
    expect(data.role).toMatchObject({ name: 'weigher', is_org_role: true, extends: 'member' });
    expect(written()).toMatchObject([{ method: 'POST', url: `/api/v1/organizations/${umi}/roles` }]);
    expect([await own(umi), await own(samphire)]).toEqual([['weigher'], []]);
    expect((await create(umi, 'weigher')).error).toMatchObject({
      code: 'conflict',
      upstream: { error_code: 'ROLE_KEYNAME_CONFLICT' },
    });
    expect((await create(umi, 'admin')).error.code).toBe('conflict');
    const unknown = await create(umi, 'porter', { extends: 'bonded_clerk' });
    expect(unknown.error).toMatchObject({ field: 'extends', nextTool: 'list_organization_roles' });
  });

  verifies('tools.organization-roles', 'can be given to their members, and to nobody else', async () => {
    await create(tidewater, 'harbour_master', { permissions: ['gates:open'] });
    const { data } = await call('list_organization_users', { organizationId: tidewater });
    const userId = data.users[0].id;
    const assigned = await call('assign_user_roles', { organizationId: tidewater, userId, roles: ['harbour_master'] });
    expect(named(assigned.data.roles)).toContain('harbour_master');
    const { data: may } = await call('list_user_permissions', { organizationId: tidewater, userId });
    expect(named(may.permissions)).toContain('gates:open');
    const early = await call('delete_organization_role', { organizationId: tidewater, roleName: 'harbour_master' });
    expect(early.error).toMatchObject({ field: 'reassignTo', nextTool: 'list_organization_roles' });
    const args = { organizationId: tidewater, roleName: 'harbour_master', reassignTo: 'night_dispatcher' };
    const preview = await call('delete_organization_role', args);
    expect(preview.error.preview).toMatchObject({ user_count: 1, replacement: { name: 'night_dispatcher' } });
    expect((await confirmed('delete_organization_role', args)).data).toEqual({
      deleted_role: 'harbour_master',
      reassigned_to: 'night_dispatcher',
    });
    const { data: held } = await call('list_user_roles', { organizationId: tidewater, userId });
    expect(named(held.roles)).toContain('night_dispatcher');
  });

  verifies('tools.organization-roles', 'keep what a change does not name', async () => {
    const args = { organizationId: lagerhaus, roleName: 'bonded_clerk' };
    const { data } = await call('update_organization_role', { ...args, description: 'Counts' });
    expect(data.role).toMatchObject({
      description: 'Counts',
      extends: 'member',
      display_name: 'Bonded warehouse clerk',
    });
    expect(named(data.role.permissions)).toEqual(['pallets:count']);
    const unbased = await call('update_organization_role', { ...args, extends: '' });
    expect([unbased.data.role.extends, written().at(-1)?.url]).toEqual([
      undefined,
      `/api/v1/organizations/${lagerhaus}/roles/bonded_clerk/base`,
    ]);
  });

  verifies('tools.organization-roles', 'are not those of the environment: these stay, with where to go', async () => {
    const args = { organizationId: lagerhaus, roleName: 'dispatcher' };
    for (const [tool, more] of [
      ['update_organization_role', { displayName: 'Ours' }],
      ['delete_organization_role', {}],
    ] as const) {
      const { error } = await call(tool, { ...args, ...more });
      expect(error).toMatchObject({
        code: 'invalid_arguments',
        field: 'roleName',
        nextTool: 'list_organization_roles',
      });
      expect(error.message).toContain('all organizations');
    }
    expect(written()).toEqual([]);
  });

  verifies('tools.organization-roles', 'name those that extend them before they are deleted', async () => {
    await create(samphire, 'fishmonger');
    await create(samphire, 'oyster_boy', { extends: 'fishmonger' });
    const { error } = await call('delete_organization_role', { organizationId: samphire, roleName: 'fishmonger' });
    expect(error).toMatchObject({ code: 'invalid_arguments', message: expect.stringContaining('oyster_boy') });
  });
});

describe('set_default_organization_role', () => {
  verifies('tools.organization-roles', 'sets what new members get there, until that role is deleted', async () => {
    await create(umi, 'apprentice');
    const set = (memberRole: string) => call('set_default_organization_role', { organizationId: umi, memberRole });
    const { data } = await set('apprentice');
    expect(data).toMatchObject({
      default_member: { name: 'apprentice', default_member: true },
      before: { default_member: 'member' },
    });
    expect(written().at(-1)).toMatchObject({ method: 'PATCH', body: { default_member_role: 'apprentice' } });
    const joined = await call('create_organization_user', { organizationId: umi, email: 'new@umineko.example' });
    expect(joined.data.user.memberships[0].roles).toMatchObject([{ name: 'apprentice' }]);
    expect((await set('bonded_clerk')).error).toMatchObject({ code: 'not_found', field: 'memberRole' });
    const gone = { organizationId: umi, roleName: 'apprentice', reassignTo: 'member' };
    expect((await confirmed('delete_organization_role', gone)).error).toBeUndefined();
    expect((await set('member')).data.before).toEqual({ default_member: 'member' });
  });
});
