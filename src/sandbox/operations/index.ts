import type { Operation } from '../gateway/operation.ts';
import { apiTokensOperations } from './api-tokens.ts';
import { clientsOperations, loginUrisOperations } from './clients.ts';
import { connectedAccountsOperations } from './connected-accounts.ts';
import { connectionsOperations } from './connections.ts';
import { customDomainsOperations } from './custom-domains.ts';
import { dashboardRolesOperations } from './dashboard-roles.ts';
import { directoriesOperations } from './directories.ts';
import { domainsOperations } from './domains.ts';
import { environmentLooksOperations, environmentSettingsOperations } from './environment-settings.ts';
import { environmentsOperations } from './environments.ts';
import { analyticsOperations, authLogsOperations, eventsOperations, toolCallLogsOperations } from './logs.ts';
import { mcpConfigsOperations } from './mcp-configs.ts';
import { mcpInstancesOperations } from './mcp-instances.ts';
import { membersOperations } from './members.ts';
import { organizationClientsOperations } from './organization-clients.ts';
import { organizationConnectionsOperations } from './organization-connections.ts';
import { organizationPoliciesOperations } from './organization-policies.ts';
import { organizationRolesOperations } from './organization-roles.ts';
import { organizationsOperations } from './organizations.ts';
import { permissionsOperations } from './permissions.ts';
import { providersOperations } from './providers.ts';
import { resourcesOperations } from './resources.ts';
import { rolesOperations } from './roles.ts';
import { scopesOperations } from './scopes.ts';
import { serverClientsOperations } from './server-clients.ts';
import { passkeysOperations, sessionsOperations } from './sessions.ts';
import { toolSearchOperations, toolsOperations } from './tools.ts';
import { usersOperations } from './users.ts';
import { webhooksOperations } from './webhooks.ts';
import { workspacesOperations } from './workspaces.ts';

/** Every operation of the management API that this sandbox carries out. */
export const OPERATIONS: readonly Operation[] = [
  ...environmentsOperations,
  ...environmentSettingsOperations,
  ...environmentLooksOperations,
  ...customDomainsOperations,
  ...workspacesOperations,
  ...membersOperations,
  ...dashboardRolesOperations,
  ...organizationsOperations,
  ...organizationPoliciesOperations,
  ...usersOperations,
  ...sessionsOperations,
  ...passkeysOperations,
  ...rolesOperations,
  ...permissionsOperations,
  ...organizationRolesOperations,
  ...scopesOperations,
  ...connectionsOperations,
  ...organizationConnectionsOperations,
  ...domainsOperations,
  ...directoriesOperations,
  ...resourcesOperations,
  ...serverClientsOperations,
  ...clientsOperations,
  ...loginUrisOperations,
  ...organizationClientsOperations,
  ...apiTokensOperations,
  ...connectedAccountsOperations,
  ...providersOperations,
  ...toolsOperations,
  ...toolSearchOperations,
  ...toolCallLogsOperations,
  ...analyticsOperations,
  ...authLogsOperations,
  ...eventsOperations,
  ...webhooksOperations,
  ...mcpConfigsOperations,
  ...mcpInstancesOperations,
];
