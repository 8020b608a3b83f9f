import { afterAll, beforeAll, describe, expect } from 'vitest';
import {
  DEVELOPMENT_ORGANIZATION_IDS,
  DEVELOPMENT_DIRECTORY_IDS as DIRECTORIES,
  ENVIRONMENT_IDS,
  DEVELOPMENT_GROUP_IDS as GROUPS,
} from '../../../src/sandbox/data/ids.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { FakeScalekit, json } from '../../fixtures/scalekit.ts';
import { sharedServer } from '../../fixtures/shared-server.ts';
import { confirmingCaller, type toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const { tidewater, lagerhaus, consortium, polder, samphire } = DEVELOPMENT_ORGANIZATION_IDS;
const ofTidewater = { organizationId: tidewater, directoryId: DIRECTORIES.tidewater };
const ofLagerhaus = { organizationId: lagerhaus, directoryId: DIRECTORIES.lagerhaus };

const { server, token, call, asked } = sharedServer();

const written = () => asked().filter(({ method }) => method !== 'GET');
const confirmed = (name: string, args: Record<string, unknown>) =>
  confirmingCaller(server().url, token())(name, { environmentId: ENVIRONMENT_IDS.development, ...args });
const read = async (target: Record<string, unknown>) =>
  (await call('get_organization_directory', target)).data.directory;

describe('the directories of an organization', () => {
  verifies('tools.directories', 'are listed and shown, with how secrets end and never a secret', async () => {
    const { data } = await call('list_organization_directories', { organizationId: lagerhaus });
    expect(data.directories).toMatchObject([{ id: DIRECTORIES.lagerhaus, total_users: 3, total_groups: 2 }]);
    expect(await read(ofLagerhaus)).toMatchObject({
      directory_type: 'SCIM',
      secrets: [{ id: expect.stringMatching(/^sec_/), secret_suffix: 'p4Qz', status: 'ACTIVE' }],
      attribute_mappings: { attributes: [{ key: 'department', map_to: 'department' }] },
    });
    const none = await call('list_organization_directories', { organizationId: samphire });
    expect(none.data.directories).toEqual([]);
    const foreign = await call('get_organization_directory', { ...ofLagerhaus, organizationId: tidewater });
    expect(foreign.error).toMatchObject({ code: 'not_found' });
  });

  verifies('tools.directories', 'are created on, of the types that there are', async () => {
    const { data } = await call('create_organization_directory', {
      organizationId: samphire,
      directoryType: 'SCIM',
      directoryProvider: 'OKTA',
    });
    expect(data.directory).toMatchObject({ enabled: true, directory_type: 'SCIM', directory_provider: 'OKTA' });
    expect(written()).toMatchObject([
      {
        url: `/api/v1/organizations/${samphire}/directories`,
        body: { directory_type: 'SCIM', directory_provider: 'OKTA' },
      },
    ]);
    const wrong = await call('create_organization_directory', { organizationId: samphire, directoryType: 'CSV' });
    expect(wrong.error).toMatchObject({ field: 'directoryType', allowed: ['SCIM', 'LDAP', 'POLL'] });
  });

  verifies('tools.directories', 'are changed without being switched off, and keep their mappings', async () => {
    const { data } = await call('update_organization_directory', { ...ofTidewater, name: 'Tidewater staff' });
    expect(data.directory).toMatchObject({
      name: 'Tidewater staff',
      enabled: true,
      directory_provider: 'OKTA',
      attribute_mappings: { attributes: [{ key: 'department', map_to: 'department' }] },
    });
    expect(written()).toMatchObject([
      {
        method: 'PATCH',
        body: { enabled: true, directory_type: 'SCIM', directory_provider: 'OKTA', status: 'COMPLETED' },
      },
    ]);
    const nothing = await call('update_organization_directory', ofTidewater);
    expect(nothing.error).toMatchObject({ code: 'invalid_arguments', field: 'name' });
    const changes = [{ name: 'At once' }, { directoryProvider: 'AUTH0' }];
    await Promise.all(changes.map((change) => call('update_organization_directory', { ...ofTidewater, ...change })));
    expect(await read(ofTidewater)).toMatchObject({ name: 'At once', directory_provider: 'AUTH0', enabled: true });
  });

  verifies('tools.directories', 'are switched on, off, and deleted once they are off', async () => {
    const target = { organizationId: consortium, directoryId: DIRECTORIES.consortium };
    expect((await call('enable_organization_directory', target)).data).toEqual({ enabled: true });
    const tooEarly = await confirmed('delete_organization_directory', target);
    expect(tooEarly.error).toMatchObject({ code: 'invalid_request', upstream: { status: 400 } });
    const preview = await call('disable_organization_directory', target);
    expect(preview.error).toMatchObject({ preview: { directory: { id: DIRECTORIES.consortium, enabled: true } } });
    expect((await confirmed('disable_organization_directory', target)).data).toEqual({ enabled: false });
    expect((await confirmed('delete_organization_directory', target)).data).toEqual({
      deleted_id: DIRECTORIES.consortium,
    });
    expect((await call('get_organization_directory', target)).error).toMatchObject({ code: 'not_found' });
  });
});

describe('what a directory has brought', () => {
  verifies('tools.directories', 'is listed page by page: users, of one group, or changed since', async () => {
    const users = async (args: Record<string, unknown>) =>
      (await call('list_directory_users', { ...ofLagerhaus, ...args })).data;
    const names = ({ users: some }: { users: { given_name: string }[] }) => some.map(({ given_name }) => given_name);
    const first = await users({ pageSize: 2 });
    expect([names(first), first.total_size]).toEqual([['Greta', 'Tomasz'], 3]);
    expect(names(await users({ pageSize: 2, pageToken: first.next_page_token }))).toEqual(['Ines']);
    expect(names(await users({ groupId: GROUPS.office }))).toEqual(['Greta', 'Ines']);
    expect(names(await users({ updatedAfter: '2026-01-12T00:00:00Z' }))).toEqual(['Tomasz', 'Ines']);
    expect((await users({})).users[0]).not.toHaveProperty('user_detail');
    expect((await users({ includeDetail: true })).users[0].user_detail).toMatchObject({ department: 'Logistics' });
  });

  verifies('tools.directories', 'is listed page by page: groups', async () => {
    const groups = async (args: Record<string, unknown>) =>
      (await call('list_directory_groups', { ...ofLagerhaus, ...args })).data.groups;
    expect(await groups({})).toMatchObject([
      { id: GROUPS.dispatch, display_name: 'Dispatch', total_users: 2 },
      { id: GROUPS.office, total_users: 2 },
    ]);
    expect(await groups({ updatedAfter: '2026-02-01T00:00:00+01:00' })).toEqual([]);
    expect((await groups({ includeExternalGroups: true }))[0].group_detail).toEqual({ displayName: 'Dispatch' });
  });

  verifies.each<[string, string, unknown]>('tools.directories', [
    ['list_directory_users', 'groupId', 'grp_1'],
    ['list_directory_users', 'updatedAfter', 'yesterday'],
    ['list_directory_users', 'pageSize', 31],
    ['list_directory_groups', 'pageSize', 31],
    ['list_directory_groups', 'directoryId', 'directory'],
  ])('%s refuses a %s of %s, and asks nothing', async (tool, field, value) => {
    const { error } = await call(tool, { ...ofLagerhaus, [field]: value });
    expect(error).toMatchObject({ code: 'invalid_arguments', field });
    expect(asked()).toEqual([]);
  });
});

describe('the secrets of a directory', () => {
  verifies('tools.directory-secrets', 'are shown once, and flagged; another one leaves those before', async () => {
    const { data, meta } = await call('create_directory_secret', ofTidewater);
    expect(data).toMatchObject({
      plain_secret: expect.stringMatching(/^scim_/),
      secret_id: expect.stringMatching(/^sec_/),
      secret_suffix: data.plain_secret.slice(-4),
      note: expect.stringContaining('once'),
    });
    expect(JSON.stringify(meta)).toContain('plain_secret');
    const { secrets } = await read(ofTidewater);
    expect(secrets.map(({ status }: { status: string }) => status)).toEqual(['ACTIVE', 'ACTIVE']);
    expect(JSON.stringify(secrets)).not.toContain(data.plain_secret);
    expect(server().logText()).not.toContain(data.plain_secret);
  });

  verifies('tools.directory-secrets', 'are replaced only after a look at those that stop working', async () => {
    const first = await call('regenerate_directory_secret', ofLagerhaus);
    expect(first.error).toMatchObject({
      code: 'confirmation_required',
      preview: { directory: { secrets: [{ secret_suffix: 'p4Qz', status: 'ACTIVE' }] } },
    });
    expect(written()).toEqual([]);
    const { data } = await call('regenerate_directory_secret', {
      ...ofLagerhaus,
      confirmation: first.error.confirmation,
    });
    expect(data.plain_secret).toMatch(/^scim_/);
    const { secrets } = await read(ofLagerhaus);
    expect(secrets).toMatchObject([{ status: 'INACTIVE' }, { status: 'ACTIVE', id: data.secret_id }]);
  });
});

describe('sync_organization_directory', () => {
  verifies('tools.directories', 'starts a sync, which a directory that is off refuses', async () => {
    const before = await read(ofTidewater);
    expect((await call('sync_organization_directory', ofTidewater)).data).toEqual({ started: true });
    expect((await read(ofTidewater)).last_synced_at).not.toBe(before.last_synced_at);
    const off = { organizationId: polder, directoryId: DIRECTORIES.polder };
    expect((await call('sync_organization_directory', off)).error).toMatchObject({ code: 'invalid_request' });
  });
});

describe('assign_directory_group_roles', () => {
  verifies('tools.directories', 'sets all roles that groups give', async () => {
    const assign = (assignments: object[]) => call('assign_directory_group_roles', { ...ofLagerhaus, assignments });
    const both = [
      { groupId: GROUPS.dispatch, roleName: 'dispatcher' },
      { groupId: GROUPS.office, roleName: 'member' },
    ];
    expect((await assign(both)).data.role_assignments.assignments).toMatchObject([
      { group_id: GROUPS.dispatch, role_name: 'dispatcher', role_id: expect.stringMatching(/^role_/) },
      { group_id: GROUPS.office, role_name: 'member' },
    ]);
    await assign(both.slice(1));
    expect((await read(ofLagerhaus)).role_assignments.assignments).toMatchObject([{ group_id: GROUPS.office }]);
    expect((await assign([])).error).toBeUndefined();
    const unknown = await assign([{ groupId: GROUPS.dispatch, roleName: 'captain' }]);
    expect(unknown.error).toMatchObject({ code: 'not_found' });
    const foreign = await assign([{ groupId: GROUPS.warehouse, roleName: 'member' }]);
    expect(foreign.error).toMatchObject({ code: 'not_found' });
    expect((await assign([{ groupId: GROUPS.dispatch, roleName: 'a b' }])).error).toMatchObject({
      field: 'assignments.0.roleName',
    });
  });
});

describe('an API that does not do what it says', () => {
  let scalekit: FakeScalekit;
  let own: TestServer;
  let callOwn: ReturnType<typeof toolCaller>;
  beforeAll(async () => {
    scalekit = await FakeScalekit.start();
    own = await running(scalekit.env);
    const scope = 'organization:read organization:write';
    callOwn = confirmingCaller(own.localUrl, await scalekit.mint({ claims: { scope } }));
  });
  afterAll(async () => {
    await own.stop();
    await scalekit.close();
  });
  const ids = { environmentId: 'env_1', organizationId: 'org_1', directoryId: 'dir_1' };
  const directory = { id: 'dir_1', name: 'Staff', directory_type: 'SCIM', directory_provider: 'OKTA', enabled: true };

  verifies('tools.directories', 'is not believed that a directory is off, or on', async () => {
    scalekit.serveApi((_request, response) => json(response, 200, { enabled: false, directory }));
    expect((await callOwn('disable_organization_directory', ids)).error).toMatchObject({
      code: 'not_applied',
      field: 'enabled',
    });
    scalekit.serveApi((_request, response) => json(response, 200, { error_message: 'no endpoint' }));
    expect((await callOwn('enable_organization_directory', ids)).error).toMatchObject({
      code: 'invalid_request',
      nextTool: 'get_organization_directory',
      upstream: { message: 'no endpoint' },
    });
  });

  verifies('tools.directories', 'is told of when a change switches a directory off', async () => {
    let isChanged = false;
    scalekit.serveApi(({ method }, response) => {
      if (method === 'PATCH') isChanged = true;
      json(response, 200, { directory: { ...directory, name: 'New', enabled: !isChanged } });
      if (method === 'GET' && isChanged) isChanged = false;
    });
    const { error } = await callOwn('update_organization_directory', { ...ids, name: 'New' });
    expect(error).toMatchObject({ code: 'not_applied', field: 'enabled', nextTool: 'get_organization_directory' });
    expect(error.message).toContain('not as before it: enabled');
  });

  verifies('tools.directories', 'is told of by name', async () => {
    scalekit.serveApi((_request, response) =>
      json(response, 200, {
        directory,
        role_assignments: { assignments: [{ group_id: 'dirgroup_2', role_name: 'a' }] },
      }),
    );
    expect((await callOwn('update_organization_directory', { ...ids, name: 'New' })).error).toMatchObject({
      code: 'not_applied',
      field: 'name',
    });
    const assignments = [{ groupId: 'dirgroup_1', roleName: 'member' }];
    expect((await callOwn('assign_directory_group_roles', { ...ids, assignments })).error).toMatchObject({
      code: 'not_applied',
      field: 'assignments',
    });
    const wanted = { environmentId: 'env_1', organizationId: 'org_1', directoryType: 'POLL' };
    expect((await callOwn('create_organization_directory', wanted)).error).toMatchObject({
      code: 'not_applied',
      field: 'directoryType',
    });
  });
});
