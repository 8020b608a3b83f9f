import { z } from 'zod';
import { ToolError } from '../core/errors.ts';
import { also, given, sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { withoutLinks } from '../platform/auth-links.ts';
import { DependentInstances } from '../platform/entities/dependents.ts';
import { ConnectionAuthState, McpConfig } from '../platform/entities/mcp-config.ts';
import { createMcpConfig, updateMcpConfig } from '../platform/mcp-config.ts';
import { showMcpConfig } from '../platform/mcp-dependents.ts';
import { createConnectionToken, createSessionToken, SessionToken } from '../platform/mcp-session-token.ts';
import { path } from '../platform/path.ts';
import { inAnyCase } from '../platform/provider-name.ts';
import { webUrl } from '../platform/uri.ts';
import { configId, connector, provider, search, toolName, userIdentifier } from './fields/agents.ts';
import { note, withLinkNote } from './fields/notes.ts';
import { shown } from './fields/uris.ts';

const MAX_TOKEN_SECONDS = 24 * 60 * 60;

const output = { config: McpConfig };

/**
 * Strict, because the API ignores misspelt fields. `tools` must not be empty, because the API takes that as all tools.
 */
const connectionToolMappings = z
  .array(
    z.strictObject({
      connection_name: connector,
      tools: z.array(toolName).min(1).optional().describe('Not empty'),
    }),
  )
  .min(1)
  .max(25)
  .describe('{ connection_name, tools }: what is exposed of each connection, all without tools');

/** Names connections with what is exposed of each. */
const exposed = (mappings: z.output<typeof connectionToolMappings>) =>
  sentence`${mappings.map(({ connection_name: name, tools }) => sentence`${name} (${tools ?? sentence`all tools`})`)}`;

/** Templates for the MCP servers through which agents act for users. */
export const mcpConfigs = toolset('mcp_configs', { area: 'environment' }, (t) => [
  t.list('list_mcp_configs', {
    foundBy: 'which agents do we have, bots and their tools, setups of agents',
    description:
      'List MCP configs: templates that say which tools of which connections the MCP server of an agent exposes.',
    of: { configs: McpConfig },
    pages: 30,
    input: {
      search,
      name: z
        .string()
        .refine((name) => /^[a-zA-Z0-9_-]{1,100}$/.test(name), 'must be the name of a config')
        .optional(),
      configId: configId.optional(),
      provider,
      mcpServerUrl: shown(webUrl()).optional(),
    },
    run: ({ search, name, configId, provider, mcpServerUrl, page }, { api }) =>
      inAnyCase(api, provider, (spelt) =>
        api.get(path`/mcp/configs`, {
          search,
          'filter.id': configId,
          'filter.name': name,
          'filter.provider': spelt,
          'filter.mcp_server_url': mcpServerUrl,
          ...page,
        }),
      ),
  }),

  t.read('get_mcp_config', {
    title: 'Get an MCP config',
    foundBy: "which tools has an agent, URL of an agent's MCP server",
    description: 'Show one MCP config with its server URL and the tools it exposes.',
    input: { configId },
    output,
    run: ({ configId }, { api }) => api.get(path`/mcp/configs/${configId}`),
  }),

  t.add('create_mcp_config', {
    title: 'Create an MCP config',
    foundBy: 'new agent with tools of several apps, bundle of tools for a bot, give an agent Gmail and Slack',
    description:
      'Create an MCP config, a template for the MCP servers of all users: which tools of which connections agents get.',
    input: {
      name: z
        .string()
        .refine((name) => /^[a-z0-9_-]{1,100}$/.test(name), 'must be 1 to 100 of a-z, 0-9, - and _')
        .describe('1 to 100 of a-z, 0-9, - and _; final'),
      description: z.string().optional(),
      connection_tool_mappings: connectionToolMappings,
    },
    does: ({ name, description, connection_tool_mappings }) =>
      sentence`Create the MCP config ${name} with ${exposed(connection_tool_mappings)}${also({ description })}.`,
    output,
    run: (config, { api }) => createMcpConfig(api, config),
  }),

  t.overwrite('update_mcp_config', {
    title: 'Update an MCP config',
    foundBy: 'agent should get another app or tool, take a tool from a bot',
    description:
      'Change an MCP config: replace its description, or all its connections and tools. What is left out stays.',
    input: {
      configId,
      description: z.string().optional(),
      connection_tool_mappings: connectionToolMappings.optional(),
    },
    does: ({ configId, description, connection_tool_mappings: mappings }) =>
      sentence`Change the MCP config ${configId}: ${given({ description, 'all that it exposes to': mappings && exposed(mappings) })}.`,
    output,
    run: ({ configId, ...changes }, { api }) => updateMcpConfig(api, configId, changes),
  }),

  t.remove('delete_mcp_config', {
    title: 'Delete an MCP config',
    foundBy: 'remove an agent or bot, agent is retired',
    description: 'Delete an MCP config for good. Its server URL and its instances stop working at once.',
    input: { configId },
    does: ({ configId }) => sentence`Delete the MCP config ${configId} for good.`,
    shows: { config: McpConfig, instances: DependentInstances },
    stopsWorking: 'The server URL of this config, with its session tokens, and the instances that were made from it.',
    show: ({ configId }, { api }) => showMcpConfig(api, configId),
    at: ({ configId }) => path`/mcp/configs/${configId}`,
    listedBy: 'list_mcp_configs',
  }),

  t.add('list_mcp_config_connected_accounts', {
    title: 'List connected accounts of an MCP config',
    foundBy:
      'which accounts has a user not authorized yet, not connected, is a user ready for an agent, what must a user still connect',
    description:
      'Show which accounts a user has connected for an MCP config, and which are missing. includeAuthLinks creates those, and secret links of about a minute.',
    scope: 'environment:read',
    // Creating links that authorize needs the write scope in every tool.
    elevated: { argument: 'includeAuthLinks', scope: 'environment:write' },
    discloses: ['connected_accounts.authentication_link'],
    input: { configId, user_identifier: userIdentifier, includeAuthLinks: z.boolean().optional() },
    does: ({ configId, user_identifier: user, includeAuthLinks = false }) =>
      includeAuthLinks
        ? sentence`Create links with which the user ${user} connects the accounts of the MCP config ${configId}.`
        : sentence`List the accounts of the user ${user} for the MCP config ${configId}.`,
    output: { connected_accounts: z.array(ConnectionAuthState), note },
    async run({ configId, user_identifier: identifier, includeAuthLinks = false }, { api }) {
      const body = { identifier, include_auth_link: includeAuthLinks };
      const answer = await api.post(path`/mcp/configs/${configId}/connected_accounts`, body);
      return includeAuthLinks ? withLinkNote(answer) : withoutLinks(answer, 'connected_accounts');
    },
  }),

  t.add('create_mcp_session_token', {
    title: 'Create an MCP session token',
    foundBy: 'token for an agent to act for a user, access of an agent for one user, MCP URL with token for a user',
    description:
      'Create a session token for a user at the mcp_server_url of an MCP config or connection. Secret, shown once. They need active accounts there.',
    discloses: ['token'],
    input: {
      configId: configId.optional(),
      connector: connector.optional().describe('In place of configId: key_id from list_app_connections'),
      user_identifier: userIdentifier,
      accessLevel: z.enum(['FULL', 'READ_ONLY']).optional().describe('READ_ONLY: only tools that change nothing'),
      expirySeconds: z.int().min(60).max(MAX_TOKEN_SECONDS).optional().describe('Default: an hour'),
    },
    does: ({ configId, connector, user_identifier: user, accessLevel, expirySeconds }) =>
      sentence`Create a session token for the user ${user} at the MCP server of ${given({ 'the config': configId, 'the connector': connector })}${also({ access: accessLevel, 'a lifetime in seconds of': expirySeconds })}.`,
    output: {
      ...SessionToken.shape,
      mcp_server_url: z.string().optional().describe('For which it is good, and no other'),
      connected_account_status: z.string().optional().describe('With connector: of the user there'),
      note,
    },
    run({ configId, connector, user_identifier: identifier, accessLevel, expirySeconds: seconds }, { api }) {
      const expiry = seconds === undefined ? undefined : `${seconds}s`;
      const wanted = { identifier, access_level: accessLevel, expiry };
      if (configId !== undefined && connector === undefined) return createSessionToken(api, configId, wanted);
      if (configId === undefined && connector !== undefined) return createConnectionToken(api, connector, wanted);
      const message = 'A token is good at one server: give configId or connector, and not both.';
      throw new ToolError('invalid_arguments', message, { field: 'configId', nextTool: 'list_mcp_configs' });
    },
  }),
]);
