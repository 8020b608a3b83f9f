import { describe, expect } from 'vitest';
import { DEVELOPMENT_ORGANIZATION_IDS } from '../../../src/sandbox/data/ids.ts';
import type { PlannedFault } from '../../../src/sandbox/faults/fault.ts';
import { PEOPLE } from '../../fixtures/examples/people.ts';
import { sharedServer } from '../../fixtures/shared-server.ts';
import { verifies } from '../../verifies.ts';

const { server, call, asked } = sharedServer();
const { tidewater, anchorage, bluefin, umi, quayside, samphire } = DEVELOPMENT_ORGANIZATION_IDS;
const { rosa, caleb, mateus, ines, tomas, lotte, erik } = PEOPLE;

/** What the API was asked for, without the look-up of the environment. */
const sent = () =>
  asked()
    .map(({ method, url, body }) => ({ method, url: url.replace('/api/v1', ''), body }))
    .filter(({ url }) => !url.startsWith('/environments/'));
const written = () => sent().filter(({ method }) => method !== 'GET');
const fault = (planned: PlannedFault) => server().sandbox().faults.add(planned);
const userOf = async (userId: string) => (await call('get_user', { userId })).data.user;
const placeOf = async (userId: string, organizationId: string) =>
  (await userOf(userId)).memberships.find((one: { organization_id: string }) => one.organization_id === organizationId);

/** What a call that asks for confirmation shows, and what comes of it once it is confirmed. */
async function confirmed(name: string, args: Record<string, unknown>, meanwhile: () => void = () => {}) {
  const { error } = await call(name, args);
  expect(error).toMatchObject({ code: 'confirmation_required' });
  meanwhile();
  return { preview: error.preview, ...(await call(name, { ...args, confirmation: error.confirmation })) };
}

describe('list_users', () => {
  verifies('tools.all-users', 'lists everybody, the youngest first, page by page', async () => {
    const first = await call('list_users', { pageSize: 5 });
    const { next_page_token: pageToken, total_size } = first.data;
    const second = await call('list_users', { pageSize: 50, pageToken });
    const all = [...first.data.users, ...second.data.users];
    expect(all).toHaveLength(total_size);
    expect(all.at(-1)).toMatchObject({ id: rosa, user_profile: { given_name: 'Rosa' } });
    expect(sent()[0]).toMatchObject({ url: '/users?page_size=5' });
  });

  verifies('tools.all-users', 'finds some by part of an email, an id or an external id', async () => {
    const { data } = await call('list_users', { query: ' HL-U-40 ', pageSize: 90 });
    expect(data.users.map(({ id }: { id: string }) => id)).toEqual([mateus, caleb, rosa]);
    expect(sent()[0]).toMatchObject({ url: '/users:search?query=HL-U-40&page_size=30' });
    expect((await call('list_users', { query: 'nobody at all' })).data).toMatchObject({ users: [], total_size: 0 });
    expect((await call('list_users', { query: 'ab' })).error).toMatchObject({ field: 'query' });
  });
});

describe('get_user', () => {
  verifies('tools.one-user', 'finds one by either id, with all their organizations', async () => {
    const { data } = await call('get_user', { userId: ines });
    expect(data.user.memberships).toMatchObject([{ organization_id: anchorage }, { organization_id: bluefin }]);
    expect((await call('get_user', { externalId: 'hl-u-4002' })).data.user).toMatchObject({ id: caleb });
    expect(sent().map(({ url }) => url)).toEqual([`/users/${ines}`, '/users:external/hl-u-4002']);
    for (const args of [{ userId: 'usr_71204418093069999' }, { externalId: 'hl-u-9999' }]) {
      expect((await call('get_user', args)).error).toMatchObject({ code: 'not_found' });
    }
  });

  verifies.each<[Record<string, unknown>]>('tools.one-user', [
    [{}],
    [{ userId: rosa, externalId: 'hl-u-4001' }],
    [{ userId: 'org_1' }],
  ])('refuses what names nobody, or somebody twice (%j)', async (args) => {
    expect((await call('get_user', args)).error).toMatchObject({ code: 'invalid_arguments', field: 'userId' });
    expect(sent()).toEqual([]);
  });
});

