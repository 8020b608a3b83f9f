import type { Operation } from './model.ts';
import {
  choice,
  choiceOf,
  google,
  list,
  message,
  of,
  operation,
  optionalText,
  outputOnly,
  required,
  scalar,
  text,
  textMap,
} from './notation.ts';

/*
 * Operations that this server uses and that the Scalekit SDK for Node has no descriptors for, as Scalekit's API
 * reference and its SDKs for other languages describe them. A test finds those that the SDK has learnt since.
 */

const pageRequest = { page_size: scalar('uint32'), page_token: text() };
const pageOfThirty = { page_size: scalar('uint32', { lte: 30 }), page_token: text() };
const nextPage = { next_page_token: text(), total_size: scalar('uint32') };
const bothPages = { ...nextPage, prev_page_token: text() };

/** An id whose only known rule is that there must be one. */
const someId = required(text({ minLen: 1 }));

const environment = message('scalekit.v1.environments.Environment', {
  id: text({ minLen: 1, maxLen: 32, prefix: 'env' }),
  create_time: google('Timestamp'),
  update_time: google('Timestamp'),
  display_name: text({ minLen: 1, maxLen: 200 }),
  domain: text({ minLen: 1, maxLen: 250 }),
  region_code: choiceOf('scalekit.v1.commons.RegionCode'),
  type: choice('scalekit.v1.commons.EnvironmentType', ['ENVIRONMENT_TYPE_UNSPECIFIED', 'PRD', 'DEV']),
  custom_domain: optionalText(),
  custom_domain_status: choice('scalekit.v1.environments.CustomDomainStatus', [
    'UNSPECIFIED',
    'PENDING',
    'ACTIVE',
    'FAILED',
    'INITIAL',
  ]),
});

const environments = [
  operation('scalekit.v1.environments.EnvironmentService.ListEnvironment', 'GET /environments', {
    request: pageRequest,
    response: { ...nextPage, environments: list(of(environment)) },
  }),
  operation('scalekit.v1.environments.EnvironmentService.GetEnvironment', 'GET /environments/{id}', {
    request: { id: text({ minLen: 1, maxLen: 32, prefix: 'env' }) },
    response: { environment: of(environment) },
  }),
];

const member = message('scalekit.v1.members.Member', {
  id: text(),
  create_time: google('Timestamp'),
  update_time: google('Timestamp'),
  workspace_id: text(),
  role: choice('scalekit.v1.members.MemberRole', ['MEMBER_ROLE_UNSPECIFIED', 'ADMIN', 'USER']),
  first_name: optionalText({ maxLen: 200 }),
  last_name: optionalText({ maxLen: 200 }),
  email: text({ email: true }),
  metadata: textMap({ maxPairs: 20, keys: { minLen: 3, maxLen: 25 }, values: { minLen: 1, maxLen: 256 } }),
  organizations: outputOnly(list(of('scalekit.v1.commons.OrganizationMembership'))),
  user_profile: of('scalekit.v1.commons.UserProfile'),
  external_id: outputOnly(text()),
  workspace_ids: list(text()),
  active_workspace_external_id: outputOnly(optionalText()),
});

const members = [
  operation('scalekit.v1.members.MembersService.ListMembers', 'GET /members', {
    request: pageRequest,
    response: { ...nextPage, members: list(of(member)) },
  }),
  operation('scalekit.v1.members.MembersService.CreateMember', 'POST /members', {
    body: 'member',
    request: { member: required(of(member)) },
    response: { member: of(member) },
  }),
  operation('scalekit.v1.members.MembersService.GetCurrentMember', 'GET /members:this', {
    response: { member: of(member) },
  }),
];

const workspace = message('scalekit.v1.workspaces.Workspace', {
  id: text(),
  create_time: google('Timestamp'),
  update_time: google('Timestamp'),
  display_name: text({ minLen: 1, maxLen: 200 }),
  region_code: choiceOf('scalekit.v1.commons.RegionCode'),
  extended_info: of(
    message('scalekit.v1.workspaces.WorkspaceExtendedInfo', {
      payment_overdue: scalar('bool'),
      payment_method_present: scalar('bool'),
      free_quota_exceeded: scalar('bool'),
    }),
  ),
  billing_customer_id: text(),
  billing_subscription_id: text(),
  auth_domain: outputOnly(text()),
  deployment: outputOnly(text()),
});

const workspaces = [
  operation('scalekit.v1.workspaces.WorkspaceService.GetCurrentWorkspace', 'GET /workspaces:this', {
    response: { workspace: of(workspace), context: outputOnly(google('Struct')) },
  }),
];

const provider = message('scalekit.v1.providers.Provider', {
  id: text(),
  identifier: text(),
  display_name: text(),
  description: text(),
  categories: list(text()),
  auth_patterns: google('ListValue'),
  icon_src: text(),
  display_priority: scalar('int32'),
  coming_soon: scalar('bool'),
  proxy_url: text(),
  proxy_enabled: scalar('bool'),
  is_custom: scalar('bool'),
  is_custom_mcp: scalar('bool'),
  metadata: textMap(),
});

const providers = [
  operation('scalekit.v1.providers.ProviderService.ListProviders', 'GET /providers', {
    request: {
      identifier: text({ maxLen: 255, pattern: '^[a-zA-Z0-9_:-]*$' }),
      ...pageRequest,
      filter: of(
        message('scalekit.v1.providers.ListProvidersRequest.Filter', {
          provider_type: choice('scalekit.v1.providers.ProviderType', ['DEFAULT', 'CUSTOM', 'ALL']),
        }),
      ),
    },
    response: { ...bothPages, providers: list(of(provider)) },
  }),
];

