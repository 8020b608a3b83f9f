import { randomBytes, randomUUID } from 'node:crypto';
import { complete } from '../contract/complete.ts';
import type { JsonOf } from '../contract/json.ts';
import { McpConfigSchema, McpService } from '../contract/published/mcp.ts';
import { ENVIRONMENT_IDS } from '../data/ids.ts';
import type { McpConfig } from '../data/types.ts';
import { ApiError, byId, findIn, invalid } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import type { EnvironmentContent } from '../store.ts';
import { authStates, createAccount, selectAccount } from './accounts.ts';
import { page } from './paging.ts';
import { given, remove, replace } from './parts.ts';

const MIN_SEARCH = 3;

type Filter = Partial<NonNullable<JsonOf<typeof McpService.method.listMcpConfigs.input>['filter']>>;
type Mappings = McpConfig['connection_tool_mappings'];

/** Configs of scalekit.v1.mcp.McpService. */
export const mcpConfigsOperations = operations(
  { ...McpService, created: ['createMcpConfig'] },
  {
    listMcpConfigs: ({ request, environment, content }) => {
      const { search } = request;
      const { id = '', name = '', provider = '', mcp_server_url = '' }: Filter = request.filter ?? {};
      const server = lastSegmentOf(mcp_server_url);
      refuseShortSearch(search);
      const matching = content.mcpConfigs.filter(
        (config) =>
          (id === '' || config.id === id) &&
          (name === '' || config.name === name.toLowerCase()) &&
          (provider === '' || config.connection_tool_mappings.some((entry) => entry.provider === provider)) &&
          (server === '' || lastSegmentOf(config.mcp_server_url) === server) &&
          config.name.includes(search.toLowerCase()),
      );
      const listing = ['mcp-configs', environment.id, id, name, provider, server, search];
      return page('configs', matching, request, listing);
    },

    createMcpConfig: ({ request, environment, content, store }) => {
      const { name, description, connection_tool_mappings: wanted } = given(request.config);
      refuseTakenName(content, name);
      if (wanted.length === 0) {
        throw new ApiError('INVALID_ARGUMENT', 'at least one connection tool mapping is required');
      }
      const config = complete(McpConfigSchema, {
        id: store.newId('cfg'),
        name,
        description,
        connection_tool_mappings: resolve(content, wanted),
        mcp_server_url: `https://${environment.domain}/mcp/v3/servers/${randomUUID()}`,
      });
      content.mcpConfigs.push(config);
      return { config };
    },

    getMcpConfig: ({ request, content }) => ({
      config: byId(content.mcpConfigs, request.config_id, 'MCP configuration'),
    }),

    updateMcpConfig: ({ request, content }) => {
      const before = byId(content.mcpConfigs, request.config_id, 'MCP configuration');
      const { description, connection_tool_mappings: wanted } = request;
      // An empty list cannot be told from one that is not there.
      const mappings = wanted.length > 0 ? resolve(content, wanted) : before.connection_tool_mappings;
      const after = { ...before, description, connection_tool_mappings: mappings };
      return { config: replace(content.mcpConfigs, before, after) };
    },

    deleteMcpConfig: ({ request, content: { mcpConfigs, mcpInstances }, content }) => {
      const config = byId(content.mcpConfigs, request.config_id, 'MCP configuration');
      const left = mcpInstances.filter(({ config_id }) => config_id !== config.id);
      mcpInstances.splice(0, mcpInstances.length, ...left);
      return remove(mcpConfigs, config);
    },

    listMcpConnectedAccounts: (call) => {
      const { config_id, identifier, include_auth_link: links } = call.request;
      const { connection_tool_mappings: mappings } = byId(call.content.mcpConfigs, config_id, 'MCP configuration');
      return { connected_accounts: authStates(call, mappings, { identifier, links }) };
    },

    createMcpSessionToken: (call) => {
      const { mcp_config_id, identifier, expiry = '3600s', access_level } = call.request;
      const config = byId(call.content.mcpConfigs, mcp_config_id, 'MCP configuration');
      const states = authStates(call, config.connection_tool_mappings, { identifier, links: false });
      if (states.some(({ connected_account_status }) => connected_account_status !== 'ACTIVE')) {
        throw new ApiError('INVALID_ARGUMENT', 'a connection has no active connected account for the identifier');
      }
      const ca_ids = states.map(({ connected_account_id }) => connected_account_id);
      return newToken(
        { sub: identifier, aud: config.mcp_server_url, mcp_cfg: config.id, ca_ids, access_level },
        expiry,
      );
    },

    // For the server of a connection. Whether a user without an active account gets a token is a setting of each
    // environment, as Scalekit's SDK says: in development they do, and a pending account comes into being.
    createMcpConnectionSessionToken: (call) => {
      const { key_id, identifier, expiry = '3600s', access_level } = call.request;
      const { appConnections, ssoConnections } = call.content;
      const isNamed = (entry: { readonly key_id?: string | undefined }) =>
        entry.key_id?.toLowerCase() === key_id.toLowerCase();
      if (ssoConnections.some(isNamed)) throw new ApiError('INVALID_ARGUMENT', 'not an agent connection');
      const connection = findIn(appConnections, (entry) => entry.enabled && isNamed(entry), 'connection');
      const selector = { connector: connection.key_id, identifier };
      const existing = selectAccount(call.content, selector);
      if (existing?.status !== 'ACTIVE' && call.environment.id === ENVIRONMENT_IDS.production) {
        throw new ApiError('INVALID_ARGUMENT', 'the connection has no active connected account for the identifier');
      }
      const account = existing ?? createAccount(call, selector);
      const ca_ids = [account.id];
      const { mcp_server_url: aud, id: conn_id } = connection;
      return newToken({ sub: identifier, aud, conn_id, ca_ids, access_level }, expiry);
    },
  },
);

function newToken(claims: object, expiry: string) {
  const exp = Math.floor(Date.now() / 1000) + Number.parseFloat(expiry);
  return { token: unverifiable({ ...claims, exp }), expires_at: new Date(exp * 1000).toISOString() };
}

/** No rule of the descriptor: the API refuses to search for less, as its reference says of every search. */
export function refuseShortSearch(search: string): void {
  if (search === '' || search.length >= MIN_SEARCH) return;
  const description = `must be at least ${MIN_SEARCH} characters`;
  throw invalid({ field: 'search', description, constraint: 'string.min_len' });
}

/** A config is found by the last segment of its URL, whatever stands before (documented). */
function lastSegmentOf(url: string): string {
  return url.replace(/\/$/, '').split('/').at(-1) ?? '';
}

function refuseTakenName({ mcpConfigs }: EnvironmentContent, name: string): void {
  if (!mcpConfigs.some((config) => config.name === name)) return;
  throw new ApiError('INVALID_ARGUMENT', 'an MCP configuration with this name exists', {
    error_code: 'DUPLICATE_IDENTIFIER',
  });
}

/** Fills in what the API knows of the connections. */
function resolve({ appConnections, agentTools }: EnvironmentContent, wanted: Mappings): Mappings {
  return wanted.map(({ connection_name, tools }) => {
    const connection = findIn(appConnections, ({ key_id }) => key_id === connection_name, 'connection');
    const { id: connection_id, provider_key: provider } = connection;
    const offered = agentTools.filter(({ tool }) => tool.provider === provider).map(({ name }) => name);
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
