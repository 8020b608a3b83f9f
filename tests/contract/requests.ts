import type { EnvironmentContent, Store } from '../../src/sandbox/store.ts';

export type Members = Record<string, unknown>;

/**
 * What an operation needs beside the ids in its path to be carried out on seed data. By service and method; an operation
 * that needs nothing more is not here.
 */
export const REQUESTS: Readonly<Record<string, Members>> = {
  ...Object.fromEntries(
    ['GetResourceClient', 'UpdateResourceClient', 'DeleteResourceClient'].map((name) => [
      `ClientService.${name}`,
      { resource_id: 'res_71204418093064001', client_id: 'm2m_71204418093064401' },
    ]),
  ),
  'ClientService.RevokeUserConsent': { client_id: 'm2m_71204418093064403' },
  'AgentkitAnalyticsService.GetOverviewStats': {
    start_time: '2026-01-01T00:00:00Z',
    end_time: '2026-02-01T00:00:00Z',
  },
  'AgentkitLogsService.GetToolCallLog': { execution_id: '7120ab44-1809-4066-8000-000000000010' },
  'WebhookService.SendTestEvent': { event_type: 'user.login' },
  'ConnectionService.CreateEnvironmentConnection': { connection: { type: 'OIDC', provider: 'OKTA' } },
  'ConnectionService.CreateConnection': { connection: { type: 'OIDC', provider: 'OKTA' } },
  'ConnectionService.GetConnectionTestResult': { test_request_id: 'test_71204418093063301' },
  ...Object.fromEntries(
    ['GetConnection', 'UpdateConnection', 'EnableConnection', 'DisableConnection', 'DeleteConnection'].map((name) => [
      `ConnectionService.${name}`,
      { id: 'conn_71204418093063004' },
    ]),
  ),
  ...Object.fromEntries(
    [
      ...['GetOrganizationClient', 'UpdateOrganizationClient', 'DeleteOrganizationClient'],
      ...['CreateOrganizationClientSecret', 'DeleteOrganizationClientSecret'],
    ].map((name) => [`ClientService.${name}`, { client_id: 'm2morg_71204418093063601' }]),
  ),
  'ClientService.UpdateClientSecret': { secret_id: 'sec_71204418093064111', secret: {} },
  'ClientService.CreateClient': { client: { name: 'a', client_type: 'WEB_APP' } },
  'ApiTokenService.CreateToken': { token: { organization_id: 'org_71204418093057001' } },
  'OrganizationService.UpsertUserManagementSettings': { settings: {} },
  'ConnectionService.AssignDomainsToConnection': { connection_id: 'conn_71204418093063004' },
  'ProviderService.CreateCustomProvider': { provider: { display_name: 'Tugs', auth_patterns: [{ type: 'NO_AUTH' }] } },
  ...Object.fromEntries(
    ['UpdateCustomProvider', 'DeleteCustomProvider'].map((name) => [
      `ProviderService.${name}`,
      { identifier: 'CUSTOM_CRANES' },
    ]),
  ),
  'ToolService.ExecuteTool': {
    tool_name: 'gmail_fetch_mails',
    connector: 'gmail',
    identifier: 'mira@harborlight.example',
  },
  'ToolService.SearchTools': { query: 'fetch mails', identifier: 'mira@harborlight.example' },
  'McpService.CreateMcpConfig': {
    config: { name: 'a', connection_tool_mappings: [{ connection_name: 'gmail' }] },
  },
  'McpService.CreateMcpConnectionSessionToken': { key_id: 'gmail', identifier: 'mira@harborlight.example' },
  'McpService.CreateMcpSessionToken': { identifier: 'mira@harborlight.example' },
  'McpService.EnsureMcpInstance': { config_name: 'shipment-triage', user_identifier: 'ada' },
  'McpService.ListMcpConnectedAccounts': { identifier: 'ada' },
  'McpService.UpdateMcpConfig': { connection_tool_mappings: [{ connection_name: 'gmail' }] },
  'ConnectedAccountService.DeleteConnectedAccount': { id: 'ca_71204418093065101' },
  'ConnectedAccountService.DisconnectConnectedAccount': { id: 'ca_71204418093065101' },
  'ConnectedAccountService.GetConnectedAccountDetails': { id: 'ca_71204418093065101' },
  // The first member is the only admin.
  'MembersService.DeleteMember': { id: 'usr_71204418093056104' },
  ...Object.fromEntries(
    ['AssignDashboardRole', 'SetDashboardEnvironmentRole'].map((name) => [
      `MembersService.${name}`,
      { member_id: 'usr_71204418093056104', role: 'member' },
    ]),
  ),
  'RolesService.AddPermissionsToRole': { permission_names: ['shipments:read'] },
  ...Object.fromEntries(
    ['UpdateOrganizationRole', 'DeleteOrganizationRole', 'DeleteOrganizationRoleBase'].map((name) => [
      `RolesService.${name}`,
      { org_id: 'org_71204418093057005', role_name: 'bonded_clerk' },
    ]),
  ),
  'RolesService.UpdatePermission': { permission: { name: 'shipments:read' } },
  'UserService.AssignUserRoles': { roles: [{ role_name: 'member' }] },
  'UserService.CreateMembership': { organization_id: 'org_71204418093057002' },
  'UserService.DeleteMembership': { organization_id: 'org_71204418093057001' },
  'UserService.ResendInvite': { id: 'usr_71204418093062004' },
  'ConnectedAccountService.GetMagicLinkForConnectedAccount': { connector: 'gmail', identifier: 'ada@example.com' },
};

