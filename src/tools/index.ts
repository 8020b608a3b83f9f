import type { Tool, Toolset } from '../core/tool.ts';
import { catalogueOf } from '../core/toolset.ts';
import { adminPortal } from './admin-portal.ts';
import { agentTools } from './agent-tools.ts';
import { apiTokens } from './api-tokens.ts';
import { appConnections } from './app-connections.ts';
import { connectedAccounts } from './connected-accounts.ts';
import { connections } from './connections.ts';
import { customConnectors } from './custom-connectors.ts';
import { customDomains } from './custom-domains.ts';
import { dashboardRoles } from './dashboard-roles.ts';
import { directories } from './directories.ts';
import { discovery } from './discovery.ts';
import { docs } from './docs.ts';
import { environmentClients } from './environment-clients.ts';
import { environmentSettings } from './environment-settings.ts';
import { environments } from './environments.ts';
import { logs } from './logs.ts';
import { mcpClients } from './mcp-clients.ts';
import { mcpConfigs } from './mcp-configs.ts';
import { mcpInstances } from './mcp-instances.ts';
import { mcpServers } from './mcp-servers.ts';
import { organizationClients } from './organization-clients.ts';
import { organizationDomains } from './organization-domains.ts';
import { organizationRoles } from './organization-roles.ts';
import { organizationSettings } from './organization-settings.ts';
import { organizations } from './organizations.ts';
import { permissions } from './permissions.ts';
import { redirectUris } from './redirect-uris.ts';
import { roles } from './roles.ts';
import { scopes } from './scopes.ts';
import { session } from './session.ts';
import { status } from './status.ts';
import { userSessions } from './user-sessions.ts';
import { users } from './users.ts';
import { webhooks } from './webhooks.ts';
import { workspace } from './workspace.ts';

/** Every toolset of this server, in the order in which clients see their tools. */
export const toolsets: readonly Toolset[] = [
  session,
  discovery,
  docs,
  status,
  environments,
  environmentSettings,
  customDomains,
  roles,
  permissions,
  scopes,
  environmentClients,
  redirectUris,
  workspace,
  dashboardRoles,
  organizations,
  users,
  userSessions,
  adminPortal,
  organizationRoles,
  organizationSettings,
  organizationDomains,
  organizationClients,
  apiTokens,
  connections,
  directories,
  mcpServers,
  mcpClients,
  mcpConfigs,
  mcpInstances,
  agentTools,
  connectedAccounts,
  appConnections,
  customConnectors,
  logs,
  webhooks,
];

/** Every tool of this server. */
export const catalogue: readonly Tool[] = catalogueOf(toolsets);
