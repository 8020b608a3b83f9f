import { CUSTOM_DASHBOARD_ROLE_ID, ENVIRONMENT_IDS, type EnvironmentName, MEMBER_IDS, PERSON_IDS } from './ids.ts';

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
const OF_WORKSPACE = /^(?:billing|dashboard_roles|environment_access|environments|members|workspace):/;

/** Documented in words: what destroys, shows or runs credentials, spends money, or gives access. */
const SENSITIVE =
  /[:_](?:access|delete|destroy|execute|invite|manage|remove|revoke|role_update|rotate)$|^(?:api_credentials|billing|dashboard_roles|environment_access|master_keys|members):write$/;

/** A permission that a role can hold: scalekit.v1.members.DashboardPermission. */
interface DashboardPermission {
  readonly key: string;
  readonly group: string;
  readonly tier: 'workspace' | 'environment';
  readonly description: string;
  readonly sensitive: boolean;
}

/** All that a role can hold. */
export const DASHBOARD_PERMISSIONS: readonly DashboardPermission[] = PERMISSIONS.map((key) => {
  const [, group = '', action = ''] = /^(.+)[:_]([a-z]+)$/.exec(key) ?? [];
  return {
    key,
    group,
    tier: OF_WORKSPACE.test(key) ? 'workspace' : 'environment',
    description: `${action}: ${group.replaceAll('_', ' ')}`,
    sensitive: SENSITIVE.test(key),
  };
});

/** A role of the dashboard: scalekit.v1.members.DashboardRole. */
export interface DashboardRole {
  readonly id: string;
  readonly name: string;
  readonly display_name: string;
  readonly description: string;
  readonly is_fixed: boolean;
  readonly permissions: readonly string[];
}

const READS = /[:_]read$/;
/** What somebody does who connects systems, and leaves customers and colleagues alone. */
const OF_INTEGRATIONS =
  /^(?:agent_connectors|connected_accounts|connections|mcp_servers|sso|virtual_mcp_servers)[:_]write$/;

/** Documented: four are fixed. Inferred: what each of them permits. The fifth is the workspace's own. */
export const DASHBOARD_ROLES: readonly DashboardRole[] = [
  fixed(1, 'admin', 'Admin', () => true),
  fixed(2, 'developer', 'Developer', (permission) => READS.test(permission) || !OF_WORKSPACE.test(permission)),
  fixed(3, 'member', 'Member', (permission) => READS.test(permission)),
  fixed(4, 'no_access', 'No access', () => false),
  {
    id: CUSTOM_DASHBOARD_ROLE_ID,
    // Documented: custom roles have a generated name.
    name: 'integrations_k3v9',
    display_name: 'Integrations',
    description: 'Connects systems and agents, and looks at the rest',
    is_fixed: false,
    permissions: PERMISSIONS.filter((permission) => READS.test(permission) || OF_INTEGRATIONS.test(permission)),
  },
];

function fixed(
  no: number,
  name: string,
  display_name: string,
  permits: (permission: string) => boolean,
): DashboardRole {
  const id = `drole_7120441809305650${no}`;
  // Documented: fixed roles have no description.
  return { id, name, display_name, description: '', is_fixed: true, permissions: PERMISSIONS.filter(permits) };
}

/** A role that somebody has in one environment in place of the one that they have in the workspace. */
export interface EnvironmentRole {
  readonly member_id: string;
  readonly environment_id: string;
  readonly role: DashboardRole;
}

/** Who has such a role at start. */
export const ENVIRONMENT_ROLES: readonly EnvironmentRole[] = [
  inEnvironment(PERSON_IDS.integrator, 'production', 'member'),
  inEnvironment(MEMBER_IDS.auditor, 'development', 'no_access'),
];

function inEnvironment(member_id: string, environment: EnvironmentName, name: string): EnvironmentRole {
  const [role] = DASHBOARD_ROLES.filter((candidate) => candidate.name === name);
  if (role === undefined) throw new Error(`There is no role ${name}.`);
  return { member_id, environment_id: ENVIRONMENT_IDS[environment], role };
}
