import { CONNECTED_ACCOUNTS, developmentConnections, productionConnections } from './agents/accounts.ts';
import { mcpConfigs, mcpInstances } from './agents/mcp.ts';
import { AGENT_TOOLS } from './agents/tools.ts';
import type { AppConnection, ConnectedAccount, McpConfig, McpInstance, OfferedTool } from './agents/types.ts';
import { ENVIRONMENT_DOMAINS, type EnvironmentName } from './ids.ts';

/** Agent tool access in one environment: connected accounts, tools, MCP configs. */
export interface AgentsContent {
  readonly appConnections: readonly AppConnection[];
  readonly connectedAccounts: ConnectedAccount[];
  readonly agentTools: readonly OfferedTool[];
  readonly mcpConfigs: McpConfig[];
  readonly mcpInstances: McpInstance[];
}

/** What each environment holds at start. */
export function seedAgents(environment: EnvironmentName): AgentsContent {
  const domain = ENVIRONMENT_DOMAINS[environment];
  const agentTools = AGENT_TOOLS;
  if (environment === 'production') {
    const appConnections = productionConnections(domain);
    return { appConnections, connectedAccounts: [], agentTools, mcpConfigs: [], mcpInstances: [] };
  }
  return {
    appConnections: developmentConnections(domain),
    connectedAccounts: [...CONNECTED_ACCOUNTS],
    agentTools,
    mcpConfigs: mcpConfigs(domain),
    mcpInstances: mcpInstances(domain),
  };
}
