/**
 * The permissions of the dashboard that methods ask for, where the descriptors of the API of October 2026 name others than
 * those of the SDK for Node, which are older: permissions first, then services with their methods.
 */
const ROWS: readonly (readonly [permissions: string, ...methods: string[]])[] = [
  ['auth_logs:read', 'AuditLogsService: ListAuthRequests'],
  [
    'users:read',
    'WebAuthnService: ListCredentials',
    'UserService: GetUser ListUsers SearchUsers SearchOrganizationUsers ListUserRoles ListUserPermissions',
  ],
  ['users:write', 'WebAuthnService: DeleteCredential', 'UserService: UpdateUser'],
  [
    'api_credentials:read',
    'ClientService: ListClient GetClient GetOrganizationClient ListOrganizationClients GetResourceClient ListResourceClients ListScopes',
    'ApiTokenService: ValidateToken ListTokens',
  ],
  [
    'api_credentials:write',
    'ClientService: CreateClient UpdateClient CreateClientSecret UpdateClientSecret CreateOrganizationClient CreateOrganizationClientSecret UpdateOrganizationClient CreateResourceClient UpdateResourceClient CreateScope UpdateScope DeleteScope RevokeUserConsent',
    'ApiTokenService: CreateToken UpdateToken',
  ],
  [
    'api_credentials:rotate',
    'ClientService: DeleteClient DeleteClientSecret DeleteOrganizationClientSecret DeleteOrganizationClient DeleteResourceClient',
    'ApiTokenService: InvalidateToken',
  ],
  [
    'mcp_servers:write',
    'ClientService: CreateResource UpdateResource DeleteResource DeleteResourceProvider EnsureResourceConnection',
  ],
  ['mcp_servers:read', 'ClientService: GetResource ListResources ListResourceUserConsents'],
  [
    'connected_accounts:read',
    'ConnectedAccountService: ListConnectedAccounts SearchConnectedAccounts GetConnectedAccount GetConnectedAccountDetails',
  ],
  ['connected_accounts:write', 'ConnectedAccountService: CreateConnectedAccount UpdateConnectedAccount'],
  ['connected_accounts:revoke', 'ConnectedAccountService: DeleteConnectedAccount DisconnectConnectedAccount'],
  ['connected_accounts:access', 'ConnectedAccountService: GetMagicLinkForConnectedAccount GetConnectedAccountAuth'],
  [
    'sso:write',
    'ConnectionService: CreateEnvironmentConnection UpdateEnvironmentConnection DeleteEnvironmentConnection DeleteConnection EnableEnvironmentConnection DisableEnvironmentConnection UpdateConnectionContext',
  ],
  [
    'connections_write sso:write',
    'ConnectionService: CreateConnection AssignDomainsToConnection UpdateConnection EnableConnection DisableConnection',
  ],
  [
    'sso:read',
    'ConnectionService: GetEnvironmentConnection ListOrganizationConnections SearchOrganizationConnections GetConnectionTestResult GetConnectionContext',
  ],
  ['connections_read sso:read', 'ConnectionService: GetConnection ListConnections'],
  ['agent_connectors:read', 'ConnectionService: ListAppConnections', 'ToolService: ListTools'],
  [
    'directories_write scim:write',
    'DirectoryService: CreateDirectory UpdateDirectory AssignGroupsForDirectory AssignRoles UpdateAttributes EnableDirectory DisableDirectory CreateDirectorySecret RegenerateDirectorySecret TriggerDirectorySync',
  ],
  ['scim:write', 'DirectoryService: DeleteDirectory UpdateDirectoryContext'],
  [
    'directories_read scim:read',
    'DirectoryService: GetDirectory ListDirectories ListDirectoryUsers ListDirectoryGroups ListDirectoryGroupsSummary',
  ],
  ['scim:read', 'DirectoryService: GetDirectoryContext'],
  [
    'organizations:write organizations_write',
    'DomainService: CreateDomain UpdateDomain VerifyDomain DeleteDomain',
    'OrganizationService: UpdateOrganization',
  ],
  [
    'organizations:read organizations_read',
    'DomainService: GetDomain ListDomains',
    'OrganizationService: GetOrganization GetOrganizationByExternalId',
  ],
  ['events:read', 'EventsService: ListEvents'],
  ['webhooks:write', 'EventsService: SendCustomEvent'],
  [
    'organizations:write',
    'OrganizationService: CreateOrganization UpdateOrganizationSettings UpsertUserManagementSettings',
  ],
  [
    'organizations:read',
    'OrganizationService: ListOrganization SearchOrganization GetOrganizationUserManagementSetting',
  ],
  ['organizations:delete', 'OrganizationService: DeleteOrganization'],
  [
    'portal_links:manage',
    'OrganizationService: GeneratePortalLink DeletePortalLink DeletePortalLinkByID GetPortalLinks',
  ],
  ['organizations:write organizations_sessions_write', 'OrganizationService: UpdateOrganizationSessionPolicy'],
  [
    'organizations:read organizations_sessions_read',
    'OrganizationService: GetOrganizationSessionPolicy GetApplicationSessionPolicy',
  ],
  [
    'app_authorization:write',
    'RolesService: CreateRole UpdateRole DeleteRole CreateOrganizationRole UpdateOrganizationRole DeleteOrganizationRole UpdateDefaultRoles UpdateDefaultOrganizationRoles DeleteRoleBase DeleteOrganizationRoleBase CreatePermission UpdatePermission DeletePermission AddPermissionsToRole RemovePermissionFromRole',
  ],
  [
    'app_authorization:read',
    'RolesService: GetRole ListRoles GetRoleUsersCount GetOrganizationRoleUsersCount ListDependentRoles GetPermission ListPermissions ListRolePermissions ListEffectiveRolePermissions',
  ],
  ['sessions:read', 'SessionService: GetSession GetUserSessions'],
  ['sessions:revoke', 'SessionService: RevokeSession RevokeAllUserSessions'],
  ['agent_connectors:execute', 'ToolService: ExecuteTool'],
  ['users:delete', 'UserService: DeleteUser'],
  ['organizations_users_invite users:write', 'UserService: CreateMembership CreateUserAndMembership ResendInvite'],
  ['organizations_users_remove users:delete', 'UserService: DeleteMembership'],
  ['organizations_users_role_update users:write', 'UserService: UpdateMembership AssignUserRoles RemoveUserRole'],
  ['organizations_users_read users:read', 'UserService: ListOrganizationUsers'],
];

/** The same by service and method, such as `OrganizationService.CreateOrganization`. */
export const NEWER_PERMISSIONS: ReadonlyMap<string, readonly string[]> = new Map(
  ROWS.flatMap(([permissions, ...services]) =>
    services.flatMap((row) => {
      const [service = '', methods = ''] = row.split(': ');
      return methods.split(' ').map((method) => [`${service}.${method}`, permissions.split(' ')] as const);
    }),
  ),
);
