import type { Operation } from '../gateway/operation.ts';
import { apiTokensOperations } from './api-tokens.ts';
import { clientsOperations, loginUrisOperations } from './clients.ts';
import { connectedAccountsOperations } from './connected-accounts.ts';
import { connectionsOperations } from './connections.ts';
import { directoriesOperations } from './directories.ts';
import { domainsOperations } from './domains.ts';
import { environmentsOperations } from './environments.ts';
import { mcpConfigsOperations } from './mcp-configs.ts';
import { mcpInstancesOperations } from './mcp-instances.ts';
import { membersOperations } from './members.ts';
import { organizationClientsOperations } from './organization-clients.ts';
import { organizationConnectionsOperations } from './organization-connections.ts';
import { organizationPoliciesOperations } from './organization-policies.ts';
import { organizationsOperations } from './organizations.ts';
import { providersOperations } from './providers.ts';
import { resourcesOperations } from './resources.ts';
import { rolesOperations } from './roles.ts';
import { scopesOperations } from './scopes.ts';
import { passkeysOperations, sessionsOperations } from './sessions.ts';
import { toolsOperations } from './tools.ts';
import { usersOperations } from './users.ts';
import { workspacesOperations } from './workspaces.ts';

/** Every operation of the management API that this sandbox carries out. */
export const OPERATIONS: readonly Operation[] = [
  ...environmentsOperations,
  ...workspacesOperations,
  ...membersOperations,
  ...organizationsOperations,
  ...organizationPoliciesOperations,
  ...usersOperations,
  ...sessionsOperations,
  ...passkeysOperations,
  ...rolesOperations,
  ...scopesOperations,
  ...connectionsOperations,
  ...organizationConnectionsOperations,
  ...domainsOperations,
  ...directoriesOperations,
  ...resourcesOperations,
  ...clientsOperations,
  ...loginUrisOperations,
  ...organizationClientsOperations,
  ...apiTokensOperations,
  ...connectedAccountsOperations,
  ...providersOperations,
  ...toolsOperations,
  ...mcpConfigsOperations,
  ...mcpInstancesOperations,
];