verifies('tools.one-user', 'says how to find whom an id with a slash is of', async () => {
  const { error } = await call('get_user', { externalId: 'hl/4001' });
  expect(error).toMatchObject({ code: 'invalid_arguments', field: 'externalId' });
  expect(error.message).toContain('list_users');
});

describe('update_user', () => {
  verifies('tools.changed-user', 'writes again what the API would empty, and lets the full name follow', async () => {
    const { data } = await call('update_user', { userId: rosa, firstName: 'Rosalía', metadata: { cost_center: '' } });
    expect(written()).toEqual([
      {
        method: 'PATCH',
        url: `/users/${rosa}`,
        body: { user_profile: { given_name: 'Rosalía', name: 'Rosalía Delgado' }, metadata: { department: 'IT' } },
      },
    ]);
    expect(data.user).toMatchObject({
      external_id: 'hl-u-4001',
      user_profile: { given_name: 'Rosalía', family_name: 'Delgado', name: 'Rosalía Delgado', locale: 'en-US' },
      metadata: { department: 'IT' },
    });
    await call('update_user', { userId: rosa, name: 'Rosi' });
    const { user } = (await call('update_user', { userId: rosa, lastName: 'Vega' })).data;
    expect(user.user_profile).toMatchObject({ given_name: 'Rosalía', family_name: 'Vega', name: 'Rosi' });
    expect(user.metadata).toEqual({ department: 'IT' });
  });

  verifies('tools.changed-user', 'takes an external id that is taken for a conflict', async () => {
    const { error } = await call('update_user', { userId: ines, externalId: 'hl-u-4002' });
    expect(error).toMatchObject({ code: 'conflict', field: 'externalId', nextTool: 'get_user', retryable: false });
  });

  verifies.each<[string, Record<string, unknown>]>('tools.changed-user', [
    ['firstName', {}],
    ['firstName', { firstName: 'x'.repeat(256) }],
    ['name', { name: '\u200b' }],
    ['metadata', { metadata: { ab: 'too short a key' } }],
    ['email', { email: 'other@tidewater.example' }],
  ])('refuses a bad %s before anything is sent (%j)', async (field, args) => {
    const { error } = await call('update_user', { userId: ines, ...args });
    expect(error).toMatchObject({ code: 'invalid_arguments' });
    expect(error.field.split('.')[0]).toBe(field);
    expect(sent()).toEqual([]);
  });

  verifies('tools.changed-user', 'loses no pair of parallel calls', async () => {
    const keys = Array.from({ length: 4 }, (_, i) => `parallel${i}`);
    const calls = keys.map((key) => call('update_user', { userId: caleb, metadata: { [key]: 'there' } }));
    for (const { error } of await Promise.all(calls)) expect(error).toBeUndefined();
    expect((await userOf(caleb)).metadata).toEqual(Object.fromEntries(keys.map((key) => [key, 'there'])));
  });

  verifies('tools.changed-user', 'tells when something is lost that the call did not name', async () => {
    fault({
      kind: 'status',
      status: 200,
      body: { user: { id: mateus } },
      when: { method: 'GET', path: `/api/v1/users/${mateus}` },
      after: 1,
    });
    const { error } = await call('update_user', { userId: mateus, locale: 'pt-BR' });
    expect(error).toMatchObject({ code: 'conflict', retryable: false, nextTool: 'get_user' });
    expect(error.message).toContain('did not name');
  });
});

describe('delete_user', () => {
  verifies('tools.deleted-user', 'shows where they are a member and signed in, then deletes them', async () => {
    const { preview, data } = await confirmed('delete_user', { userId: lotte });
    expect(preview).toMatchObject({
      user: { email: 'lotte.visser@anchorage.example', memberships: [{ organization_id: anchorage }] },
      sessions: { count: 1, is_complete: true, entries: [{ id: 'ses_71204418093066007', browser: 'Chrome' }] },
    });
    expect(preview.passkeys).toEqual({ count: 0, is_complete: true, entries: [] });
    expect(data).toEqual({ deleted_id: lotte });
    expect((await call('get_user', { userId: lotte })).error).toMatchObject({ code: 'not_found' });
  });

  verifies('tools.deleted-user', 'shows their passkeys, which go with them', async () => {
    const { error } = await call('delete_user', { userId: mateus });
    expect(error.preview.passkeys).toMatchObject({ count: 1, entries: [{ display_name: 'Harbour tablet' }] });
  });
});

