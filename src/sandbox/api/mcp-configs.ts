import { randomBytes, randomUUID } from 'node:crypto';
import type { McpConfig, ToolMapping } from '../data/agents/types.ts';
import type { EnvironmentContent } from '../store.ts';
import { authStates } from './accounts.ts';
import { optionalDuration } from './agent-fields.ts';
import { ApiError, invalid } from './api-error.ts';
import { flag, list } from './composite-fields.ts';
import { text } from './fields.ts';
import { type Decoded, message } from './message.ts';
import { NamedError } from './named-error.ts';
import { environmentOperation } from './operation.ts';
import { pageFields, paginate } from './paging.ts';

const DEFAULT_TOKEN_SECONDS = 3600;
const MIN_TOKEN_SECONDS = 60;
const MAX_TOKEN_SECONDS = 24 * 3600;
const MIN_SEARCH = 3;

/** scalekit.v1.mcp.McpConfigConnectionToolMapping, as requests fill it */
const mapping = { connection_name: text({ minLen: 1 }), tools: list(text()) } as const;

const mappings = list(message(mapping, { required: true }), { maxItems: 25 });

type WantedMapping = Decoded<typeof mapping>;

/** scalekit.v1.mcp.ListMcpConfigsRequest.Filter */
const filter = { id: text(), name: text({ maxLen: 100 }), provider: text() } as const;

/** scalekit.v1.mcp.McpService, as far as it is about configs */
export const mcpConfigsOperations = [
  environmentOperation({
    verb: 'GET',
    path: '/mcp/configs',
    accepts: ['workspace', 'client'],
    permission: 'virtual_mcp_servers:read',
    request: { filter: message(filter), search: text(), ...pageFields({ max: 30 }) },
    run({ request, environment, content }) {
      const { search, filter: { id, name, provider } = { id: '', name: '', provider: '' } } = request;
      refuseShortSearch(search);
      const matching = content.mcpConfigs.filter(
        (config) =>
          (id === '' || config.id === id) &&
          (name === '' || config.name === name.toLowerCase()) &&
          (provider === '' || config.connection_tool_mappings.some((entry) => entry.provider === provider)) &&
          config.name.includes(search.toLowerCase()),
      );
      const listing = ['mcp-configs', environment.id, id, name, provider, search];
      const { items, ...pages } = paginate(matching, request, listing);
      return { ...pages, configs: items };
    },
  }),

  environmentOperation({
    verb: 'POST',
    path: '/mcp/configs',
    accepts: ['workspace', 'client'],
    permission: 'virtual_mcp_servers:write',
    body: 'config',
    request: {
      config: message(
        {
          name: text({ minLen: 1, maxLen: 100, pattern: /^[a-z0-9_-]+$/ }),
          description: text(),
          connection_tool_mappings: mappings,
        },
        { required: true },
      ),
    },
    status: 201,
    run({ request, environment, content, store }) {
      const { name, description, connection_tool_mappings } = request.config;
      refuseTakenName(content, name);
      if (connection_tool_mappings.length === 0) {
        throw new ApiError('INVALID_ARGUMENT', 'at least one connection tool mapping is required');
      }
      const config: McpConfig = {
        id: store.newId('cfg'),
        name,
        description,
        connection_tool_mappings: resolve(content, connection_tool_mappings),
        mcp_server_url: `https://${environment.domain}/mcp/v3/servers/${randomUUID()}`,
      };
      content.mcpConfigs.push(config);
      return { config };
    },
  }),

  environmentOperation({
    verb: 'GET',
    path: '/mcp/configs/{config_id}',
    accepts: ['workspace', 'client'],
    permission: 'virtual_mcp_servers:read',
    request: { config_id: text({ minLen: 1 }) },
    run: ({ request, content }) => ({ config: requireConfig(content, request.config_id) }),
  }),

  environmentOperation({
    verb: 'PUT',
    path: '/mcp/configs/{config_id}',
    accepts: ['workspace', 'client'],
    permission: 'virtual_mcp_servers:write',
    body: '*',
    request: { config_id: text({ minLen: 1 }), description: text(), connection_tool_mappings: mappings },
    run({ request, content }) {
      const current = requireConfig(content, request.config_id);
      const { description, connection_tool_mappings: wanted } = request;
      const updated: McpConfig = {
        ...current,
        description,
        // An empty list cannot be told from one that is not there.
        ...(wanted.length > 0 && { connection_tool_mappings: resolve(content, wanted) }),
      };
      content.mcpConfigs.splice(content.mcpConfigs.indexOf(current), 1, updated);
      return { config: updated };
    },
  }),

  environmentOperation({
    verb: 'DELETE',
    path: '/mcp/configs/{config_id}',
    accepts: ['workspace', 'client'],
    permission: 'virtual_mcp_servers:write',
    request: { config_id: text({ minLen: 1 }) },
    run({ request, content: { mcpConfigs, mcpInstances }, content }) {
      const config = requireConfig(content, request.config_id);
      mcpConfigs.splice(mcpConfigs.indexOf(config), 1);
      const left = mcpInstances.filter(({ config_id }) => config_id !== config.id);
      mcpInstances.splice(0, mcpInstances.length, ...left);
      return {};
    },
  }),

  environmentOperation({
    verb: 'POST',
    path: '/mcp/configs/{config_id}/connected_accounts',
    accepts: ['workspace', 'client'],
    permission: 'virtual_mcp_servers:read',
    body: '*',
    request: { config_id: text({ minLen: 1 }), identifier: text({ minLen: 1 }), include_auth_link: flag() },
    run(call) {
      const { config_id, identifier, include_auth_link: links } = call.request;
      const config = requireConfig(call.content, config_id);
      const states = authStates(call, config.connection_tool_mappings, { identifier, links });
      return {
        connected_accounts: states.map(({ account, ...state }) => ({
          ...state,
          ...(account && { connected_account_id: account.id, connected_account_status: account.status }),
        })),
      };
    },
  }),

  environmentOperation({
    verb: 'POST',
    path: '/mcp/configs/{mcp_config_id}/tokens',
    accepts: ['workspace', 'client'],
    permission: 'virtual_mcp_servers:write',
    body: '*',
    request: {
      mcp_config_id: text({ minLen: 1 }),
      identifier: text({ minLen: 1, maxLen: 255 }),
      expiry: optionalDuration({ min: MIN_TOKEN_SECONDS, max: MAX_TOKEN_SECONDS }),
    },
    run(call) {
      const { mcp_config_id, identifier, expiry = DEFAULT_TOKEN_SECONDS } = call.request;
      const config = requireConfig(call.content, mcp_config_id);
      const states = authStates(call, config.connection_tool_mappings, { identifier, links: false });
      const accounts = states.flatMap(({ account }) => (account?.status === 'ACTIVE' ? [account.id] : []));
      if (accounts.length < states.length) {
        throw new ApiError('INVALID_ARGUMENT', 'a connection has no active connected account for the identifier');
      }
      const expiresAt = Math.floor(Date.now() / 1000) + expiry;
      const claims = { sub: identifier, aud: config.mcp_server_url, mcp_cfg: config.id, ca_ids: accounts };
      return {
        token: unverifiable({ ...claims, exp: expiresAt }),
        expires_at: new Date(expiresAt * 1000).toISOString(),
      };
    },
  }),
];

