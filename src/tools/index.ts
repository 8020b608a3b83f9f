import type { Tool } from '../core/tool.ts';
import { agentToolsTools } from './agent-tools.ts';
import { connectedAccountsTools } from './connected-accounts.ts';
import { connectionsTools } from './connections.ts';
import { environmentTools } from './environments.ts';
import { mcpConfigsTools } from './mcp-configs.ts';
import { mcpInstancesTools } from './mcp-instances.ts';
import { mcpServersTools } from './mcp-servers.ts';
import { organizationTools } from './organizations.ts';
import { portalTools } from './portal.ts';
import { redirectUrisTools } from './redirect-uris.ts';
import { rolesTools } from './roles.ts';
import { scopesTools } from './scopes.ts';
import { sessionTools } from './session.ts';
import { usersTools } from './users.ts';
import { workspaceTools } from './workspace.ts';

/** Every tool of this server, in the order in which clients see them. */
export const catalogue: readonly Tool[] = [
  ...sessionTools,
  ...environmentTools,
  ...rolesTools,
  ...scopesTools,
  ...redirectUrisTools,
  ...workspaceTools,
  ...organizationTools,
  ...usersTools,
  ...portalTools,
  ...connectionsTools,
  ...mcpServersTools,
  ...mcpConfigsTools,
  ...mcpInstancesTools,
  ...agentToolsTools,
  ...connectedAccountsTools,
];
