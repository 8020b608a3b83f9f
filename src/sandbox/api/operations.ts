import { agentToolsOperations } from './agent-tools.ts';
import { clientsOperations } from './clients.ts';
import { connectedAccountsOperations } from './connected-accounts.ts';
import { connectionsOperations } from './connections.ts';
import { environmentOperations } from './environments.ts';
import { mcpConfigsOperations } from './mcp-configs.ts';
import { mcpInstancesOperations } from './mcp-instances.ts';
import { membersOperations } from './members.ts';
import type { Operation } from './operation.ts';
import { organizationAccessOperations } from './organization-access.ts';
import { organizationOperations } from './organizations.ts';
import { resourcesOperations } from './resources.ts';
import { rolesOperations } from './roles.ts';
import { scopesOperations } from './scopes.ts';
import { usersOperations } from './users.ts';
import { workspaceOperations } from './workspace.ts';

/** Every operation of the management API that this sandbox carries out. */
export const OPERATIONS: readonly Operation[] = [
  ...environmentOperations,
  ...workspaceOperations,
  ...membersOperations,
  ...organizationOperations,
  ...organizationAccessOperations,
  ...usersOperations,
  ...rolesOperations,
  ...scopesOperations,
  ...connectionsOperations,
  ...resourcesOperations,
  ...clientsOperations,
  ...connectedAccountsOperations,
  ...agentToolsOperations,
  ...mcpConfigsOperations,
  ...mcpInstancesOperations,
];