const toolMapping = message('scalekit.v1.mcp.McpConfigConnectionToolMapping', {
  connection_id: outputOnly(text()),
  connection_name: required(text()),
  provider: outputOnly(text()),
  tools: list(text()),
  connected_account_id: optionalText(),
  connected_account_status: optionalText(),
});

const mcpConfig = message('scalekit.v1.mcp.McpConfig', {
  id: outputOnly(text()),
  name: required(text({ minLen: 1, maxLen: 100, pattern: '^[a-z0-9_-]+$' })),
  description: text(),
  connection_tool_mappings: list(of(toolMapping), { maxItems: 25 }),
  mcp_server_url: outputOnly(text()),
});

const connectionAuthState = message('scalekit.v1.mcp.McpConnectionAuthState', {
  connection_id: text(),
  connection_name: text(),
  provider: text(),
  connected_account_id: optionalText(),
  connected_account_status: optionalText(),
  authentication_link: text(),
});

const mcpConfigs = [
  operation('scalekit.v1.mcp.McpService.ListMcpConfigs', 'GET /mcp/configs', {
    request: {
      filter: of(
        message('scalekit.v1.mcp.ListMcpConfigsRequest.Filter', {
          id: text(),
          name: text(),
          provider: text(),
          mcp_server_url: text(),
        }),
      ),
      search: text(),
      ...pageOfThirty,
    },
    response: { ...bothPages, configs: list(of(mcpConfig)) },
  }),
  operation('scalekit.v1.mcp.McpService.CreateMcpConfig', 'POST /mcp/configs', {
    body: 'config',
    request: { config: required(of(mcpConfig)) },
    response: { config: of(mcpConfig) },
  }),
  operation('scalekit.v1.mcp.McpService.GetMcpConfig', 'GET /mcp/configs/{config_id}', {
    request: { config_id: someId },
    response: { config: of(mcpConfig) },
  }),
  operation('scalekit.v1.mcp.McpService.UpdateMcpConfig', 'PUT /mcp/configs/{config_id}', {
    body: '*',
    request: {
      config_id: someId,
      description: text(),
      connection_tool_mappings: list(of(toolMapping), { maxItems: 25 }),
    },
    response: { config: of(mcpConfig) },
  }),
  operation('scalekit.v1.mcp.McpService.DeleteMcpConfig', 'DELETE /mcp/configs/{config_id}', {
    request: { config_id: someId },
  }),
  operation('scalekit.v1.mcp.McpService.ListMcpConnectedAccounts', 'POST /mcp/configs/{config_id}/connected_accounts', {
    body: '*',
    request: { config_id: someId, identifier: required(text()), include_auth_link: scalar('bool') },
    response: { connected_accounts: list(of(connectionAuthState)) },
  }),
  operation('scalekit.v1.mcp.McpService.CreateMcpSessionToken', 'POST /mcp/configs/{mcp_config_id}/tokens', {
    body: '*',
    request: {
      mcp_config_id: someId,
      identifier: required(text({ minLen: 1, maxLen: 255 })),
      expiry: google('Duration', { gte: 60, lte: 86_400 }),
    },
    response: { token: outputOnly(text()), expires_at: outputOnly(google('Timestamp')) },
  }),
];

const mcpInstance = message('scalekit.v1.mcp.McpInstance', {
  id: outputOnly(text()),
  name: required(text()),
  user_identifier: required(text()),
  config: of(mcpConfig),
  last_used_at: google('Timestamp'),
  updated_at: google('Timestamp'),
  url: text(),
});

const instanceAuthState = message('scalekit.v1.mcp.McpInstanceConnectionAuthState', {
  connection_id: text(),
  connection_name: text(),
  provider: text(),
  connected_account_id: text(),
  connected_account_status: text(),
  authentication_link: text(),
});

const mcpInstances = [
  operation('scalekit.v1.mcp.McpService.ListMcpInstances', 'GET /mcp/instances', {
    request: {
      filter: of(
        message('scalekit.v1.mcp.ListMcpInstancesRequest.Filter', {
          id: text(),
          name: text(),
          config_name: text(),
          user_identifier: text(),
        }),
      ),
      search: text(),
      ...pageOfThirty,
    },
    response: { ...bothPages, instances: list(of(mcpInstance)) },
  }),
  operation('scalekit.v1.mcp.McpService.EnsureMcpInstance', 'POST /mcp/instances', {
    body: '*',
    request: {
      name: text(),
      config_name: required(text({ minLen: 1 })),
      user_identifier: required(text({ minLen: 1 })),
    },
    response: { instance: of(mcpInstance) },
  }),
  operation('scalekit.v1.mcp.McpService.GetMcpInstance', 'GET /mcp/instances/{instance_id}', {
    request: { instance_id: someId },
    response: { instance: of(mcpInstance) },
  }),
  operation('scalekit.v1.mcp.McpService.DeleteMcpInstance', 'DELETE /mcp/instances/{instance_id}', {
    request: { instance_id: someId },
  }),
  operation('scalekit.v1.mcp.McpService.GetMcpInstanceAuthState', 'POST /mcp/instances/{instance_id}:get_auth_state', {
    request: { instance_id: someId, include_auth_links: scalar('bool') },
    response: { connections: list(of(instanceAuthState)) },
  }),
];

/** The operations that are known from elsewhere than the SDK's descriptors. */
export const PUBLISHED_OPERATIONS: readonly Operation[] = [
  ...environments,
  ...members,
  ...workspaces,
  ...providers,
  ...mcpConfigs,
  ...mcpInstances,
];
