import { afterAll, beforeAll, describe, expect } from 'vitest';
import { ENVIRONMENT_IDS, DEVELOPMENT_SCOPE_IDS as SCOPES } from '../../../src/sandbox/data/ids.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { FakeScalekit, json } from '../../fixtures/scalekit.ts';
import { sharedServer } from '../../fixtures/shared-server.ts';
import { confirmingCaller, type toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const { server, token, call, asked } = sharedServer();

const written = () => asked().filter(({ method }) => method !== 'GET');
const confirmed = (name: string, args: Record<string, unknown>) =>
  confirmingCaller(server().url, token())(name, { environmentId: ENVIRONMENT_IDS.development, ...args });
const named = (entries: { name: string }[]) => entries.map(({ name }) => name);
const permit = async (permissionName: string) => {
  await call('create_permission', { permissionName });
  return permissionName;
};

describe('permissions', () => {
  verifies('tools.permissions', 'are listed page by page, by kind, and found by name', async () => {
    const list = async (args: Record<string, unknown>) => (await call('list_permissions', args)).data;
    const first = await list({ pageSize: 3 });
    expect([first.permissions.length, typeof first.next_page_token]).toEqual([3, 'string']);
    const second = await list({ pageSize: 3, pageToken: first.next_page_token });
    expect(named(second.permissions)).not.toContain(named(first.permissions)[0]);
    expect(await list({ type: 'SCALEKIT' })).toMatchObject({
      permissions: [{ name: 'organizations_users_invite', is_scalekit_permission: true }],
    });
    expect(named((await list({ type: 'ENVIRONMENT' })).permissions)).not.toContain('organizations_users_invite');
    expect((await list({ permissionName: 'gates:open' })).permissions).toMatchObject([{ name: 'gates:open' }]);
    const none = await call('list_permissions', { permissionName: 'gates:shut' });
    expect(none.error.code).toBe('not_found');
    const both = await call('list_permissions', { permissionName: 'gates:open', type: 'SCALEKIT' });
    expect(both.error).toMatchObject({ code: 'invalid_arguments', field: 'type' });
    const elsewhere = await call('list_permissions', { permissionName: 'gates:open' }, 'production');
    expect(elsewhere.error.code).toBe('not_found');
  });

  verifies('tools.permissions', 'are created once, and described anew', async () => {
    const args = { permissionName: 'tugs:send', description: 'Send tugs' };
    expect((await call('create_permission', args)).data.permission).toMatchObject({
      id: expect.stringMatching(/^perm_/),
      name: 'tugs:send',
      description: 'Send tugs',
    });
    expect((await call('create_permission', args)).error).toMatchObject({
      code: 'conflict',
      upstream: { status: 409 },
    });
    const changed = await call('update_permission', { ...args, description: 'Send tugs out' });
    expect(changed.data.permission).toMatchObject({ name: 'tugs:send', description: 'Send tugs out' });
    expect(written().at(-1)).toMatchObject({
      method: 'PUT',
      url: '/api/v1/permissions/tugs%3Asend',
      body: { name: 'tugs:send', description: 'Send tugs out' },
    });
    const own = await call('update_permission', { permissionName: 'organizations_users_invite', description: 'Ours' });
    expect(own.error.code).toBe('invalid_request');
    expect((await call('update_permission', { permissionName: 'no:such', description: 'x' })).error.code).toBe(
      'not_found',
    );
    for (const permissionName of ['a b', '', 'x'.repeat(65)]) {
      const wrong = await call('create_permission', { permissionName });
      expect(wrong.error).toMatchObject({ code: 'invalid_arguments', field: 'permissionName' });
    }
  });

  verifies('tools.permissions', 'are deleted although roles have them, and those are shown first', async () => {
    await permit('ropes:cast');
    await call('add_permissions_to_role', { roleName: 'member', permissions: ['ropes:cast'] });
    const { error } = await call('delete_permission', { permissionName: 'ropes:cast' });
    expect(error.preview.permission).toMatchObject({ name: 'ropes:cast' });
    const shown = error.preview.roles.entries.map((role: Record<string, unknown>) => [
      role['name'],
      role['is_inherited'],
    ]);
    expect(shown).toEqual(
      expect.arrayContaining([
        ['member', false],
        ['dispatcher', true],
        ['bonded_clerk', true],
      ]),
    );
    expect((await confirmed('delete_permission', { permissionName: 'ropes:cast' })).data).toEqual({
      deleted_id: 'ropes:cast',
    });
    const { data } = await call('list_role_permissions', { roleName: 'member' });
    expect(named(data.permissions)).toEqual(['shipments:read']);
  });
});

describe('the permissions of a role', () => {
  verifies('tools.role-permissions', 'are its own, or those that it inherits as well', async () => {
    const list = async (args: Record<string, unknown>) =>
      named((await call('list_role_permissions', { roleName: 'dispatcher', ...args })).data.permissions);
    expect(await list({})).toEqual(['shipments:write', 'carriers:assign']);
    expect(await list({ includeInherited: true })).toEqual(['shipments:read', 'shipments:write', 'carriers:assign']);
    expect((await call('list_role_permissions', { roleName: 'captain' })).error.code).toBe('not_found');
  });

  verifies('tools.role-permissions', 'are added beside those that are there, several at once', async () => {
    await call('create_environment_role', { roleName: 'bosun', displayName: 'Bosun', permissions: ['gates:open'] });
    const add = (permissions: string[]) => call('add_permissions_to_role', { roleName: 'bosun', permissions });
    const { data } = await add(['berths:plan', 'shipments:read']);
    expect(named(data.permissions).sort()).toEqual(['berths:plan', 'gates:open', 'shipments:read']);
    expect((await add(['berths:plan'])).error).toBeUndefined();
    const unknown = await add(['shipments:read', 'fly']);
    expect(unknown.error).toMatchObject({
      code: 'invalid_request',
      field: 'permissions',
      nextTool: 'list_permissions',
    });
    expect((await add([])).error).toMatchObject({ code: 'invalid_arguments', field: 'permissions' });
  });

  verifies('tools.role-permissions', 'are taken away with a look at who has the role', async () => {
    await call('create_environment_role', {
      roleName: 'cook',
      displayName: 'Cook',
      extends: 'member',
      permissions: ['shipments:read', 'gates:open'],
    });
    await call('create_environment_role', { roleName: 'cook_mate', displayName: 'Mate', extends: 'cook' });
    const args = { roleName: 'cook', permissionName: 'shipments:read' };
    const { error } = await call('remove_permission_from_role', args);
    expect(error.preview).toMatchObject({
      role: { name: 'cook' },
      permission: { name: 'shipments:read' },
      still_inherited_from: 'member',
      user_count: 0,
      dependent_roles: { entries: [{ name: 'cook_mate' }] },
    });
    expect((await confirmed('remove_permission_from_role', args)).data).toEqual({
      removed_permission: 'shipments:read',
      permissions: ['gates:open'],
    });
    const inherited = await call('remove_permission_from_role', args);
    expect(inherited.error).toMatchObject({
      code: 'not_found',
      field: 'permissionName',
      message: expect.stringContaining('member'),
    });
    const none = await call('remove_permission_from_role', { ...args, permissionName: 'billing:manage' });
    expect(none.error).toMatchObject({ code: 'not_found', field: 'permissionName' });
  });
});

describe('OAuth scopes', () => {
  const find = async (id: string) => {
    const { data } = await call('list_environment_scopes');
    return data.scopes.find((scope: { id: string }) => scope.id === id);
  };

  verifies('tools.changed-scopes', 'keep their description when they are switched, and stay as they are', async () => {
    const target = { scopeId: SCOPES.shipmentsWrite };
    const { data } = await call('update_environment_scope', { ...target, enabled: false });
    expect(data.scope).toMatchObject({ enabled: false, description: 'Book and reroute shipments for you' });
    expect(written()).toMatchObject([
      { method: 'PATCH', body: { enabled: false, description: 'Book and reroute shipments for you' } },
    ]);
    await call('update_environment_scope', { ...target, description: 'Book shipments' });
    expect(await find(SCOPES.shipmentsWrite)).toMatchObject({ enabled: false, description: 'Book shipments' });
    await call('update_environment_scope', { ...target, description: '' });
    expect((await find(SCOPES.shipmentsWrite)).description).toBeUndefined();
    expect((await call('update_environment_scope', target)).error).toMatchObject({ field: 'description' });
    const elsewhere = await call('update_environment_scope', { ...target, enabled: true }, 'production');
    expect(elsewhere.error).toMatchObject({ code: 'not_found', field: 'scopeId', nextTool: 'list_environment_scopes' });
  });

  verifies('tools.changed-scopes', 'are deleted with the servers in sight on which they are enabled', async () => {
    const args = { scopeId: SCOPES.shipmentsRead };
    const { error } = await call('delete_environment_scope', args);
    expect(error.preview).toMatchObject({ scope: { name: 'shipments:read' }, mcp_servers: { is_complete: true } });
    expect(error.preview.mcp_servers.count).toBeGreaterThan(0);
    expect((await confirmed('delete_environment_scope', args)).data).toEqual({ deleted_id: SCOPES.shipmentsRead });
    expect(await find(SCOPES.shipmentsRead)).toBeUndefined();
    expect((await call('delete_environment_scope', args)).error.code).toBe('not_found');
    expect((await call('delete_environment_scope', { scopeId: 'perm_1' })).error).toMatchObject({ field: 'scopeId' });
  });
});

describe('an API that does not do what it says', () => {
  let scalekit: FakeScalekit;
  let own: TestServer;
  let callOwn: ReturnType<typeof toolCaller>;
  beforeAll(async () => {
    scalekit = await FakeScalekit.start();
    own = await running(scalekit.env);
    const scope = 'environment:read environment:write';
    callOwn = confirmingCaller(own.localUrl, await scalekit.mint({ claims: { scope } }));
  });
  afterAll(async () => {
    await own.stop();
    await scalekit.close();
  });
  const environmentId = 'env_1';

  verifies('tools.permissions', 'is not believed that a permission is described', async () => {
    const permission = { id: 'perm_1', name: 'a:b', description: 'Old' };
    scalekit.serveApi((_request, response) => json(response, 200, { permission }));
    const changed = await callOwn('update_permission', { environmentId, permissionName: 'a:b', description: 'New' });
    expect(changed.error).toMatchObject({ code: 'not_applied', field: 'description', nextTool: 'list_permissions' });
  });

  verifies('tools.role-permissions', 'is asked again where it does not say what a role permits', async () => {
    let permissions = [{ name: 'a:b' }];
    scalekit.serveApi(({ method }, response) => json(response, 200, method === 'POST' ? {} : { permissions }));
    const add = () => callOwn('add_permissions_to_role', { environmentId, roleName: 'crew', permissions: ['a:b'] });
    expect((await add()).data.permissions).toMatchObject([{ name: 'a:b' }]);
    permissions = [{ name: 'c:d' }];
    expect((await add()).error).toMatchObject({ code: 'not_applied', field: 'permissions' });
  });

  verifies('tools.role-permissions', 'is not believed that a permission is taken away', async () => {
    const permissions = [{ name: 'a:b', role_name: 'crew' }];
    scalekit.serveApi(({ url }, response) => {
      if (url.includes('users:count')) return json(response, 200, { count: '7' });
      if (url.includes('dependents')) return json(response, 200, { roles: [] });
      json(response, 200, { role: { id: 'role_1', name: 'crew', permissions }, permissions });
    });
    const args = { environmentId, roleName: 'crew', permissionName: 'a:b' };
    expect((await callOwn('remove_permission_from_role', args)).error).toMatchObject({
      code: 'not_applied',
      field: 'permissionName',
    });
  });

  verifies('tools.changed-scopes', 'is told of when a scope is not switched, or is still there', async () => {
    const scope = { id: 'scp_1', name: 'a:b', description: 'Old', enabled: true };
    scalekit.serveApi(({ url }, response) =>
      json(response, 200, url.includes('/resources') ? { resources: [] } : { scope, scopes: [scope] }),
    );
    const args = { environmentId, scopeId: 'scp_1' };
    const kept = await callOwn('update_environment_scope', { ...args, enabled: false });
    expect(kept.error).toMatchObject({ code: 'not_applied', field: 'enabled' });
    expect((await callOwn('delete_environment_scope', args)).error).toMatchObject({
      code: 'not_applied',
      field: 'scopeId',
    });
  });
});
