import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import {
  DEVELOPMENT_ORGANIZATION_IDS,
  ENVIRONMENT_DOMAINS,
  ENVIRONMENT_IDS,
  PRODUCTION_ORGANIZATION_IDS,
} from '../../../src/sandbox/data/ids.ts';
import type { PlannedFault } from '../../../src/sandbox/faults/fault.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { FakeScalekit, json } from '../../fixtures/scalekit.ts';
import { toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const { tidewater, meridian, samphire, consortium, ferrypoint, bluefin } = DEVELOPMENT_ORGANIZATION_IDS;

let server: TestServer;
let callAnywhere: ReturnType<typeof toolCaller>;

beforeAll(async () => {
  server = await running();
  callAnywhere = toolCaller(server.url, await server.token());
});
afterAll(() => server.stop());
beforeEach(() => {
  server.exchanges.length = 0;
});

const call = (name: string, args: Record<string, unknown> = {}) =>
  callAnywhere(name, { environmentId: ENVIRONMENT_IDS.development, ...args });

/** What the management API was asked for, except the look-up of the environment. */
const asked = () =>
  server.exchanges
    .map(({ request: { method, url, body } }) => ({ method, url: url.slice('/api/v1'.length), body }))
    .filter(({ url }) => !url.startsWith('/environments/'));

describe('list_organization_users', () => {
  verifies('tools.users', 'takes names from the profile and leaves the deprecated ones behind', async () => {
    const { data } = await call('list_organization_users', { organizationId: tidewater });
    expect(data).toMatchObject({ total_size: 4, next_page_token: '' });
    expect(data.users[0]).toMatchObject({
      id: expect.stringMatching(/^usr_/),
      email: 'rosa.delgado@tidewater.example',
      user_profile: { given_name: 'Rosa', family_name: 'Delgado', name: 'Rosa Delgado' },
      memberships: [{ organization_id: tidewater, membership_status: 'ACTIVE', roles: [{ name: 'admin' }] }],
    });
    expect(JSON.stringify(data)).not.toMatch(/first_name|last_name/);
    expect(asked()).toEqual([{ method: 'GET', url: `/organizations/${tidewater}/users`, body: undefined }]);
  });

  verifies('tools.users', 'goes from page to page, with at most 100 entries on each', async () => {
    const first = await call('list_organization_users', { organizationId: tidewater, pageSize: 3 });
    const { next_page_token: pageToken } = first.data;
    const second = await call('list_organization_users', { organizationId: tidewater, pageSize: 3, pageToken });
    expect([...first.data.users, ...second.data.users].map(({ email }) => email)).toEqual([
      'rosa.delgado@tidewater.example',
      'caleb.nwosu@tidewater.example',
      'night.shift@tidewater.example',
      'priya.raman@tidewater.example',
    ]);
    expect(second.data.next_page_token).toBe('');
    const { error } = await call('list_organization_users', { organizationId: tidewater, pageSize: 101 });
    expect(error).toMatchObject({ code: 'invalid_arguments', field: 'pageSize' });
  });

  verifies('tools.find', 'finds some by part of an email, an id or an external id, in shorter pages', async () => {
    const { data } = await call('list_organization_users', {
      organizationId: tidewater,
      query: ' 4002 ',
      pageSize: 90,
    });
    expect(data).toMatchObject({ users: [{ email: 'caleb.nwosu@tidewater.example' }], total_size: 1 });
    const none = await call('list_organization_users', { organizationId: tidewater, query: 'nobody' });
    expect(none.data).toMatchObject({ users: [], total_size: 0 });
    const search = `/organizations/${tidewater}/users:search?query=`;
    expect(asked().map(({ url }) => url)).toEqual([`${search}4002&page_size=30`, `${search}nobody`]);
    for (const query of ['ab', 'x'.repeat(101), '\u200babc']) {
      const { error } = await call('list_organization_users', { organizationId: tidewater, query });
      expect(error).toMatchObject({ code: 'invalid_arguments', field: 'query' });
    }
  });

  verifies('tools.person', 'says what people sign in with, what they may do, and since when', async () => {
    const { data } = await call('list_organization_users', { organizationId: tidewater });
    const [rosa, , , priya] = data.users;
    expect(rosa).toMatchObject({
      environment_id: ENVIRONMENT_IDS.development,
      user_profile: {
        external_identities: [
          { connection_provider: 'MICROSOFT_AD', connection_user_id: '00u4tidewater71rosa', is_social: false },
        ],
      },
      memberships: [
        {
          permissions: expect.arrayContaining(['people:manage', 'shipments:read']),
          created_at: '2025-03-11T08:41:12Z',
          accepted_at: '2025-03-11T08:41:12Z',
        },
      ],
    });
    expect(priya.memberships).toMatchObject([{ inviter_email: 'rosa.delgado@tidewater.example' }]);
    expect(priya.memberships[0]).not.toHaveProperty('accepted_at');
  });

  verifies('tools.person', 'finds names where older programs have put them', async () => {
    const profiles = [
      { first_name: 'Test', last_name: 'User' },
      { given_name: '', family_name: null, first_name: 'Test', last_name: 'User' },
      { given_name: 'New', family_name: 'Name', first_name: 'Old', last_name: 'Names' },
    ];
    const users = profiles.map((user_profile, i) => ({ id: `usr_${i}`, user_profile }));
    const path = `/api/v1/organizations/${samphire}/users`;
    server.sandbox().faults.add({ kind: 'status', status: 200, body: { users }, when: { path } });
    const { data } = await call('list_organization_users', { organizationId: samphire });
    expect(data.users.map(({ user_profile }: { user_profile: unknown }) => user_profile)).toEqual([
      { given_name: 'Test', family_name: 'User' },
      { given_name: 'Test', family_name: 'User' },
      { given_name: 'New', family_name: 'Name' },
    ]);
  });

  verifies('tools.users', 'of nobody is empty, of no organization is not found', async () => {
    const { data } = await call('list_organization_users', { organizationId: samphire });
    expect(data).toMatchObject({ users: [], total_size: 0 });
    const { error } = await call('list_organization_users', { organizationId: 'org_1' });
    expect(error).toMatchObject({ code: 'not_found', upstream: { status: 404 } });
  });
});

describe('create_organization_user', () => {
  const create = (args: Record<string, unknown>) =>
    call('create_organization_user', { organizationId: meridian, ...args });

  verifies('tools.invitation-hint', 'says where an invitation leads to nowhere, and only there', async () => {
    const invite = async (environment: 'development' | 'production', more: object) => {
      const organizationId = environment === 'development' ? meridian : PRODUCTION_ORGANIZATION_IDS.meridian;
      const email = `${randomUUID()}@meridian.example`;
      const place = { environmentId: ENVIRONMENT_IDS[environment], organizationId };
      const { data } = await call('create_organization_user', { ...place, email, ...more });
      expect(data.user).toMatchObject({ email });
      return data.note;
    };
    expect(await invite('production', {})).toContain('set_initiate_login_uri');
    expect(await invite('production', { sendInvitationEmail: false })).toBeUndefined();
    expect(await invite('development', {})).toBeUndefined();
    const fault: PlannedFault = { kind: 'status', status: 403, when: { path: '/api/v1/clients' }, times: 9 };
    server.sandbox().faults.add(fault);
    expect(await invite('production', {})).toBeUndefined();
    server.sandbox().faults.clear();
  });

  verifies('tools.users', 'puts names into the profile and roles into the membership', async () => {
    const { data } = await create({
      email: ' lena.brandt@meridian.example ',
      externalId: 'hl-u-5001',
      firstName: 'Lena',
      lastName: 'Brandt',
      metadata: { department: 'Dispatch' },
      roles: ['dispatcher', 'customs_broker'],
      sendInvitationEmail: false,
    });
    expect(asked()).toEqual([
      {
        method: 'POST',
        url: `/organizations/${meridian}/users?send_invitation_email=false`,
        body: {
          email: 'lena.brandt@meridian.example',
          external_id: 'hl-u-5001',
          metadata: { department: 'Dispatch' },
          membership: { roles: [{ name: 'dispatcher' }, { name: 'customs_broker' }] },
          user_profile: { given_name: 'Lena', family_name: 'Brandt' },
        },
      },
    ]);
    expect(data.user).toMatchObject({
      email: 'lena.brandt@meridian.example',
      external_id: 'hl-u-5001',
      user_profile: { given_name: 'Lena', family_name: 'Brandt' },
      memberships: [{ membership_status: 'ACTIVE', roles: [{ name: 'dispatcher' }, { name: 'customs_broker' }] }],
    });
    const listed = await call('list_organization_users', { organizationId: meridian });
    expect(listed.data.users.at(-1)).toEqual(data.user);
  });

  verifies('tools.users', 'needs an email alone, and says that an invitation is to be sent', async () => {
    const { data } = await create({ email: 'depot@meridian.example', externalId: '', firstName: '' });
    expect(asked()).toEqual([
      {
        method: 'POST',
        url: `/organizations/${meridian}/users?send_invitation_email=true`,
        body: { email: 'depot@meridian.example' },
      },
      // Where the invitation leads.
      { method: 'GET', url: '/clients?filter.client_type=ENV&page_size=30', body: undefined },
    ]);
    expect(data.user.memberships).toMatchObject([{ membership_status: 'PENDING_INVITE', roles: [{ name: 'member' }] }]);
  });

  verifies.each('tools.users', [
    ['email', { email: 'Rosa.Delgado@tidewater.example' }],
    ['externalId', { email: 'somebody.new@meridian.example', externalId: 'hl-u-4001' }],
  ])('reports a taken %s as a conflict', async (field, args) => {
    expect((await create(args)).error).toMatchObject({
      code: 'conflict',
      field,
      message: expect.stringContaining(field),
      nextTool: 'list_organization_users',
      retryable: false,
      upstream: { status: 409, error_code: 'ALREADY_EXISTS' },
    });
  });

  verifies('tools.users', 'passes on what the API has against it', async () => {
    const email = 'refused@meridian.example';
    const unknownRole = await create({ email, roles: ['admin', 'harbour_master'] });
    expect(unknownRole.error).toMatchObject({
      code: 'invalid_request',
      field: 'roles',
      nextTool: 'list_environment_roles',
      upstream: { status: 400, violations: [{ field: 'user.membership.roles[1].name' }] },
    });
    expect((await create({ email, organizationId: 'org_1' })).error.code).toBe('not_found');
  });

  verifies('tools.users', 'takes a refusal that speaks of a role for one of the roles, if any were named', async () => {
    const body = { code: 3, message: 'role harbour_master does not exist', details: [{ error_code: 'ROLE_UNKNOWN' }] };
    const when = { path: `/api/v1/organizations/${meridian}/users` };
    const refuse = () => server.sandbox().faults.add({ kind: 'status', status: 400, body, when });
    refuse();
    const named = await create({ email: 'role@meridian.example', roles: ['harbour_master'] });
    expect(named.error).toMatchObject({ code: 'invalid_request', field: 'roles', nextTool: 'list_environment_roles' });
    refuse();
    expect((await create({ email: 'role@meridian.example' })).error).not.toHaveProperty('field');
  });

  const pairs = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`key${i}`, 'v']));

  verifies.each<[string, Record<string, unknown>]>('tools.users', [
    ['email', { email: 'nobody' }],
    ['metadata', { metadata: pairs(21) }],
    ['metadata', { metadata: { ab: 'key too short' } }],
    ['metadata', { metadata: { department: '' } }],
    ['firstName', { firstName: 'x'.repeat(256) }],
    ['lastName', { lastName: 'x'.repeat(256) }],
    ['roles', { roles: 'admin' }],
    ['sendInvitationEmail', { sendInvitationEmail: 'no' }],
    ['first_name', { first_name: 'Lena' }],
  ])('refuses a wrong %s before anything is sent', async (field, args) => {
    const { error } = await create({ email: 'lena@meridian.example', ...args });
    expect(error).toMatchObject({ code: 'invalid_arguments' });
    expect(error.field.split('.')[0]).toBe(field);
    expect(asked()).toEqual([]);
  });

  verifies.each<[string, object, string]>('writes.seen', [
    ['another email', { email: 'other@meridian.example' }, 'email'],
    ['no external id', { external_id: undefined }, 'externalId'],
    ['no name', { user_profile: { given_name: 'Seen' } }, 'lastName'],
    ['other metadata', { metadata: { key: 'other' } }, 'metadata'],
    ['no role', { memberships: [{ organization_id: meridian, roles: [{ name: 'member' }] }] }, 'roles'],
    ['a role elsewhere', { memberships: [{ organization_id: 'org_1', roles: [{ name: 'admin' }] }] }, 'roles'],
  ])('takes a user with %s for no success', async (_, shown, field) => {
    const asked = {
      email: 'Seen@Meridian.example',
      externalId: 'seen-1',
      firstName: 'Seen',
      lastName: 'Person',
      metadata: { key: 'value' },
      roles: ['admin'],
    };
    // In lower case the email is the same, a role may stand beside others, and names may be where they were.
    const user = {
      id: 'usr_1',
      email: 'seen@meridian.example',
      external_id: 'seen-1',
      user_profile: { first_name: 'Seen', last_name: 'Person' },
      metadata: { key: 'value' },
      memberships: [{ organization_id: meridian, roles: [{ name: 'member' }, { name: 'admin' }] }],
    };
    const when = { path: `/api/v1/organizations/${meridian}/users` };
    const answer = (body: object) => server.sandbox().faults.add({ kind: 'status', status: 201, body, when });
    answer({ user });
    expect((await create(asked)).error).toBeUndefined();
    answer({ user: { ...user, ...shown } });
    expect((await create(asked)).error).toMatchObject({
      code: 'not_applied',
      retryable: false,
      field,
      nextTool: 'list_organization_users',
    });
  });

  verifies('tools.users', 'takes as many pairs of metadata as the API', async () => {
    const { data } = await create({ email: 'twenty@meridian.example', metadata: pairs(20) });
    expect(data.user.metadata).toEqual(pairs(20));
  });
});

