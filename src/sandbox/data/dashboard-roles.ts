/** Keys of the permissions that the API's operations ask for: in Scalekit's descriptors, older ones with underscores. */
const PERMISSIONS = [
  'agent_connectors:execute',
  'agent_connectors:read',
  'agent_connectors:write',
  'agent_logs:read',
  'api_credentials:read',
  'api_credentials:rotate',
  'api_credentials:write',
  'app_authorization:read',
  'app_authorization:write',
  'auth_logs:read',
  'billing:read',
  'billing:write',
  'branding:read',
  'branding:write',
  'connected_accounts:access',
  'connected_accounts:read',
  'connected_accounts:revoke',
  'connected_accounts:write',
  'connections_read',
  'connections_write',
  'custom_domain:read',
  'custom_domain:write',
  'dashboard_roles:read',
  'dashboard_roles:write',
  'directories_read',
  'directories_write',
  'email:read',
  'email:write',
  'encryption_keys:destroy',
  'encryption_keys:read',
  'encryption_keys:write',
  'environment_access:read',
  'environment_access:write',
  'environment_settings:read',
  'environment_settings:write',
  'environments:create',
  'environments:write',
  'events:read',
  'gateway:read',
  'gateway:write',
  'gateway_policy:read',
  'gateway_policy:write',
  'interceptors:read',
  'interceptors:write',
  'master_keys:read',
  'mcp_servers:read',
  'mcp_servers:write',
  'members:read',
  'members:write',
  'organizations:delete',
  'organizations:read',
  'organizations:write',
  'organizations_read',
  'organizations_sessions_read',
  'organizations_sessions_write',
  'organizations_users_invite',
  'organizations_users_read',
  'organizations_users_remove',
  'organizations_users_role_update',
  'organizations_write',
  'portal_links:manage',
  'scim:read',
  'scim:write',
  'sessions:read',
  'sessions:revoke',
  'sso:read',
  'sso:write',
  'users:delete',
  'users:read',
  'users:write',
  'virtual_mcp_servers:read',
  'virtual_mcp_servers:write',
  'webhooks:read',
  'webhooks:write',
  'workspace:read',
  'workspace:write',
] as const;

/** Inferred: what concerns the workspace as a whole, which an environment's own people have no hand in. */
const OF_WORKSPACE = /^(?:billing|dashboard_roles|environment_access|environments|members|workspace):(?!read$)/;

/** A role of the dashboard: scalekit.v1.members.DashboardRole. */
export interface DashboardRole {
  readonly id: string;
  readonly name: string;
  readonly display_name: string;
  readonly description: string;
  readonly is_fixed: boolean;
  readonly permissions: readonly string[];
}

/** Documented: these four are fixed. Inferred: what each of them permits. */
export const DASHBOARD_ROLES: readonly DashboardRole[] = [
  fixed(1, 'admin', 'Admin', 'Does everything', () => true),
  fixed(2, 'developer', 'Developer', 'Works in environments', (permission) => !OF_WORKSPACE.test(permission)),
  fixed(3, 'member', 'Member', 'Looks at everything', (permission) => /[:_]read$/.test(permission)),
  fixed(4, 'no_access', 'No access', 'Sees nothing', () => false),
];

function fixed(
  no: number,
  name: string,
  display_name: string,
  description: string,
  permits: (permission: string) => boolean,
): DashboardRole {
  const id = `drole_7120441809305650${no}`;
  return { id, name, display_name, description, is_fixed: true, permissions: PERMISSIONS.filter(permits) };
}