/** Fields of lists that change what is told of entries, and not which these are. */
export const CHANGES_THE_FORM: readonly string[] = ['include'];

/** Texts of requests that the answer shows at another place, or in another form. By service and method. */
export const SHOWN_ELSEWHERE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'ClientService.CreateResourceClient': { 'client.audience': 'only the API sets it' },
  'ClientService.UpdateResourceClient': { 'client.audience': 'only the API sets it' },
  'ClientService.CreateClient': {
    'client.name': 'the usual request sets it',
    'client.client_type': 'the usual request sets it',
  },
  'ConnectionService.UpdateEnvironmentConnection': { 'connection.oidc_config.redirect_uri': 'only the API sets it' },
  'ConnectionService.UpdateConnection': { 'connection.oidc_config.redirect_uri': 'only the API sets it' },
  'ConnectionService.CreateEnvironmentConnection': { 'connection.oidc_config.redirect_uri': 'only the API sets it' },
  'DirectoryService.UpdateDirectory': {
    'directory.mappings.key': 'in attribute_mappings',
    'directory.mappings.map_to': 'in attribute_mappings',
  },
  'McpService.CreateMcpConfig': {
    'config.name': 'the usual request sets it',
    'config.connection_tool_mappings.connection_name': 'the usual request sets it',
  },
  'ProviderService.CreateCustomProvider': { 'provider.display_name': 'the usual request sets it' },
  'RolesService.UpdatePermission': { 'permission.name': 'the usual request sets it, and it cannot be changed' },
  'UserService.CreateUserAndMembership': {
    'user.membership.inviter_email': 'in memberships',
    'user.user_profile.first_name': 'as given_name',
    'user.user_profile.last_name': 'as family_name',
  },
};

/** A list of the store that ids in paths are of, by the segment before the parameter. */
const LISTS: Readonly<Record<string, (content: EnvironmentContent, store: Store) => readonly object[]>> = {
  environments: (_, { environments }) => environments,
  members: (_, { members }) => members,
  connections: ({ ssoConnections }) => ssoConnections,
  configs: ({ mcpConfigs }) => mcpConfigs,
  instances: ({ mcpInstances }) => mcpInstances,
  credentials: ({ passkeys }) => passkeys,
  external: ({ users }) => users,
};

/** The texts for the parameters of a path, of the first entry that there is of each kind. */
export function pathTexts(path: string, content: EnvironmentContent, store: Store): Members {
  const parameters = [...path.matchAll(/([\w-]+)\/\{(\w+)\}/g)];
  return Object.fromEntries(
    parameters.map(([, segment = '', name = '']) => {
      const key = segment.replace(/[_-]([a-z])/g, (_, letter: string) => letter.toUpperCase());
      const list = LISTS[segment]?.(content, store) ?? (content as unknown as Record<string, object[]>)[key] ?? [];
      const [first = {}] = list as Members[];
      if (/name$/.test(name)) return [name, first['name']];
      return [name, name === 'external_id' ? first[name] : (first['id'] ?? first[name] ?? 'unknown')];
    }),
  );
}
