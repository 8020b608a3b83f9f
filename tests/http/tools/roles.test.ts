import { afterAll, beforeAll, describe, expect } from 'vitest';
import { DEVELOPMENT_ORGANIZATION_IDS, ENVIRONMENT_IDS } from '../../../src/sandbox/data/ids.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { FakeScalekit, json, nothingThere } from '../../fixtures/scalekit.ts';
import { sharedServer } from '../../fixtures/shared-server.ts';
import { confirmingCaller, toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const { tidewater } = DEVELOPMENT_ORGANIZATION_IDS;

const { server, token, call, asked } = sharedServer();

const written = () => asked().filter(({ method }) => method !== 'GET');
const confirmed = (name: string, args: Record<string, unknown>) =>
  confirmingCaller(server().url, token())(name, { environmentId: ENVIRONMENT_IDS.development, ...args });
const create = (roleName: string, more: Record<string, unknown> = {}) =>
  call('create_environment_role', { roleName, displayName: roleName, ...more });
const show = async (roleName: string) => (await call('get_environment_role', { roleName })).data;
const named = (entries: { name: string }[]) => entries.map(({ name }) => name);

describe('get_environment_role', () => {
  verifies(['tools.one-role', 'tools.integers'], 'shows who has a role, and which roles extend it', async () => {
    const data = await show('member');
    expect(data.role).toMatchObject({
      name: 'member',
      default_member: true,
      permissions: [{ name: 'shipments:read' }],
    });
    expect(data.user_count).toBeGreaterThan(3);
    expect(data.dependent_roles).toHaveLength(3);
    expect(data.dependent_roles).toContainEqual(expect.objectContaining({ name: 'bonded_clerk', is_org_role: true }));
    expect((await call('get_role_user_count', { roleName: 'trainee' })).data).toMatchObject({ user_count: 0 });
    expect(named((await show('dispatcher')).role.permissions)).toContain('shipments:read');
  });

  verifies('tools.one-role', 'finds no role of another environment, nor of an organization', async () => {
    expect((await call('get_environment_role', { roleName: 'trainee' }, 'production')).error.code).toBe('not_found');
    expect((await call('get_environment_role', { roleName: 'bonded_clerk' })).error.code).toBe('not_found');
    const wrong = await call('get_environment_role', { roleName: 'a/b' });
    expect(wrong.error).toMatchObject({ code: 'invalid_arguments', field: 'roleName' });
  });
});

describe('update_environment_role', () => {
  verifies('tools.changed-role', 'keeps what it does not name, permissions above all', async () => {
    await create('crew', { description: 'Sails', extends: 'member', permissions: ['berths:plan', 'gates:open'] });
    const { data } = await call('update_environment_role', { roleName: 'crew', displayName: 'Ship’s crew' });
    expect(data.role).toMatchObject({ display_name: 'Ship’s crew', description: 'Sails', extends: 'member' });
    expect(named(data.role.permissions)).toEqual(['berths:plan', 'gates:open']);
    expect(written().at(-1)).toMatchObject({
      method: 'PUT',
      url: '/api/v1/roles/crew',
      body: { display_name: 'Ship’s crew', permissions: ['berths:plan', 'gates:open'] },
    });
  });

  verifies('tools.changed-role', 'replaces all permissions when it names some', async () => {
    await create('mate', { permissions: ['berths:plan', 'gates:open'] });
    const { data } = await call('update_environment_role', { roleName: 'mate', permissions: ['shipments:read'] });
    expect(named(data.role.permissions)).toEqual(['shipments:read']);
    const none = await call('update_environment_role', { roleName: 'mate', permissions: [] });
    expect(none.error).toMatchObject({ code: 'invalid_arguments', field: 'permissions' });
    const unknown = await call('update_environment_role', { roleName: 'mate', permissions: ['fly'] });
    expect(unknown.error).toMatchObject({ field: 'permissions', nextTool: 'list_permissions' });
  });

  verifies('tools.changed-role', 'takes away what a role extends, by itself and in a call of its own', async () => {
    await create('pilot', { extends: 'member', permissions: ['gates:open'] });
    const both = await call('update_environment_role', { roleName: 'pilot', extends: '', displayName: 'Pilot' });
    expect(both.error).toMatchObject({ code: 'invalid_arguments', field: 'extends' });
    const { data } = await call('update_environment_role', { roleName: 'pilot', extends: '' });
    expect(data.role.extends).toBeUndefined();
    expect(named(data.role.permissions)).toEqual(['gates:open']);
    expect(written().at(-1)).toMatchObject({ method: 'DELETE', url: '/api/v1/roles/pilot/base' });
    const again = await call('update_environment_role', { roleName: 'pilot', extends: '' });
    expect([again.error, written().length]).toEqual([undefined, 2]);
    const circle = await call('update_environment_role', { roleName: 'member', extends: 'dispatcher' });
    expect(circle.error).toMatchObject({ code: 'invalid_request', field: 'extends' });
  });

  verifies('tools.changed-role', 'loses nothing to calls at the same time', async () => {
    await create('stoker', { permissions: ['gates:open'] });
    const calls = await Promise.all([
      call('update_environment_role', { roleName: 'stoker', displayName: 'Stoker' }),
      call('add_permissions_to_role', { roleName: 'stoker', permissions: ['berths:plan'] }),
      call('update_environment_role', { roleName: 'stoker', description: 'Feeds the fire' }),
    ]);
    expect(calls.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
    const { role } = await show('stoker');
    expect(role).toMatchObject({ display_name: 'Stoker', description: 'Feeds the fire' });
    expect(named(role.permissions)).toEqual(['berths:plan', 'gates:open']);
  });

  verifies.each<[string, Record<string, unknown>]>('tools.changed-role', [
    ['displayName', {}],
    ['description', { description: 'x'.repeat(2001) }],
    ['extends', { extends: 'a-b' }],
  ])('names a bad %s before anything is sent', async (field, bad) => {
    const { error } = await call('update_environment_role', { roleName: 'member', ...bad });
    expect(error).toMatchObject({ code: 'invalid_arguments', field });
    expect(asked()).toEqual([]);
  });
});

describe('delete_environment_role', () => {
  verifies(
    'tools.deleted-role',
    'says before anybody confirms that users need another role, and gives it',
    async () => {
      await create('gunner', { permissions: ['gates:open'] });
      const { data: users } = await call('list_organization_users', { organizationId: tidewater });
      const caleb = users.users.find(({ email }: { email: string }) => email.startsWith('caleb')).id;
      await call('assign_user_roles', { organizationId: tidewater, userId: caleb, roles: ['gunner'] });
      const early = await call('delete_environment_role', { roleName: 'gunner' });
      expect(early.error).toMatchObject({
        code: 'invalid_arguments',
        field: 'reassignTo',
        message: expect.stringContaining('users (1)'),
      });
      const preview = await call('delete_environment_role', { roleName: 'gunner', reassignTo: 'trainee' });
      expect(preview.error).toMatchObject({
        code: 'confirmation_required',
        preview: { role: { name: 'gunner' }, user_count: 1, replacement: { name: 'trainee' } },
      });
      const { data } = await confirmed('delete_environment_role', { roleName: 'gunner', reassignTo: 'trainee' });
      expect(data).toEqual({ deleted_role: 'gunner', reassigned_to: 'trainee' });
      expect(written().at(-1)).toMatchObject({ url: '/api/v1/roles/gunner?reassign_role_name=trainee' });
      const { data: held } = await call('list_user_roles', { organizationId: tidewater, userId: caleb });
      expect(named(held.roles)).toContain('trainee');
      await call('remove_user_role', { organizationId: tidewater, userId: caleb, roleName: 'trainee' });
    },
  );

  verifies('tools.deleted-role', 'names the roles that extend it', async () => {
    await create('deck');
    await create('deck_hand', { extends: 'deck' });
    const { error } = await call('delete_environment_role', { roleName: 'deck' });
    expect(error).toMatchObject({ code: 'invalid_arguments', message: expect.stringContaining('deck_hand') });
    await call('update_environment_role', { roleName: 'deck_hand', extends: '' });
    expect((await confirmed('delete_environment_role', { roleName: 'deck' })).data).toEqual({ deleted_role: 'deck' });
  });

  verifies.each<[string, string]>('tools.deleted-role', [
    ['trainee', 'invalid_arguments'],
    ['captain', 'not_found'],
  ])('reassigns to no %s', async (reassignTo, code) => {
    const { error } = await call('delete_environment_role', { roleName: 'trainee', reassignTo });
    expect(error).toMatchObject({ code, field: 'reassignTo', nextTool: 'list_environment_roles' });
    expect(written()).toEqual([]);
  });
});

describe('set_default_roles', () => {
  verifies('tools.set-defaults', 'sets one, and the other one as it was', async () => {
    const { data } = await call('set_default_roles', { memberRole: 'trainee' });
    expect(data).toMatchObject({
      default_creator: { name: 'admin' },
      default_member: { name: 'trainee' },
      before: { default_creator: 'admin', default_member: 'member' },
    });
    expect(written()).toMatchObject([
      { method: 'PATCH', body: { default_creator_role: 'admin', default_member_role: 'trainee' } },
    ]);
    expect((await call('set_default_roles', { creatorRole: 'admin', memberRole: 'member' })).data).toMatchObject({
      before: { default_member: 'trainee' },
    });
    const atOnce = [{ creatorRole: 'dispatcher' }, { memberRole: 'trainee' }];
    await Promise.all(atOnce.map((args) => call('set_default_roles', args)));
    const { data: now } = await call('set_default_roles', { creatorRole: 'admin', memberRole: 'member' });
    expect(now.before).toEqual({ default_creator: 'dispatcher', default_member: 'trainee' });
  });

  verifies.each<[Record<string, unknown>, string, string]>('tools.set-defaults', [
    [{}, 'invalid_arguments', 'memberRole'],
    [{ creatorRole: 'captain' }, 'not_found', 'creatorRole'],
    [{ memberRole: 'bonded_clerk' }, 'not_found', 'memberRole'],
  ])('refuses %j, and writes nothing', async (args, code, field) => {
    expect((await call('set_default_roles', args)).error).toMatchObject({ code, field });
    expect(written()).toEqual([]);
  });
});

describe('an API that does not do what it says', () => {
  let scalekit: FakeScalekit;
  let own: TestServer;
  let callOwn: ReturnType<typeof toolCaller>;
  beforeAll(async () => {
    scalekit = await FakeScalekit.start();
    own = await running(scalekit.env);
    const scope = 'environment:read environment:write organization:read organization:write';
    callOwn = confirmingCaller(own.localUrl, await scalekit.mint({ claims: { scope } }));
  });
  afterAll(async () => {
    await own.stop();
    await scalekit.close();
  });
  const ids = { environmentId: 'env_1', roleName: 'crew' };
  const role = { id: 'role_1', name: 'crew', display_name: 'Crew', permissions: [{ name: 'a', role_name: 'crew' }] };

  verifies('tools.changed-role', 'is told of when a change empties the permissions, or moves the base', async () => {
    let after: Record<string, unknown> = { ...role, permissions: [] };
    let isWritten = false;
    scalekit.serveApi(({ method }, response) => {
      if (method === 'PUT') isWritten = true;
      json(response, 200, { role: isWritten ? after : role });
    });
    const change = { ...ids, displayName: 'Crew' };
    expect((await callOwn('update_environment_role', change)).error).toMatchObject({
      code: 'not_applied',
      field: 'permissions',
    });
    [after, isWritten] = [{ ...role, extends: 'other' }, false];
    expect((await callOwn('update_environment_role', change)).error).toMatchObject({ field: 'extends' });
    [after, isWritten] = [{ ...role, display_name: 'Old' }, false];
    expect((await callOwn('update_environment_role', change)).error).toMatchObject({ field: 'displayName' });
  });

  verifies('tools.changed-role', 'is asked again when others change a role at the same time', async () => {
    let writes = 0;
    let isOverwritten = (_write: number): boolean => true;
    scalekit.serveApi(({ method }, response) => {
      if (method === 'PUT') writes++;
      const display_name = method === 'PUT' || (writes > 0 && !isOverwritten(writes)) ? 'New' : 'Theirs';
      json(response, 200, { role: { ...role, display_name } });
    });
    const change = () => callOwn('update_environment_role', { ...ids, displayName: 'New' });
    expect((await change()).error).toMatchObject({ code: 'conflict', nextTool: 'list_environment_roles' });
    expect(writes).toBe(4);
    [writes, isOverwritten] = [0, (write) => write < 2];
    expect((await change()).data.role).toMatchObject({ display_name: 'New' });
    expect(writes).toBe(2);
  });

  verifies('tools.changed-role', 'is not asked to change a role of an organization for everybody', async () => {
    scalekit.serveApi((_request, response) => json(response, 200, { role: { ...role, is_org_role: true } }));
    const before = scalekit.operations.length;
    const { error } = await callOwn('update_environment_role', { ...ids, displayName: 'New' });
    expect(error).toMatchObject({ code: 'invalid_arguments', field: 'roleName' });
    expect(scalekit.operations.slice(before).filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  verifies('tools.deleted-role', 'may not tell who has a role: that is said, and the API decides', async () => {
    scalekit.serveApi(({ method, url }, response) => {
      if (/users:count|dependents/.test(url)) return json(response, 403, { code: 7, message: 'no', details: [] });
      if (method === 'DELETE') return json(response, 400, { code: 3, message: 'users have it', details: [] });
      json(response, 200, { role });
    });
    const preview = await toolCaller(own.localUrl, await scalekit.mint({ claims: { scope: 'environment:write' } }))(
      'delete_environment_role',
      ids,
    );
    expect(preview.error.preview).toMatchObject({ dependent_roles: { count: null, is_complete: false } });
    expect(preview.error.preview.user_count ?? null).toBeNull();
    expect((await callOwn('delete_environment_role', ids)).error).toMatchObject({
      code: 'invalid_request',
      upstream: { message: 'users have it' },
    });
  });

  verifies('tools.deleted-role', 'is believed that a role is gone when nothing is there', async () => {
    let isGone = false;
    scalekit.serveApi(({ method, url }, response) => {
      if (method === 'DELETE') {
        isGone = true;
        return json(response, 200, {});
      }
      if (url.includes('users:count')) return json(response, 200, {});
      if (url.includes('dependents')) return json(response, 200, { roles: [] });
      return isGone ? nothingThere(response) : json(response, 200, { role });
    });
    expect((await callOwn('delete_environment_role', ids)).data).toEqual({ deleted_role: 'crew' });
  });

  verifies('tools.set-defaults', 'is asked again where it does not say which roles are default', async () => {
    const creator = { id: 'role_2', name: 'boss', default_creator: true };
    let member = 'crew';
    scalekit.serveApi(({ method }, response) => {
      if (method === 'PATCH') return json(response, 200, {});
      const roles = ['crew', 'guest'].map((name) => ({ id: name, name, default_member: name === member }));
      json(response, 200, { roles: [creator, ...roles] });
    });
    const set = () => callOwn('set_default_roles', { environmentId: 'env_1', memberRole: 'guest' });
    expect((await set()).error).toMatchObject({ code: 'not_applied', field: 'memberRole' });
    member = 'guest';
    expect((await set()).data).toMatchObject({ default_creator: { name: 'boss' }, default_member: { name: 'guest' } });
  });

  verifies('tools.set-defaults', 'needs both where none is known', async () => {
    scalekit.serveApi((_request, response) => json(response, 200, { roles: [{ id: 'a', name: 'crew' }] }));
    const { error } = await callOwn('set_default_roles', { environmentId: 'env_1', memberRole: 'crew' });
    expect(error).toMatchObject({ code: 'invalid_arguments', field: 'creatorRole' });
  });
});