/** @throws ApiError when the config does not exist */
export function requireConfig({ mcpConfigs }: EnvironmentContent, id: string): McpConfig {
  const config = mcpConfigs.find((candidate) => candidate.id === id);
  if (config === undefined) throw new ApiError('NOT_FOUND', 'MCP configuration not found');
  return config;
}

/** The API refuses to search for less. */
export function refuseShortSearch(search: string): void {
  if (search === '' || search.length >= MIN_SEARCH) return;
  const description = `value length must be at least ${MIN_SEARCH} characters`;
  throw invalid([{ field: 'search', description, constraint: 'string.min_len' }]);
}

function refuseTakenName({ mcpConfigs }: EnvironmentContent, name: string): void {
  if (!mcpConfigs.some((config) => config.name === name)) return;
  throw new NamedError('INVALID_ARGUMENT', 'an MCP configuration with this name exists', {
    error_code: 'DUPLICATE_IDENTIFIER',
  });
}

/** Fills in what the API knows of the connections. */
function resolve({ appConnections, agentTools }: EnvironmentContent, wanted: readonly WantedMapping[]): ToolMapping[] {
  return wanted.map(({ connection_name, tools }) => {
    const connection = appConnections.find(({ key_id }) => key_id === connection_name);
    if (connection === undefined) throw new ApiError('NOT_FOUND', 'connection not found');
    const { id: connection_id, provider_key: provider } = connection;
    const offered = agentTools.filter(({ tool }) => tool.provider === provider).map(({ tool }) => tool.definition.name);
    if (tools.some((tool) => !offered.includes(tool))) {
      throw new ApiError('INVALID_ARGUMENT', 'a tool does not belong to its connection');
    }
    return { connection_id, connection_name, provider, tools };
  });
}

/** Looks like a session token. No key signed it, because no MCP server stands behind the sandbox's configs. */
function unverifiable(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return [part({ alg: 'RS256', kid: 'snk_sandbox' }), part(claims), randomBytes(256).toString('base64url')].join('.');
}
