import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { ENVIRONMENT_DOMAINS, ENVIRONMENT_IDS, PERSON_IDS } from '../../../src/sandbox/data/ids.ts';
import type { PlannedFault } from '../../../src/sandbox/faults/fault.ts';
import { catalogue } from '../../../src/tools/index.ts';
import { answerProblems, requestProblems } from '../../contract/contract.ts';
import { failureIn } from '../../fixtures/failure-in.ts';
import { callTool, rpc } from '../../fixtures/rpc.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { verifies } from '../../verifies.ts';

const DEVELOPMENT = { environmentId: ENVIRONMENT_IDS.development };
const PRODUCTION = { environmentId: ENVIRONMENT_IDS.production };

let server: TestServer;
let token: string;

beforeAll(async () => {
  server = await running();
  token = await server.token();
});
afterAll(() => server.stop());
beforeEach(() => {
  server.exchanges.length = 0;
  server.requests.length = 0;
});
afterEach(() => {
  server.sandbox().faults.clear();
  for (const { request, answer } of server.exchanges) {
    const facts = { method: request.method, url: request.url.replace('/api/v1', '') };
    expect(requestProblems({ ...facts, body: request.body })).toEqual([]);
    expect(answerProblems({ ...facts, ...answer })).toEqual([]);
  }
});

async function call(name: string, args: Record<string, unknown> = {}) {
  const { status, body } = await callTool(`${server.localUrl}/mcp`, 'modern', name, args, { token });
  expect(status).toBe(200);
  return { data: body.result.structuredContent, error: failureIn(body.result) };
}

/** What the management API was asked, except where an environment is. */
function asked() {
  return server.exchanges
    .map(({ request }) => request)
    .filter(({ url }) => !url.startsWith('/api/v1/environments/'))
    .map(({ method, url, body, headers }) => ({ method, url, body, domain: headers['x-env-domain'] }));
}

