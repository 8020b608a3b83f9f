import { z } from 'zod';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { defineTool } from '../core/tool.ts';
import { requireConnections } from '../platform/connection-names.ts';
import { ConnectionAuthState, McpConfig, UnlinkedAuthState } from '../platform/entities/mcp-config.ts';
import { path } from '../platform/path.ts';
import { configId, connector, shortText, userIdentifier } from './fields/agents.ts';
import { cuttable, pageInfo, pageQuery, paging } from './fields/fields.ts';

const MAX_TOKEN_SECONDS = 24 * 60 * 60;

const Config = z.object({ config: McpConfig, ...cuttable });
const Unlinked = z.object({ connected_accounts: z.array(UnlinkedAuthState) });

/** Strict, and never an empty whitelist: the API drops misspelt fields, and takes no tools for all of them. */
const connectionToolMappings = z
  .array(
    z.strictObject({
      connection_name: connector,
      tools: z.array(shortText(100)).min(1).optional().describe('Whitelist; left out: all'),
    }),
  )
  .min(1)
  .max(25);

type Mappings = z.output<typeof connectionToolMappings>;

/** As the API takes it: `tools` is left out rather than undefined. */
function toBody(mappings: Mappings) {
  return mappings.map(({ connection_name, tools }) => ({ connection_name, ...(tools !== undefined && { tools }) }));
}

function connectionsOf(mappings: Mappings): string[] {
  return mappings.map(({ connection_name }) => connection_name);
}

const listMcpConfigs = defineTool({
  name: 'list_mcp_configs',
  title: 'List MCP configs',
  description: 'List MCP configs: templates that say which tools of which connections an MCP server exposes.',
  place: 'environment',
  scope: 'environment:read',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  items: 'configs',
  input: paging(30),
  output: z.object({ configs: z.array(McpConfig), ...pageInfo }),
  run: (page, { api }) => api.get(path`/mcp/configs`, pageQuery(page)),
});

const getMcpConfig = defineTool({
  name: 'get_mcp_config',
  title: 'Get an MCP config',
  description: 'Show one MCP config with its server URL and the tools it exposes.',
  place: 'environment',
  scope: 'environment:read',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  input: { configId },
  output: Config,
  run: (args, { api }) => api.get(path`/mcp/configs/${args.configId}`),
});

const createMcpConfig = defineTool({
  name: 'create_mcp_config',
  title: 'Create an MCP config',
  description: 'Create an MCP config, a template for the MCP servers of all users. Its name (a-z, 0-9, -, _) is final.',
  place: 'environment',
  scope: 'environment:write',
  effect: 'add',
  idempotent: false,
  openWorld: false,
  input: {
    name: z.string().refine((name) => /^[a-z0-9_-]{1,100}$/.test(name), 'must be 1 to 100 of a-z, 0-9, - and _'),
    description: z.string().optional(),
    connection_tool_mappings: connectionToolMappings,
  },
  output: Config,
  run: async ({ name, description, connection_tool_mappings: mappings }, { api }) => {
    await requireConnections(api, connectionsOf(mappings));
    return api.post(path`/mcp/configs`, {
      name,
      ...(description !== undefined && { description }),
      connection_tool_mappings: toBody(mappings),
    });
  },
});

const updateMcpConfig = defineTool({
  name: 'update_mcp_config',
  title: 'Update an MCP config',
  description: 'Replace the description or all mappings of an MCP config. What is left out stays.',
  place: 'environment',
  scope: 'environment:write',
  effect: 'overwrite',
  idempotent: true,
  openWorld: false,
  input: {
    configId,
    description: z.string().optional(),
    connection_tool_mappings: connectionToolMappings.optional(),
  },
  output: Config,
  run: async ({ configId, description, connection_tool_mappings: mappings }, { api }) => {
    if (description === undefined && mappings === undefined) {
      const message = 'Nothing to change: give description, connection_tool_mappings or both.';
      throw new ToolError('invalid_arguments', message, { field: 'description' });
    }
    if (mappings !== undefined) await requireConnections(api, connectionsOf(mappings));
    // The operation takes both whole, and whether it keeps what is left out is not documented.
    const { config } = checkAnswer(Config, await api.get(path`/mcp/configs/${configId}`));
    const current = (config.connection_tool_mappings ?? []).map(({ connection_name, tools }) => ({
      connection_name: connection_name ?? '',
      tools: tools ?? [],
    }));
    return api.put(path`/mcp/configs/${configId}`, {
      description: description ?? config.description ?? '',
      connection_tool_mappings: mappings === undefined ? current : toBody(mappings),
    });
  },
});

const deleteMcpConfig = defineTool({
  name: 'delete_mcp_config',
  title: 'Delete an MCP config',
  description: 'Delete an MCP config for good. Its server URL and its instances stop working at once.',
  place: 'environment',
  scope: 'environment:write',
  effect: 'destroy',
  idempotent: true,
  openWorld: false,
  preview: { output: Config, run: (args, { api }) => api.get(path`/mcp/configs/${args.configId}`) },
  input: { configId },
  output: z.object({ deleted_id: z.string() }),
  run: async (args, { api }) => {
    await api.delete(path`/mcp/configs/${args.configId}`);
    return { deleted_id: args.configId };
  },
});

const listMcpConfigConnectedAccounts = defineTool({
  name: 'list_mcp_config_connected_accounts',
  title: 'List connected accounts of an MCP config',
  description:
    'Show where a user stands on each connection of an MCP config. includeAuthLinks creates missing accounts and adds secret links to authorize them, of no stated expiry.',
  place: 'environment',
  scope: 'environment:read',
  // Links that authorize need the scope that they need everywhere.
  elevated: { argument: 'includeAuthLinks', scope: 'environment:write' },
  effect: 'add',
  idempotent: false,
  openWorld: false,
  discloses: ['connected_accounts.authentication_link'],
  input: { configId, user_identifier: userIdentifier, includeAuthLinks: z.boolean().optional() },
  output: z.object({ connected_accounts: z.array(ConnectionAuthState), ...cuttable }),
  run: async ({ configId, user_identifier, includeAuthLinks = false }, { api }) => {
    const answer = await api.post(path`/mcp/configs/${configId}/connected_accounts`, {
      identifier: user_identifier,
      include_auth_link: includeAuthLinks,
    });
    return includeAuthLinks ? answer : checkAnswer(Unlinked, answer, 'write');
  },
});

const createMcpSessionToken = defineTool({
  name: 'create_mcp_session_token',
  title: 'Create an MCP session token',
  description:
    'Create a bearer token for one user at the mcp_server_url of an MCP config. Secret, shown once, good until expires_at. Fails unless every connection has an active account of theirs.',
  place: 'environment',
  scope: 'environment:write',
  effect: 'add',
  idempotent: false,
  openWorld: false,
  discloses: ['token'],
  input: {
    configId,
    user_identifier: userIdentifier,
    expirySeconds: z.int().min(60).max(MAX_TOKEN_SECONDS).optional().describe('Default: an hour'),
  },
  output: z.object({ token: z.string(), expires_at: z.string().nullish() }),
  run: ({ configId, user_identifier, expirySeconds }, { api }) =>
    api.post(path`/mcp/configs/${configId}/tokens`, {
      identifier: user_identifier,
      ...(expirySeconds !== undefined && { expiry: `${expirySeconds}s` }),
    }),
});

export const mcpConfigsTools = [
  listMcpConfigs,
  getMcpConfig,
  createMcpConfig,
  updateMcpConfig,
  deleteMcpConfig,
  listMcpConfigConnectedAccounts,
  createMcpSessionToken,
];