describe('generate_admin_portal_link', () => {
  verifies('tools.users', 'names features as repeated query parameters, without a body', async () => {
    const { data, meta } = await call('generate_admin_portal_link', {
      organizationId: tidewater,
      features: ['sso', 'dir_sync'],
    });
    expect(asked()).toEqual([
      {
        method: 'PUT',
        url: `/organizations/${tidewater}/portal_links?features=sso&features=dir_sync`,
        body: undefined,
      },
    ]);
    expect(data.link).toEqual({
      id: expect.stringMatching(/^lnk_/),
      location: expect.stringMatching(/^http:.*\/magicLink\//),
      expire_time: expect.any(String),
    });
    expect(meta).toMatchObject({ 'com.scalekit/sensitive': ['link.location'] });
  });

  verifies(
    'tools.users',
    'yields a new link each time, for a minute, and leaves out features that nobody named',
    async () => {
      const earliest = Date.now() + 60_000;
      const first = await call('generate_admin_portal_link', { organizationId: tidewater });
      const second = await call('generate_admin_portal_link', { organizationId: tidewater, features: [] });
      expect(asked().map(({ url }) => url)).toEqual(Array(2).fill(`/organizations/${tidewater}/portal_links`));
      expect(first.data.link.location).not.toBe(second.data.link.location);
      const expiry = Date.parse(first.data.link.expire_time);
      expect(expiry).toBeGreaterThanOrEqual(earliest);
      expect(expiry).toBeLessThanOrEqual(Date.now() + 60_000);
    },
  );

  verifies(
    'tools.users',
    'refuses features that the portal has not, and organizations that are not there',
    async () => {
      const { error } = await call('generate_admin_portal_link', { organizationId: tidewater, features: ['scim'] });
      expect(error).toMatchObject({ code: 'invalid_arguments', field: 'features.0', allowed: ['sso', 'dir_sync'] });
      expect(asked()).toEqual([]);
      const nowhere = await call('generate_admin_portal_link', { organizationId: 'org_1' });
      expect(nowhere.error.code).toBe('not_found');
    },
  );

  verifies('tools.users', 'leaves the link out of the log', async () => {
    const { data } = await call('generate_admin_portal_link', { organizationId: tidewater });
    expect(server.logText()).not.toContain(data.link.location.split('/').at(-1));
  });
});

describe('update_organization_settings', () => {
  const update = (organizationId: string, feature: unknown) =>
    call('update_organization_settings', { organizationId, feature });

  verifies('tools.users', 'keeps the features that it does not name, though the API replaces the list', async () => {
    const { data } = await update(consortium, [{ name: 'dir_sync', enabled: false }]);
    const features = [
      { name: 'sso', enabled: true },
      { name: 'dir_sync', enabled: false },
      { name: 'domain_verification', enabled: true },
    ];
    const read = { method: 'GET', url: `/organizations/${consortium}`, body: undefined };
    const write = { method: 'PATCH', url: `/organizations/${consortium}/settings`, body: { features } };
    expect(asked()).toEqual([read, write, read]);
    expect(data.organization).toMatchObject({ id: consortium, settings: { features } });
    const shown = await call('get_organization_details', { organizationId: consortium });
    expect(shown.data.organization.settings).toEqual({ features });
  });

  verifies('tools.users', 'brings features to an organization that has none, under any name', async () => {
    const features = [
      { name: 'session_policy', enabled: true },
      { name: 'sso', enabled: false },
    ];
    const { data } = await update(ferrypoint, features);
    expect(data.organization.settings).toEqual({ features });
  });

  verifies.each('tools.users', [
    ['nothing', []],
    [
      'one feature twice',
      [
        { name: 'sso', enabled: true },
        { name: ' sso', enabled: false },
      ],
    ],
    ['a feature without a name', [{ name: ' ', enabled: true }]],
    ['a name with what nobody sees', [{ name: 'sso\u200b', enabled: true }]],
    [
      'one feature in two spellings',
      [
        { name: 'audit_stream', enabled: true },
        { name: 'auditStream', enabled: false },
      ],
    ],
    ['a state that is none', [{ name: 'sso', enabled: 'on' }]],
    ['an unknown member', [{ name: 'sso', enabled: true, force: true }]],
    ['no list', 'sso'],
  ])('refuses %s before anything is sent', async (_, feature) => {
    const { error } = await update(consortium, feature);
    expect(error).toMatchObject({ code: 'invalid_arguments', field: expect.stringMatching(/^feature/) });
    expect(asked()).toEqual([]);
  });

  verifies.each('tools.feature-names', [
    ['SSO', 'sso'],
    ['Sso', 'sso'],
    ['s-s-o', 'sso'],
    ['dir-sync', 'dir_sync'],
    ['dirSync', 'dir_sync'],
    ['DIR_SYNC', 'dir_sync'],
    ['Dir Sync', 'dir_sync'],
    ['domain-verification', 'domain_verification'],
  ])('refuses %s, which is spelt otherwise, and writes nothing', async (name, known) => {
    const feature = [
      { name: 'branding', enabled: true },
      { name, enabled: true },
    ];
    const { error } = await update(consortium, feature);
    expect(error).toMatchObject({ code: 'invalid_arguments', field: 'feature.1.name', allowed: [known] });
    expect(asked().map(({ method }) => method)).toEqual(['GET']);
  });

  verifies('tools.feature-names', 'lets a name pass that is like none, or that is there', async () => {
    const { data } = await update(samphire, [{ name: 'audit_stream', enabled: true }]);
    expect(data.organization.settings.features).toContainEqual({ name: 'audit_stream', enabled: true });
    // Other programs have left a feature beside the real one: it can still be switched off.
    const stray = { features: [{ name: 'SSO', enabled: true }] };
    await fetch(`${server.sandbox().url}/api/v1/organizations/${samphire}/settings`, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${await server.token()}`,
        'x-env-domain': ENVIRONMENT_DOMAINS.development,
      },
      body: JSON.stringify(stray),
    });
    const off = await update(samphire, [{ name: 'SSO', enabled: false }]);
    expect(off.data.organization.settings.features).toEqual([{ name: 'SSO', enabled: false }]);
  });

  verifies('tools.users', 'loses nothing when several calls switch features at once', async () => {
    server.sandbox().faults.latency(20);
    const names = ['sso', 'dir_sync', 'session_policy', 'audit_stream', 'branding'];
    const calls = await Promise.all(names.map((name) => update(bluefin, [{ name, enabled: true }])));
    server.sandbox().faults.clear();
    expect(calls.map(({ error }) => error)).toEqual(names.map(() => undefined));
    const { data } = await call('get_organization_details', { organizationId: bluefin });
    const on = data.organization.settings.features.filter(({ enabled }: { enabled: boolean }) => enabled);
    expect(on.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(names));
  });

  verifies('writes.seen', 'takes a switch that the API ignores for no success, and tries it once', async () => {
    const before = (await call('get_organization_details', { organizationId: bluefin })).data;
    const path = `/api/v1/organizations/${bluefin}/settings`;
    server.sandbox().faults.add({ kind: 'status', status: 200, body: before, when: { path }, times: 9 });
    server.requests.length = 0;
    const feature = [
      { name: 'never_there', enabled: false },
      { name: 'ignored', enabled: true },
    ];
    const { error } = await update(bluefin, feature);
    server.sandbox().faults.clear();
    expect(error).toMatchObject({
      code: 'not_applied',
      field: 'feature.1.enabled',
      nextTool: 'get_organization_details',
    });
    expect(server.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(1);
  });

  verifies('tools.users', 'makes a switch again that somebody else has overwritten, and at last says so', async () => {
    const before = (await call('get_organization_details', { organizationId: bluefin })).data;
    // What others have overwritten reads as before. The first call reads it so twice, the second always.
    const overwritten = { path: `/api/v1/organizations/${bluefin}`, method: 'GET' };
    const reads = (times: number) =>
      server.sandbox().faults.add({ kind: 'status', status: 200, body: before, when: overwritten, times });
    reads(2);
    expect((await update(bluefin, [{ name: 'overwritten', enabled: true }])).error).toBeUndefined();
    expect(asked().filter(({ method }) => method === 'PATCH')).toHaveLength(2);
    const stop = reads(100);
    const { error } = await update(bluefin, [{ name: 'lost', enabled: true }]);
    stop();
    expect(error).toMatchObject({ code: 'conflict', nextTool: 'get_organization_details' });
    expect(error.message).toContain('These settings changed at the same time.');
  });

  verifies.each<[string, PlannedFault, string]>('tools.users', [
    ['404', { kind: 'status', status: 404 }, 'not_found'],
    ['a page', { kind: 'html', status: 200 }, 'unexpected_response'],
    ['500', { kind: 'status', status: 500 }, 'upstream_error'],
  ])('says that it has written when reading back ends in %s', async (_, fault, code) => {
    const removals: (() => void)[] = [];
    const path = `/api/v1/organizations/${ferrypoint}`;
    // The first read is answered as it should be.
    const genuine = (await call('get_organization_details', { organizationId: ferrypoint })).data;
    removals.push(server.sandbox().faults.add({ kind: 'status', status: 200, body: genuine, when: { path } }));
    removals.push(server.sandbox().faults.add({ ...fault, when: { path } }));
    const { error } = await update(ferrypoint, [{ name: 'sso', enabled: true }]);
    for (const takeBack of removals) takeBack();
    expect(error).toMatchObject({ code, retryable: false, nextTool: 'get_organization_details' });
    expect(error.message).toContain('has been sent');
    expect(error.message).not.toContain('Repeat the call');
  });

  verifies('tools.users', 'writes nothing when it cannot read what there is', async () => {
    expect((await update('org_1', [{ name: 'sso', enabled: true }])).error.code).toBe('not_found');
    expect(asked().map(({ method }) => method)).toEqual(['GET']);
    const scalekit = await FakeScalekit.start();
    const other = await running(scalekit.env);
    try {
      scalekit.serveApi((_request, response) => json(response, 200, { organization: { settings: 'none' } }));
      const { error } = await toolCaller(other.url, await scalekit.mint())('update_organization_settings', {
        environmentId: 'env_1',
        organizationId: 'org_1',
        feature: [{ name: 'sso', enabled: true }],
      });
      expect(error.code).toBe('unexpected_response');
      expect(scalekit.operations.map(({ method }) => method)).toEqual(['GET']);
    } finally {
      await other.stop();
      await scalekit.close();
    }
  });
});