/** Asks the management API itself, for its own rules. */
async function api(method: string, path: string, body?: unknown) {
  const response = await fetch(`${server.sandbox().url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'x-env-domain': ENVIRONMENT_DOMAINS.production },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into, not typed.
  const answer = (await response.json()) as any;
  // What a test sends here breaks the contract on purpose.
  server.exchanges.length = 0;
  const violations = answer.details?.[0]?.validation_error_info?.field_violations;
  return { status: response.status, body: answer, violated: violations?.map((one: { field: string }) => one.field) };
}

const named = (entries: { name: string }[], name: string) => entries.find((entry) => entry.name === name);

async function defaultsOf(environment: typeof DEVELOPMENT | typeof PRODUCTION) {
  const { data } = await call('list_environment_roles', environment);
  const names = (member: string) =>
    data.roles.filter((role: Record<string, unknown>) => role[member]).map(({ name }: { name: string }) => name);
  return { creator: names('default_creator'), member: names('default_member') };
}

describe('list_environment_roles', () => {
  verifies(
    'tools.access',
    'tells which roles are default, and what each permits with where that comes from',
    async () => {
      const { data } = await call('list_environment_roles', PRODUCTION);
      expect(data.roles.map(({ name }: { name: string }) => name)).toEqual(['admin', 'member', 'dispatcher']);
      expect(await defaultsOf(PRODUCTION)).toEqual({ creator: ['admin'], member: ['member'] });
      expect(named(data.roles, 'dispatcher')).toMatchObject({
        id: expect.stringMatching(/^role_/),
        display_name: 'Dispatcher',
        extends: 'member',
        permissions: [
          { name: 'shipments:write', role_name: 'dispatcher' },
          { name: 'carriers:assign', role_name: 'dispatcher' },
          { name: 'shipments:read', role_name: 'member' },
        ],
      });
      expect(asked()[0]).toEqual({
        method: 'GET',
        url: '/api/v1/roles?include=permissions%3Aall',
        body: undefined,
        domain: ENVIRONMENT_DOMAINS.production,
      });
    },
  );
});

describe('create_environment_role', () => {
  const pilot = { ...DEVELOPMENT, roleName: 'pilot', displayName: 'Pilot', description: 'Guides ships' };

  verifies(
    'tools.access',
    'creates a role that is no default, in one environment, unless it is asked for more',
    async () => {
      const { data } = await call('create_environment_role', pilot);
      expect(data.role).toMatchObject({ name: 'pilot', display_name: 'Pilot', default_member: false, permissions: [] });
      await call('create_environment_role', { ...DEVELOPMENT, roleName: 'tug', displayName: 'Tug', isDefault: false });
      expect(asked().map(({ method, url, body }) => [method, url, body])).toEqual([
        ['POST', '/api/v1/roles', { name: 'pilot', display_name: 'Pilot', description: 'Guides ships' }],
        ['POST', '/api/v1/roles', { name: 'tug', display_name: 'Tug' }],
      ]);
      expect(await defaultsOf(DEVELOPMENT)).toEqual({ creator: ['admin'], member: ['member'] });
      expect(named((await call('list_environment_roles', DEVELOPMENT)).data.roles, 'pilot')).toEqual(data.role);
      expect(named((await call('list_environment_roles', PRODUCTION)).data.roles, 'pilot')).toBeUndefined();
    },
  );

  verifies('tools.access', 'makes a role the default by the operation that does so', async () => {
    const viewer = { ...DEVELOPMENT, roleName: 'viewer', displayName: 'Viewer', isDefault: true };
    const { data } = await call('create_environment_role', viewer);
    expect(data.role).toMatchObject({ name: 'viewer', default_member: true, default_creator: false });
    const domain = ENVIRONMENT_DOMAINS.development;
    // Scalekit sets both defaults or none, so that the role of creators is read and written again.
    expect(asked()).toEqual([
      { method: 'GET', url: '/api/v1/roles', body: undefined, domain },
      { method: 'POST', url: '/api/v1/roles', body: { name: 'viewer', display_name: 'Viewer' }, domain },
      {
        method: 'PATCH',
        url: '/api/v1/roles:set_defaults',
        body: { default_creator_role: 'admin', default_member_role: 'viewer' },
        domain,
      },
    ]);
    expect(await defaultsOf(DEVELOPMENT)).toEqual({ creator: ['admin'], member: ['viewer'] });
  });

  const nobodyCreates = { roles: [{ id: 'role_1', name: 'member', default_creator: false, default_member: true }] };
  verifies.each<[string, PlannedFault, string, string | undefined]>('tools.default-roles', [
    ['cannot be read', { kind: 'status', status: 403 }, 'permission_denied', undefined],
    ['are not there', { kind: 'status', status: 500, times: 9 }, 'upstream_error', undefined],
    ['come in another form', { kind: 'status', status: 200, body: { roles: {} } }, 'unexpected_response', undefined],
    ['have none of creators', { kind: 'status', status: 200, body: nobodyCreates }, 'invalid_arguments', 'isDefault'],
  ])('creates nothing when the roles %s', async (_, fault, code, field) => {
    server.sandbox().faults.add({ ...fault, when: { path: '/api/v1/roles', method: 'GET' } });
    const args = { ...DEVELOPMENT, roleName: 'never', displayName: 'Never', isDefault: true };
    const { error } = await call('create_environment_role', args);
    expect(error).toMatchObject({ code, ...(field !== undefined && { field, nextTool: 'list_environment_roles' }) });
    const sent = server.requests.filter(({ url }) => url.startsWith('/api/v1/roles'));
    expect(new Set(sent.map(({ method }) => method))).toEqual(new Set(['GET']));
  });

  verifies('tools.default-roles', 'sets each of several at once, the last one for good', async () => {
    server.sandbox().faults.latency(10);
    const names = ['first', 'second', 'third'];
    const calls = await Promise.all(
      names.map((roleName) =>
        call('create_environment_role', { ...DEVELOPMENT, roleName, displayName: roleName, isDefault: true }),
      ),
    );
    expect(calls.map(({ error }) => error)).toEqual(names.map(() => undefined));
    const { creator, member } = await defaultsOf(DEVELOPMENT);
    expect(creator).toEqual(['admin']);
    expect(names).toContain(member[0]);
  });

  verifies('tools.new-role', 'gives a role its permissions and what another one has', async () => {
    const clerk = { roleName: 'clerk', displayName: 'Clerk', extends: 'member', permissions: ['billing:manage'] };
    const { data } = await call('create_environment_role', { ...DEVELOPMENT, ...clerk });
    expect(data.role).toMatchObject({ extends: 'member', permissions: [{ name: 'billing:manage' }] });
    expect(asked().map(({ method, body }) => [method, body])).toEqual([
      ['POST', { name: 'clerk', display_name: 'Clerk', extends: 'member', permissions: ['billing:manage'] }],
    ]);
    const { roles } = (await call('list_environment_roles', DEVELOPMENT)).data;
    const permits = roles.find(({ name }: { name: string }) => name === 'clerk').permissions;
    expect(permits.map(({ name }: { name: string }) => name)).toEqual(['billing:manage', 'shipments:read']);
  });

  verifies.each<[string, string, Record<string, unknown>]>('tools.new-role', [
    ['permissions', 'list_permissions', { permissions: ['shipments:read', 'fly'] }],
    ['extends', 'list_environment_roles', { extends: 'nobody' }],
  ])('says which of %s are unknown, and where to look: %s', async (field, nextTool, more) => {
    const args = { ...DEVELOPMENT, roleName: 'unknown', displayName: 'Unknown', ...more };
    const { error } = await call('create_environment_role', args);
    expect(error).toMatchObject({ code: 'invalid_request', field, nextTool });
  });

  verifies(
    ['tools.new-role', 'writes.seen'],
    'reads what a new role permits when the answer does not say it',
    async () => {
      const args = { ...PRODUCTION, displayName: 'Quiet', permissions: ['shipments:read'] };
      const created = (name: string, permissions: unknown[]) => ({
        role: { id: 'role_9', name, display_name: 'Quiet', permissions },
      });
      const says = (status: number, path: string, method: string, body: object) =>
        server.sandbox().faults.add({ kind: 'status', status, body, when: { path, method } });
      says(201, '/api/v1/roles', 'POST', created('quiet', []));
      says(200, '/api/v1/roles/quiet', 'GET', created('quiet', [{ name: 'shipments:read' }]));
      const { data } = await call('create_environment_role', { ...args, roleName: 'quiet' });
      expect(data.role.permissions).toEqual([{ name: 'shipments:read' }]);
      says(201, '/api/v1/roles', 'POST', created('empty', []));
      says(200, '/api/v1/roles/empty', 'GET', created('empty', []));
      const { error } = await call('create_environment_role', { ...args, roleName: 'empty' });
      expect(error).toMatchObject({ code: 'not_applied', field: 'permissions', nextTool: 'list_environment_roles' });
      // The answers are planted: they show no descriptor’s whole form.
      server.exchanges.length = 0;
    },
  );

  const member = { id: 'role_1', name: 'member' };
  const otherDefault = { default_creator: null, default_member: member };
  const otherDefaults = { default_creator: member, default_member: member };
  verifies.each<[string, PlannedFault, string, boolean]>('tools.access', [
    ['is refused', { kind: 'status', status: 403 }, 'permission_denied', false],
    ['is limited', { kind: 'rate-limit', retryAfter: '30' }, 'rate_limited', false],
    ['is lost', { kind: 'reset', afterOperation: true }, 'upstream_unavailable', true],
    ['is answered with a page', { kind: 'html', status: 200 }, 'unexpected_response', false],
    ['sets another', { kind: 'status', status: 200, body: otherDefault }, 'unexpected_response', false],
    ['sets others', { kind: 'status', status: 200, body: otherDefaults }, 'not_applied', false],
    ['sets none', { kind: 'status', status: 200, body: { default_member: null } }, 'unexpected_response', false],
  ])('says that the role exists when making it the default %s', async (name, fault, code, done) => {
    const roleName = name.replaceAll(' ', '_');
    const { member: before } = await defaultsOf(PRODUCTION);
    server.sandbox().faults.add({ ...fault, when: { path: '/api/v1/roles:set_defaults' } });
    const args = { ...PRODUCTION, roleName, displayName: 'Half made', isDefault: true };
    const { data, error } = await call('create_environment_role', args);
    expect(data).toBeUndefined();
    expect(error).toMatchObject({ code, retryable: false, nextTool: 'list_environment_roles' });
    expect(error.message).toContain('has been created and exists, but Scalekit did not confirm it as the default');
    // A wait would promise that the same call can succeed.
    expect(error).not.toHaveProperty('retryAfterMs');
    expect(await defaultsOf(PRODUCTION)).toMatchObject({ member: done ? [roleName] : before });
    expect((await call('create_environment_role', args)).error.code).toBe('conflict');
  });

  verifies('tools.access', 'leaves the defaults alone when there is no new role', async () => {
    const { error } = await call('create_environment_role', {
      ...DEVELOPMENT,
      roleName: 'admin',
      displayName: 'Admin',
      isDefault: true,
    });
    expect(error).toMatchObject({ code: 'conflict', upstream: { status: 409, error_code: 'ROLE_KEYNAME_CONFLICT' } });
    expect(error.message).not.toContain('has been created');
    expect(asked().map(({ method }) => method)).toEqual(['GET', 'POST']);
  });

  verifies.each('tools.access', [
    ['roleName', { roleName: 'dock-worker' }],
    ['roleName', { roleName: 'x'.repeat(65) }],
    ['displayName', { displayName: ' ' }],
    ['displayName', { displayName: 'x'.repeat(101) }],
    ['description', { description: 'x'.repeat(2001) }],
    ['isDefault', { isDefault: 'yes' }],
    ['default', { default: true }],
  ])('names a bad %s before anything is sent', async (field, bad) => {
    const { error } = await call('create_environment_role', { ...pilot, ...bad });
    expect(error).toMatchObject({ code: 'invalid_arguments', field });
    expect(server.exchanges).toEqual([]);
  });
});

describe('the API for roles', () => {
  verifies(['tools.access', 'sandbox.contract'], 'keeps the rules of a role', async () => {
    const create = (role: unknown) => api('POST', '/roles', role);
    expect(await create({})).toMatchObject({ status: 400, violated: ['role.name', 'role.display_name'] });
    expect((await create({ name: 'a-b', display_name: 'A' })).violated).toEqual(['role.name']);
    const unknown = { name: 'clerk', display_name: 'Clerk', extends: 'nobody', permissions: ['shipments:read', 'fly'] };
    expect(await create(unknown)).toMatchObject({ status: 400, violated: ['role.extends', 'role.permissions[1]'] });
    const clerk = { ...unknown, extends: 'member', permissions: ['billing:manage'] };
    const created = await create(clerk);
    expect(created).toMatchObject({
      status: 201,
      body: { role: { extends: 'member', permissions: [{ name: 'billing:manage', role_name: 'clerk' }] } },
    });
    expect(await api('GET', '/roles/clerk')).toMatchObject({ status: 200, body: { role: { permissions: [] } } });
    expect((await api('GET', '/roles/nobody')).status).toBe(404);

    const permissions = async (include: string) => {
      const { body } = await api('GET', `/roles?include=${include}`);
      return named(body.roles, 'clerk');
    };
    expect(await permissions('')).toMatchObject({ permissions: [] });
    expect(await permissions('permissions')).toMatchObject({ permissions: [{ name: 'billing:manage' }] });
    expect(await permissions('permissions:all')).toMatchObject({
      permissions: [{ name: 'billing:manage' }, { name: 'shipments:read' }],
    });
    expect(await api('GET', '/roles?include=all')).toMatchObject({ status: 400, violated: ['include'] });
    const { body } = await api('GET', '/roles');
    expect(named(body.roles, 'member')).toMatchObject({ dependent_roles_count: 2 });
  });

  verifies(
    ['tools.access', 'sandbox.contract'],
    'sets both default roles at once, and only to roles that exist',
    async () => {
      const set = (body: unknown) => api('PATCH', '/roles:set_defaults', body);
      expect(await set({ default_creator_role: 'dispatcher', default_member_role: 'admin' })).toMatchObject({
        status: 200,
        body: { default_creator: { name: 'dispatcher' }, default_member: { name: 'admin', default_member: true } },
      });
      for (const [kind, one] of [
        ['creator', {}],
        ['creator', { default_member_role: 'member' }],
        ['member', { default_creator_role: 'admin' }],
      ] as const) {
        const refused = await set(one);
        expect(refused).toMatchObject({ status: 400, body: { message: `${kind} role must be specified` } });
      }
      const both = { default_creator_role: 'admin', default_member_role: 'member' };
      expect((await set({ ...both, default_member_role: 'nobody' })).status).toBe(404);
      expect((await set(both)).body).toMatchObject({ default_creator: { name: 'admin' } });
      expect(await set({ ...both, default_member_role: 'a-b' })).toMatchObject({
        status: 400,
        violated: ['default_member_role'],
      });
    },
  );
});

describe('OAuth scopes', () => {
  verifies('tools.access', 'are listed and created in the environment that the call names', async () => {
    const { data } = await call('create_environment_scope', {
      ...DEVELOPMENT,
      scopeName: 'quays:read',
      description: 'See quays',
    });
    expect(data.scope).toEqual({
      id: expect.stringMatching(/^scp_/),
      name: 'quays:read',
      description: 'See quays',
      enabled: true,
    });
    await call('create_environment_scope', { ...DEVELOPMENT, scopeName: 'quays:write' });
    const { scopes } = (await call('list_environment_scopes', DEVELOPMENT)).data;
    expect(named(scopes, 'quays:read')).toEqual(data.scope);
    expect(named(scopes, 'invoices:read')).toMatchObject({ enabled: false });
    expect(asked()).toEqual(
      [
        { method: 'POST', url: '/api/v1/scopes', body: { name: 'quays:read', description: 'See quays' } },
        { method: 'POST', url: '/api/v1/scopes', body: { name: 'quays:write' } },
        { method: 'GET', url: '/api/v1/scopes', body: undefined },
      ].map((request) => ({ ...request, domain: ENVIRONMENT_DOMAINS.development })),
    );
    expect(named((await call('list_environment_scopes', PRODUCTION)).data.scopes, 'quays:read')).toBeUndefined();
  });

  verifies('tools.access', 'are there once under one name', async () => {
    const { error } = await call('create_environment_scope', { ...DEVELOPMENT, scopeName: 'shipments:read' });
    expect(error).toMatchObject({ code: 'conflict', upstream: { error_code: 'ALREADY_EXISTS' } });
  });

  verifies.each('tools.access', [
    '',
    'mcp:tools:*',
    'shipments_read',
    'shipments.read',
    'shipments-read',
    'x'.repeat(65),
  ])('cannot be called "%s", which the API would refuse too', async (scopeName) => {
    expect((await call('create_environment_scope', { ...DEVELOPMENT, scopeName })).error).toMatchObject({
      code: 'invalid_arguments',
      field: 'scopeName',
      message: expect.stringContaining('letters, digits and colons'),
    });
    expect(server.exchanges).toEqual([]);
    const refused = await api('POST', '/scopes', { name: scopeName });
    expect(refused.status).toBe(400);
    expect(refused.violated).toContain('scope.name');
  });

  verifies.each('tools.scopes', ['profile', 'email', 'address', 'phone'])(
    'cannot have the reserved name %s',
    async (scopeName) => {
      expect((await call('create_environment_scope', { ...DEVELOPMENT, scopeName })).error).toMatchObject({
        code: 'invalid_arguments',
        field: 'scopeName',
        message: expect.stringContaining('reserved'),
      });
      expect(server.exchanges).toEqual([]);
      expect((await api('POST', '/scopes', { name: scopeName })).violated).toEqual(['scope.name']);
    },
  );

  verifies.each<[string, object]>('tools.scopes', [
    ['scopeName', { name: 'quays:other', description: 'See quays' }],
    ['description', { name: 'quays:see', description: '' }],
  ])('are told as made only with the %s that was asked for', async (field, shown) => {
    const scope = { id: 'scp_1', enabled: true, ...shown };
    const when = { method: 'POST', path: '/api/v1/scopes' };
    server.sandbox().faults.add({ kind: 'status', status: 200, body: { scope }, when });
    const asked = { scopeName: 'quays:see', description: 'See quays' };
    const { error } = await call('create_environment_scope', { ...DEVELOPMENT, ...asked });
    expect(error).toMatchObject({ code: 'not_applied', field, nextTool: 'list_environment_scopes' });
  });

  verifies('tools.scopes', 'are of no use until a server enables them, which the description says', () => {
    const tool = catalogue.find(({ name }) => name === 'create_environment_scope');
    expect(tool?.description).toContain('update_mcp_server enables it on an MCP server');
  });

  verifies(
    ['tools.access', 'sandbox.contract'],
    'belong to one environment, also where the API is told another',
    async () => {
      expect((await api('GET', `/scopes?env_id=${ENVIRONMENT_IDS.production}`)).status).toBe(200);
      expect((await api('GET', `/scopes?env_id=${ENVIRONMENT_IDS.development}`)).status).toBe(403);
    },
  );
});

describe('workspace members', () => {
  verifies('tools.access', 'are listed page by page, with names, role and state of invitation', async () => {
    const first = (await call('list_workspace_members', { pageSize: 1 })).data;
    expect(first.members).toEqual([
      expect.objectContaining({
        id: PERSON_IDS.admin,
        role: 'ADMIN',
        user_profile: expect.objectContaining({ given_name: 'Mira', family_name: 'Okafor', name: 'Mira Okafor' }),
      }),
    ]);
    expect(first.total_size).toBe(5);
    const pageToken = first.next_page_token;
    const second = (await call('list_workspace_members', { pageSize: 1, pageToken })).data;
    expect(second).toMatchObject({
      members: [{ id: PERSON_IDS.colleague, role: 'USER', organizations: [{ membership_status: 'ACTIVE' }] }],
    });
    const { data: last } = await call('list_workspace_members', { pageSize: 100 });
    expect(last.members.at(-1)).toMatchObject({ organizations: [{ membership_status: 'PENDING_INVITE' }] });
    expect(last).not.toMatchObject({ next_page_token: expect.stringMatching(/./) });
    expect(asked().map(({ url, domain }) => [url, domain])).toEqual([
      ['/api/v1/members?page_size=1', undefined],
      [`/api/v1/members?page_size=1&page_token=${encodeURIComponent(pageToken)}`, undefined],
      ['/api/v1/members?page_size=100', undefined],
    ]);
  });

  verifies('tools.access', 'are invited with the least role unless another is asked for', async () => {
    const { data } = await call('invite_workspace_member', { email: ' ana@harborlight.example ' });
    expect(data.member).toMatchObject({
      id: expect.stringMatching(/^usr_/),
      email: 'ana@harborlight.example',
      role: 'USER',
      organizations: [{ membership_status: 'PENDING_INVITE' }],
    });
    const admin = await call('invite_workspace_member', { email: 'bo@harborlight.example', role: 'ADMIN' });
    expect(admin.data.member.role).toBe('ADMIN');
    expect(asked()).toEqual(
      [
        { email: 'ana@harborlight.example', role: 'USER' },
        { email: 'bo@harborlight.example', role: 'ADMIN' },
      ].map((body) => ({ method: 'POST', url: '/api/v1/members', body, domain: undefined })),
    );
    const { members } = (await call('list_workspace_members', { pageSize: 100 })).data;
    expect(members.slice(-2)).toEqual([data.member, admin.data.member]);
  });

  verifies('tools.members', 'are shown with the role that each has in the dashboard', async () => {
    const { members } = (await call('list_workspace_members')).data;
    const roles = members.slice(0, 2).map((one: { dashboard_role: unknown }) => one.dashboard_role);
    expect(roles).toEqual([
      { id: expect.any(String), name: 'admin', display_name: 'Admin' },
      { id: expect.any(String), name: 'member', display_name: 'Member' },
    ]);
  });

  verifies('tools.members', 'are invited with a role in the dashboard, or told to need one', async () => {
    const invite = (args: object) => call('invite_workspace_member', { ...args });
    const given = await invite({ email: 'dora@harborlight.example', dashboardRole: 'developer' });
    expect(given.data.member).toMatchObject({ role: 'USER', dashboard_role: { name: 'developer' } });
    expect(given.data).not.toHaveProperty('note');
    expect(asked()[0]?.body).toEqual({
      email: 'dora@harborlight.example',
      role: 'USER',
      dashboard_role_name: 'developer',
    });
    const byId = given.data.member.dashboard_role.id;
    const again = await invite({ email: 'emil@harborlight.example', dashboardRole: byId });
    expect(again.data.member.dashboard_role).toMatchObject({ id: byId });
    const without = await invite({ email: 'finn@harborlight.example' });
    expect(without.data.member).not.toHaveProperty('dashboard_role');
    expect(without.data.note).toMatch(/sees nothing until somebody gives them one/);
    const wrong = await invite({ email: 'gita@harborlight.example', dashboardRole: 'harbour_master' });
    expect(wrong.error).toMatchObject({ code: 'invalid_request', field: 'dashboardRole' });
  });

  verifies('tools.members', 'who are there already are said to be', async () => {
    const { data } = await call('invite_workspace_member', { email: 'Mira@Harborlight.example' });
    expect(data).toMatchObject({
      member: { id: PERSON_IDS.admin, role: 'ADMIN' },
      note: expect.stringContaining('Nobody was invited'),
    });
    const more = await call('invite_workspace_member', { email: 'jonas@harborlight.example', role: 'ADMIN' });
    expect(more.error).toMatchObject({ code: 'not_applied', field: 'role', nextTool: 'list_workspace_members' });
    const body = { code: 6, message: 'exists', details: [{ error_code: 'MEMBER_EXISTS' }] };
    const when = { path: '/api/v1/members', method: 'POST' };
    server.sandbox().faults.add({ kind: 'status', status: 409, body, when });
    expect((await call('invite_workspace_member', { email: 'hugo@harborlight.example' })).error).toMatchObject({
      code: 'conflict',
      field: 'email',
      nextTool: 'list_workspace_members',
      message: expect.stringContaining('Nobody was invited'),
      upstream: { error_code: 'MEMBER_EXISTS' },
    });
  });

  verifies('tools.members', 'are not invited under an address that the API refuses', async () => {
    const { error } = await call('invite_workspace_member', { email: 'mira@-harborlight' });
    expect(error).toMatchObject({
      code: 'invalid_request',
      field: 'email',
      upstream: { violations: [{ field: 'member.email' }] },
    });
    // The contract refuses this address as well, so that it must not be checked once more.
    server.exchanges.length = 0;
  });

  verifies.each<[string, object]>('writes.seen', [
    ['email', { email: 'other@harborlight.example' }],
    ['role', { role: 'USER' }],
    ['dashboardRole', { dashboard_role: null }],
    ['dashboardRole', { dashboard_role: { id: 'drole_1', name: 'member' } }],
  ])('an invitation whose %s did not come true is no success', async (field, shown) => {
    const known = { id: 'usr_1', email: 'ivo@harborlight.example', role: 'ADMIN', dashboard_role: { name: 'admin' } };
    const when = { path: '/api/v1/members', method: 'POST' };
    const answer = (member: object) =>
      server.sandbox().faults.add({ kind: 'status', status: 200, body: { member }, when });
    const invite = () =>
      call('invite_workspace_member', { email: 'Ivo@Harborlight.example', role: 'ADMIN', dashboardRole: 'admin' });
    answer(known);
    expect((await invite()).error).toBeUndefined();
    answer({ ...known, ...shown });
    expect((await invite()).error).toMatchObject({ code: 'not_applied', field, nextTool: 'list_workspace_members' });
  });

  verifies('tools.person', 'show all that the API says of them but secrets', async () => {
    const identity = {
      connection_id: 'conn_1',
      connection_type: 'OIDC',
      connection_provider: 'OKTA',
      connection_user_id: '00u1',
      is_social: false,
      last_login_time: '2026-01-02T00:00:00Z',
      created_time: '2026-01-01T00:00:00Z',
      last_synced_time: '2026-01-02T00:00:00Z',
    };
    const user_profile = {
      given_name: 'Ivo',
      family_name: 'Ito',
      name: 'Ivo Ito',
      preferred_username: 'ivo',
      email_verified: true,
      phone_number: '+49 30 1',
      phone_number_verified: false,
      locale: 'de',
      groups: ['crew'],
      custom_attributes: { team: 'north' },
      metadata: { nickname: 'I', api_key: 'sk-1234567890abcdefghij' },
      external_identities: [identity],
    };
    const membership = {
      organization_id: 'org_1',
      display_name: 'Harborlight',
      membership_status: 'PENDING_INVITE',
      roles: [{ name: 'admin', display_name: 'Admin' }],
      permissions: ['members:read'],
      join_time: '2026-01-01T00:00:00Z',
      created_at: '2026-01-01T00:00:00Z',
      accepted_at: '2026-01-01T00:00:00Z',
      expires_at: '2026-02-01T00:00:00Z',
      inviter_email: 'mira@harborlight.example',
      provisioning_method: 'invite',
      metadata: { desk: 'pier 4' },
    };
    const member = {
      id: 'usr_1',
      email: 'ivo@harborlight.example',
      role: 'USER',
      external_id: 'ivo-1',
      metadata: { team: 'north' },
      user_profile,
      organizations: [membership],
    };
    const unknown = { plain_secret: 'never-shown', first_name: 'Ivo', workspace_ids: ['wks_1'] };
    const body = { members: [{ ...member, user_profile: { ...user_profile, ...unknown }, ...unknown }] };
    server.sandbox().faults.add({ kind: 'status', status: 200, body, when: { path: '/api/v1/members' } });
    const { data } = await call('list_workspace_members');
    const metadata = { nickname: 'I', api_key: '[redacted]' };
    expect(data.members).toEqual([{ ...member, first_name: 'Ivo', user_profile: { ...user_profile, metadata } }]);
  });

  verifies.each('tools.access', [
    ['email', { email: 'mira' }, undefined],
    ['email', {}, undefined],
    ['role', { email: 'cy@harborlight.example', role: 'OWNER' }, ['USER', 'ADMIN']],
    ['role', { email: 'cy@harborlight.example', role: 'MEMBER_ROLE_UNSPECIFIED' }, ['USER', 'ADMIN']],
  ])('are not invited with a bad %s (%j)', async (field, args, allowed) => {
    const { error } = await call('invite_workspace_member', args);
    expect(error).toMatchObject({ code: 'invalid_arguments', field, ...(allowed && { allowed }) });
    expect(server.exchanges).toEqual([]);
  });

  verifies(['tools.access', 'sandbox.contract'], 'keep the rules of the API', async () => {
    const invite = (member: unknown) => api('POST', '/members', member);
    expect(await invite({})).toMatchObject({ status: 400, violated: ['member.email'] });
    expect((await invite({ email: 'd@x.example', role: 'OWNER' })).status).toBe(400);
    const metadata = Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`key${i}`, 'value']));
    const long = { email: 'd@x.example', role: 'USER', first_name: 'x'.repeat(201), metadata };
    expect((await invite(long)).violated).toEqual(['member.first_name', 'member.metadata']);
    const named = { email: 'd@x.example', role: 'USER', first_name: 'Dee', last_name: 'Ito' };
    expect((await invite(named)).body.member.user_profile).toMatchObject({ given_name: 'Dee', name: 'Dee Ito' });
  });
});

describe('in environment mode', () => {
  verifies('tools.access', 'roles and members are reached by the environment’s client, scopes by nobody', async () => {
    const own = await running({ SANDBOX_MODE: 'environment', ALLOWED_SUBJECTS: 'sandbox-machine' });
    const bearer = { token: await own.token() };
    const { body } = await rpc(`${own.localUrl}/mcp`, 'modern', 'tools/list', {}, bearer);
    const names = body.result.tools.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['create_environment_role', 'invite_workspace_member']));
    expect(names.filter((name: string) => name.endsWith('_scope') || name.endsWith('_scopes'))).toEqual([]);
    for (const [tool, list] of [
      ['list_environment_roles', 'roles'],
      ['list_workspace_members', 'members'],
    ] as const) {
      const answer = await callTool(`${own.localUrl}/mcp`, 'modern', tool, {}, bearer);
      expect(answer.body.result.structuredContent[list].length).toBeGreaterThan(0);
    }
    await own.stop();
  });

  verifies('tools.default-roles', 'a default role is set together with the one of creators as well', async () => {
    const own = await running({ SANDBOX_MODE: 'environment', ALLOWED_SUBJECTS: 'sandbox-machine' });
    const args = { roleName: 'stevedore', displayName: 'Stevedore', isDefault: true };
    const bearer = { token: await own.token() };
    const { body } = await callTool(`${own.localUrl}/mcp`, 'modern', 'create_environment_role', args, bearer);
    expect(body.result.structuredContent.role).toMatchObject({ name: 'stevedore', default_member: true });
    expect(own.exchanges.at(-1)?.request.body).toEqual({
      default_creator_role: 'admin',
      default_member_role: 'stevedore',
    });
    await own.stop();
  });
});