describe('add_user_to_organization', () => {
  verifies('tools.memberships', 'invites somebody to one more organization, unless it is told otherwise', async () => {
    const added = await call('add_user_to_organization', { organizationId: samphire, userId: mateus });
    expect(added.data).not.toHaveProperty('note');
    expect(written()).toEqual([
      {
        method: 'POST',
        url: `/memberships/organizations/${samphire}/users/${mateus}?send_invitation_email=true`,
        body: {},
      },
    ]);
    expect(await placeOf(mateus, samphire)).toMatchObject({
      membership_status: 'PENDING_INVITE',
      roles: [{ name: 'member' }],
    });
    const again = await call('add_user_to_organization', { organizationId: samphire, userId: mateus });
    expect(again.error).toMatchObject({
      code: 'conflict',
      field: 'userId',
      message: expect.stringContaining('member of this organization already'),
    });
  });

  verifies('tools.memberships', 'names the role that there is not', async () => {
    const args = { organizationId: quayside, userId: ines, roles: ['harbour_master'] };
    expect((await call('add_user_to_organization', args)).error).toMatchObject({
      code: 'invalid_request',
      field: 'roles',
      nextTool: 'list_environment_roles',
    });
  });
});

describe('update_organization_membership', () => {
  verifies('tools.memberships', 'replaces all roles, or changes metadata and keeps the roles', async () => {
    const place = { organizationId: anchorage, userId: erik };
    await call('update_organization_membership', { ...place, metadata: { desk: '7', shift: 'day' } });
    expect(written()[0]?.body).toEqual({
      roles: [{ name: 'dispatcher' }, { name: 'customs_broker' }],
      metadata: { desk: '7', shift: 'day' },
    });
    await call('update_organization_membership', { ...place, roles: ['admin'], metadata: { shift: '' } });
    expect(await placeOf(erik, anchorage)).toMatchObject({ roles: [{ name: 'admin' }], metadata: { desk: '7' } });
    const nobody = await call('update_organization_membership', {
      organizationId: umi,
      userId: erik,
      roles: ['admin'],
    });
    expect(nobody.error).toMatchObject({ code: 'not_found', field: 'organizationId', nextTool: 'get_user' });
    const none = await call('update_organization_membership', { ...place, roles: [] });
    expect(none.error).toMatchObject({ code: 'invalid_arguments', field: 'roles' });
  });
});

describe('remove_user_from_organization', () => {
  const cascades = () => written().map(({ url }) => url.split('?')[1]);

  verifies('tools.removed-member', 'never deletes the user unasked, in their last organization either', async () => {
    const { preview, data } = await confirmed('remove_user_from_organization', {
      organizationId: anchorage,
      userId: tomas,
    });
    expect(preview).toMatchObject({
      user: { email: 'tomas.beck@anchorage.example' },
      membership: { organization_id: anchorage },
      other_organizations: [],
      deletes_user: false,
    });
    expect(data).toEqual({ organization_id: anchorage, user_id: tomas, user_deleted: false });
    expect(cascades()).toEqual(['cascade=false']);
    expect((await userOf(tomas)).memberships).toEqual([]);
  });

  verifies('tools.removed-member', 'deletes the user where that is asked for and no organization is left', async () => {
    const first = await confirmed('remove_user_from_organization', {
      organizationId: bluefin,
      userId: ines,
      deleteUser: true,
    });
    expect(first.preview).toMatchObject({ deletes_user: false, other_organizations: [{ organization_id: anchorage }] });
    expect(first.data).toMatchObject({ user_deleted: false });
    const second = await confirmed('remove_user_from_organization', {
      organizationId: anchorage,
      userId: ines,
      deleteUser: true,
    });
    expect(second.preview).toMatchObject({ deletes_user: true, other_organizations: [] });
    expect(second.data).toMatchObject({ user_deleted: true });
    expect(cascades()).toEqual(['cascade=true', 'cascade=true']);
    expect((await call('get_user', { userId: ines })).error).toMatchObject({ code: 'not_found' });
  });

  verifies('tools.removed-member', 'tells when the API deletes the user all the same', async () => {
    const path = `/api/v1/users/${caleb}`;
    const { error } = await confirmed(
      'remove_user_from_organization',
      { organizationId: tidewater, userId: caleb },
      () =>
        // The preview is read once more before the removal.
        fault({ kind: 'status', status: 404, when: { method: 'GET', path }, after: 1 }),
    );
    expect(error).toMatchObject({ code: 'not_applied', message: expect.stringContaining('deleted as well') });
  });

  verifies('tools.removed-member', 'finds nobody to remove where they are no member', async () => {
    const { error } = await call('remove_user_from_organization', { organizationId: umi, userId: rosa });
    expect(error).toMatchObject({ code: 'not_found', field: 'organizationId' });
    expect(written()).toEqual([]);
  });
});

