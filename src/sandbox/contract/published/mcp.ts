import { duration, flag, list, message, of, optional, outputOnly, required, text, time } from '../notation.ts';
import { rpc, service } from '../service.ts';
import { bothPages, pageOfThirty } from './paging.ts';

/** An id whose only known rule is that there must be one. */
const someId = required(text({ min_len: 1 }));

const accountState = { connected_account_id: optional(text()), connected_account_status: optional(text()) };

const mappings = list(
  of(
    message('scalekit.v1.mcp.McpConfigConnectionToolMapping', {
      connection_id: outputOnly(text()),
      connection_name: required(text()),
      provider: outputOnly(text()),
      tools: list(text()),
      ...accountState,
    }),
  ),
  { max_items: 25 },
);

export const McpConfigSchema = message('scalekit.v1.mcp.McpConfig', {
  id: outputOnly(text()),
  name: required(text({ min_len: 1, max_len: 100, pattern: '^[a-z0-9_-]+$' })),
  description: text(),
  connection_tool_mappings: mappings,
  mcp_server_url: outputOnly(text()),
});

const McpInstanceSchema = message('scalekit.v1.mcp.McpInstance', {
  id: outputOnly(text()),
  name: required(text()),
  user_identifier: required(text()),
  config: of(McpConfigSchema),
  last_used_at: time(),
  updated_at: time(),
  url: text(),
});

const connection = { connection_id: text(), connection_name: text(), provider: text() };
const config = { config: of(McpConfigSchema) };
const instance = { instance: of(McpInstanceSchema) };

const READ = { permissions: ['virtual_mcp_servers:read'] };
const WRITE = { permissions: ['virtual_mcp_servers:write'] };

export const McpService = service('scalekit.v1.mcp.McpService', {
  listMcpConfigs: rpc('GET /mcp/configs', {
    ...READ,
    request: {
      filter: of({
        id: text(),
        name: text({ max_len: 100, pattern: '^[a-zA-Z0-9_-]*$' }),
        provider: text(),
        mcp_server_url: text(),
      }),
      search: text(),
      ...pageOfThirty,
    },
    response: { ...bothPages, configs: list(of(McpConfigSchema)) },
  }),
  createMcpConfig: rpc('POST /mcp/configs', {
    ...WRITE,
    body: 'config',
    request: { config: required(of(McpConfigSchema)) },
    response: config,
  }),
  getMcpConfig: rpc('GET /mcp/configs/{config_id}', { ...READ, request: { config_id: someId }, response: config }),
  updateMcpConfig: rpc('PUT /mcp/configs/{config_id}', {
    ...WRITE,
    body: '*',
    request: { config_id: someId, description: text(), connection_tool_mappings: mappings },
    response: config,
  }),
  deleteMcpConfig: rpc('DELETE /mcp/configs/{config_id}', { ...WRITE, request: { config_id: someId } }),
  listMcpConnectedAccounts: rpc('POST /mcp/configs/{config_id}/connected_accounts', {
    ...READ,
    body: '*',
    request: { config_id: someId, identifier: required(text()), include_auth_link: flag() },
    response: { connected_accounts: list(of({ ...connection, ...accountState, authentication_link: text() })) },
  }),
  createMcpSessionToken: rpc('POST /mcp/configs/{mcp_config_id}/tokens', {
    ...WRITE,
    body: '*',
    request: {
      mcp_config_id: someId,
      identifier: required(text({ min_len: 1, max_len: 255 })),
      expiry: duration({ gte: '60s', lte: '86400s' }),
      access_level: text({ in: ['', 'FULL', 'READ_ONLY'] }),
    },
    response: { token: outputOnly(text()), expires_at: outputOnly(time()) },
  }),
  createMcpConnectionSessionToken: rpc('POST /mcp/connections/{key_id}/tokens', {
    ...WRITE,
    body: '*',
    request: {
      key_id: someId,
      identifier: required(text({ min_len: 1, max_len: 255 })),
      expiry: duration({ gte: '60s', lte: '86400s' }),
      access_level: text({ in: ['', 'FULL', 'READ_ONLY'] }),
    },
    response: { token: outputOnly(text()), expires_at: outputOnly(time()) },
  }),
  listMcpInstances: rpc('GET /mcp/instances', {
    ...READ,
    request: {
      filter: of({ id: text(), name: text(), config_name: text(), user_identifier: text() }),
      search: text(),
      ...pageOfThirty,
    },
    response: { ...bothPages, instances: list(of(McpInstanceSchema)) },
  }),
  ensureMcpInstance: rpc('POST /mcp/instances', {
    ...WRITE,
    body: '*',
    request: {
      name: text(),
      config_name: required(text({ min_len: 1 })),
      user_identifier: required(text({ min_len: 1 })),
    },
    response: instance,
  }),
  getMcpInstance: rpc('GET /mcp/instances/{instance_id}', {
    ...READ,
    request: { instance_id: someId },
    response: instance,
  }),
  deleteMcpInstance: rpc('DELETE /mcp/instances/{instance_id}', { ...WRITE, request: { instance_id: someId } }),
  getMcpInstanceAuthState: rpc('POST /mcp/instances/{instance_id}:get_auth_state', {
    ...READ,
    request: { instance_id: someId, include_auth_links: flag() },
    response: {
      connections: list(
        of({
          ...connection,
          connected_account_id: text(),
          connected_account_status: text(),
          authentication_link: text(),
        }),
      ),
    },
  }),
});
