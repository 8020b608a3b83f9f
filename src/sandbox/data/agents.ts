import { appConnections, connectedAccounts } from './agents/accounts.ts';
import { mcpConfigs, mcpInstances } from './agents/mcp.ts';
import { CUSTOM_PROVIDERS } from './agents/providers.ts';
import { AGENT_TOOLS } from './agents/tools.ts';
import { ENVIRONMENT_DOMAINS, type EnvironmentName } from './ids.ts';
import type { AppConnection, ConnectedAccount, McpConfig, McpInstance, OfferedTool, Provider } from './types.ts';

/** Agent tool access in one environment: connected accounts, tools, MCP configs. */
export interface AgentsContent {
  readonly appConnections: AppConnection[];
  readonly connectedAccounts: ConnectedAccount[];
  readonly agentTools: readonly OfferedTool[];
  /** Connectors that were made in this environment. */
  readonly customProviders: Provider[];
  readonly mcpConfigs: McpConfig[];
  readonly mcpInstances: McpInstance[];
}

/** What each environment holds at start. In production nobody uses it yet. */
export function seedAgents(environment: EnvironmentName): AgentsContent {
  const domain = ENVIRONMENT_DOMAINS[environment];
  const inDevelopment = environment === 'development';
  return {
    appConnections: appConnections(environment, domain),
    connectedAccounts: inDevelopment ? connectedAccounts() : [],
    agentTools: AGENT_TOOLS,
    customProviders: inDevelopment ? [...CUSTOM_PROVIDERS] : [],
    mcpConfigs: inDevelopment ? mcpConfigs(domain) : [],
    mcpInstances: inDevelopment ? mcpInstances(domain) : [],
  };
}