describe('resend_user_invite', () => {
  verifies('tools.resent-invite', 'counts, and refuses whoever has joined', async () => {
    const priya = 'usr_71204418093062004';
    const resend = (userId: string) => call('resend_user_invite', { organizationId: tidewater, userId });
    for (const resent_count of [1, 2]) {
      expect((await resend(priya)).data.invite).toMatchObject({
        user_id: priya,
        status: 'PENDING_INVITE',
        resent_count,
        expires_at: expect.any(String),
      });
    }
    expect((await resend(rosa)).error).toMatchObject({ code: 'invalid_request', upstream: { status: 400 } });
  });
});

describe('roles of a user', () => {
  const place = { organizationId: tidewater, userId: rosa };
  const names = ({ data }: Awaited<ReturnType<typeof call>>) => data.roles.map(({ name }: { name: string }) => name);

  verifies('tools.user-roles', 'are listed with those that come with them, and what they permit', async () => {
    expect(names(await call('list_user_roles', place))).toEqual(['admin', 'dispatcher', 'member']);
    const { data } = await call('list_user_permissions', place);
    expect(data.permissions).toContainEqual(expect.objectContaining({ name: 'people:manage' }));
    const elsewhere = await call('list_user_roles', { ...place, organizationId: umi });
    expect(elsewhere.error).toMatchObject({ code: 'not_found' });
  });

  verifies('tools.user-roles', 'are added to, as a list in the body', async () => {
    const added = await call('assign_user_roles', { ...place, roles: ['customs_broker'] });
    expect(written()).toEqual([
      {
        method: 'POST',
        url: `/organizations/${tidewater}/users/${rosa}/roles`,
        body: [{ role_name: 'customs_broker' }],
      },
    ]);
    expect(names(added)).toEqual(['admin', 'customs_broker']);
    const unknown = await call('assign_user_roles', { ...place, roles: ['member', 'harbour_master'] });
    expect(unknown.error).toMatchObject({
      code: 'invalid_request',
      field: 'roles',
      nextTool: 'list_environment_roles',
    });
    const path = `/api/v1/organizations/${tidewater}/users/${rosa}/roles`;
    fault({ kind: 'status', status: 200, body: { roles: [{ name: 'admin' }] }, when: { method: 'POST', path } });
    const ignored = await call('assign_user_roles', { ...place, roles: ['dispatcher'] });
    expect(ignored.error).toMatchObject({ code: 'not_applied', field: 'roles', nextTool: 'list_user_roles' });
  });

  verifies('tools.user-roles', 'are taken away one by one, but not those that come with others', async () => {
    await call('assign_user_roles', { ...place, roles: ['dispatcher'] });
    const { preview, data } = await confirmed('remove_user_role', { ...place, roleName: 'dispatcher' });
    expect(preview).toMatchObject({
      role: { name: 'dispatcher' },
      other_roles: expect.arrayContaining(['admin']),
      permissions: expect.arrayContaining(['shipments:write']),
    });
    expect(data).toMatchObject({ removed_role: 'dispatcher', roles: expect.not.arrayContaining(['dispatcher']) });
    expect(names(await call('list_user_roles', place))).toContain('dispatcher');
    const inherited = await call('remove_user_role', { ...place, roleName: 'dispatcher' });
    expect(inherited.error).toMatchObject({ code: 'not_found', field: 'roleName', nextTool: 'list_user_roles' });
  });
});
