import { afterAll, beforeAll, describe, expect } from 'vitest';
import { DEVELOPMENT_ORGANIZATION_IDS, ENVIRONMENT_IDS } from '../../src/sandbox/data/ids.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { toolCaller } from '../fixtures/tool-caller.ts';
import { verifies } from '../verifies.ts';

/** An address of a certificate that nobody trusts, as an identity provider would publish one. */
const CERTIFICATE = Buffer.from('a certificate of an identity provider of this story'.repeat(4)).toString('base64');

/**
 * What people come for, from the first question to the last look, on a fresh sandbox: each goes by what the answers say,
 * finds ids in lists, and agrees to what is shown.
 */
describe('ten jobs', () => {
  let server: TestServer;
  let calls = 0;
  const counted = new Map<string, number>();
  beforeAll(async () => {
    server = await running();
  });
  afterAll(async () => {
    await server.stop();
    for (const [job, count] of counted) process.stdout.write(`${String(count).padStart(3)} calls  ${job}\n`);
  });

  /** Calls a tool through the two tools that reach all others, confirms what is to be confirmed, and yields its data. */
  async function call(name: string, args: Record<string, unknown> = {}) {
    const send = toolCaller(server.url, await server.token());
    const inEnvironment = { environmentId: ENVIRONMENT_IDS.development, ...args };
    const ask = (given: Record<string, unknown>) => {
      calls++;
      return send('call_tool', { name, arguments: given });
    };
    const first = await ask(inEnvironment);
    const isAsked = first.error?.code === 'confirmation_required';
    if (isAsked) expect(first.error.action).toMatch(/\.$/);
    const { data, error } = isAsked ? await ask({ ...inEnvironment, confirmation: first.error.confirmation }) : first;
    expect([name, error]).toEqual([name, undefined]);
    return data;
  }

  const job = (title: string, work: () => Promise<void>) =>
    verifies('tools.jobs', title, async () => {
      calls = 0;
      await work();
      counted.set(title, calls);
      expect(calls).toBeLessThanOrEqual(15);
    });

  job('a customer has a new name, and one that was made by mistake goes', async () => {
    const { organizations } = await call('list_organizations', { query: 'Quayside' });
    const [{ id: organizationId }] = organizations;
    const { organization } = await call('update_organization', { organizationId, name: 'Quayside Group' });
    expect(organization).toMatchObject({ id: organizationId, display_name: 'Quayside Group' });
    const made = await call('create_organization', { name: 'Quayside Grup' });
    await call('delete_organization', { organizationId: made.organization.id });
    const left = await call('list_organizations', { query: 'Quayside' });
    expect(left.organizations.map((one: { display_name: string }) => one.display_name)).toEqual(['Quayside Group']);
  });

  job('somebody leaves a customer: found, signed out, deleted', async () => {
    const { users } = await call('list_users', { query: 'caleb' });
    const [{ id: userId, email }] = users;
    const { user } = await call('get_user', { userId });
    expect(user.email).toBe(email);
    await call('revoke_all_user_sessions', { userId });
    const { deleted_id } = await call('delete_user', { userId });
    expect(deleted_id).toBe(userId);
    expect((await call('list_users', { query: 'caleb' })).users).toEqual([]);
  });

  job('a customer gets SSO by SAML', async () => {
    const { organizations } = await call('list_organizations', { query: 'Driftwood' });
    const [{ id: organizationId }] = organizations;
    await call('update_organization_settings', { organizationId, feature: [{ name: 'sso', enabled: true }] });
    const made = await call('create_organization_connection', { organizationId, type: 'SAML', provider: 'OKTA' });
    const connectionId = made.connection.id;
    const { connection } = await call('update_organization_saml_connection', {
      organizationId,
      connectionId,
      saml_config: {
        idp_entity_id: 'https://idp.driftwood.example/saml',
        idp_sso_url: 'https://idp.driftwood.example/sso',
        idp_certificate: CERTIFICATE,
      },
    });
    expect(connection.status).toBe('COMPLETED');
    const { domain } = await call('add_organization_domain', { organizationId, domain: 'driftwood-jobs.example' });
    await call('assign_domains_to_connection', { organizationId, connectionId, domainIds: [domain.id] });
    expect(await call('enable_organization_connection', { organizationId, connectionId })).toMatchObject({
      enabled: true,
    });
    const found = await call('search_organization_connections', { query: connectionId });
    expect(found.connections).toMatchObject([{ id: connectionId, enabled: true }]);
  });

  job('a customer’s directory gives roles by its groups', async () => {
    const { organizations } = await call('list_organizations', { query: 'Lagerhaus' });
    const [{ id: organizationId }] = organizations;
    const { directories } = await call('list_organization_directories', { organizationId });
    const [{ id: directoryId }] = directories;
    const { groups } = await call('list_directory_groups', { organizationId, directoryId });
    const { roles } = await call('list_environment_roles');
    const assignments = [{ groupId: groups[0].id, roleName: roles[0].name }];
    await call('assign_directory_group_roles', { organizationId, directoryId, assignments });
    const { directory } = await call('get_organization_directory', { organizationId, directoryId });
    expect(directory.role_assignments.assignments).toMatchObject([
      { group_id: groups[0].id, role_name: roles[0].name },
    ]);
    const { plain_secret } = await call('create_directory_secret', { organizationId, directoryId });
    expect(plain_secret).not.toContain('redacted');
  });

  job('a role gets a permission more, and another role goes', async () => {
    await call('create_permission', { permissionName: 'berths:assign', description: 'Assign ships to berths' });
    await call('create_environment_role', { roleName: 'harbour_master', displayName: 'Harbour master' });
    await call('add_permissions_to_role', { roleName: 'harbour_master', permissions: ['berths:assign'] });
    const { permissions } = await call('list_role_permissions', { roleName: 'harbour_master' });
    expect(permissions.map(({ name }: { name: string }) => name)).toEqual(['berths:assign']);
    await call('delete_environment_role', { roleName: 'harbour_master' });
    const { roles } = await call('list_environment_roles');
    expect(roles.map(({ name }: { name: string }) => name)).not.toContain('harbour_master');
  });

  job('a device was stolen: sessions and passkeys end', async () => {
    const { users } = await call('list_users', { query: 'mateus' });
    const [{ id: userId }] = users;
    const { sessions } = await call('list_user_sessions', { userId, status: ['active'] });
    expect(sessions.length).toBeGreaterThan(0);
    const { credentials } = await call('list_user_passkeys', { userId });
    await call('delete_user_passkey', { userId, passkeyId: credentials[0].id });
    await call('revoke_all_user_sessions', { userId });
    expect((await call('list_user_sessions', { userId, status: ['active'] })).sessions).toEqual([]);
  });

  job('the secret of a customer’s API client is changed', async () => {
    const organizationId = DEVELOPMENT_ORGANIZATION_IDS.tidewater;
    const { clients } = await call('list_organization_clients', { organizationId });
    const { client_id: clientId, secrets } = clients.find((one: { secrets: unknown[] }) => one.secrets.length > 0);
    const made = await call('create_organization_client_secret', { organizationId, clientId });
    expect(made.plain_secret).not.toContain('redacted');
    await call('delete_organization_client_secret', { organizationId, clientId, secretId: secrets[0].id });
    const after = await call('list_organization_clients', { organizationId, clientId });
    const ids = after.clients[0].secrets.map(({ id }: { id: string }) => id);
    expect(ids).not.toContain(secrets[0].id);
  });

  job('somebody cannot sign in: why', async () => {
    const { authRequests } = await call('list_auth_logs', { status: 'FAILED' });
    expect(authRequests.length).toBeGreaterThan(0);
    const status = await call('get_status');
    const off = status.unfinished.find(({ what }: { what: string }) =>
      what.startsWith('Connections of the environment that are configured and'),
    );
    expect(off.next_tool).toBe('enable_environment_connection');
    expect(off.ids.length).toBeGreaterThan(0);
    const { connection } = await call('get_environment_connection', { connectionId: off.ids[0] });
    expect(connection.enabled).toBe(false);
  });

  job('a teammate comes, gets a role, and goes', async () => {
    const { member } = await call('invite_workspace_member', {
      environmentId: undefined,
      email: 'jobs@harborlight.example',
    });
    const inWorkspace = { environmentId: undefined, memberId: member.id };
    await call('assign_dashboard_role', { ...inWorkspace, role: 'developer' });
    const shown = await call('get_workspace_member', inWorkspace);
    expect(shown.member.dashboard_role).toMatchObject({ name: 'developer' });
    await call('remove_workspace_member', inWorkspace);
    const { members } = await call('list_workspace_members', { environmentId: undefined });
    expect(members.map(({ id }: { id: string }) => id)).not.toContain(member.id);
  });

  job('an MCP server is protected, looked after and given up', async () => {
    const { resource } = await call('register_mcp_server', {
      name: 'Tides',
      url: 'https://tides.harborlight.example/mcp',
      scopes: ['shipments:read'],
    });
    const made = await call('create_mcp_server_client', { serverId: resource.id, name: 'Tide clock' });
    expect(made.client.client_id ?? made.client.id).toMatch(/^m2m_/);
    const { clients } = await call('list_mcp_server_clients', { serverId: resource.id });
    expect(clients).toHaveLength(1);
    const { consents } = await call('list_mcp_user_consents', { serverId: resource.id });
    expect(consents).toEqual([]);
    await call('delete_mcp_server', { id: resource.id });
    const { resources } = await call('list_mcp_servers', { pageSize: 30 });
    expect(resources.map(({ id }: { id: string }) => id)).not.toContain(resource.id);
  });
});
