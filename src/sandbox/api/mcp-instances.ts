import { randomBytes } from 'node:crypto';
import type { McpInstance } from '../data/agents/types.ts';
import type { EnvironmentContent } from '../store.ts';
import { authStates, findAccount } from './accounts.ts';
import { ApiError } from './api-error.ts';
import { flag } from './composite-fields.ts';
import { text } from './fields.ts';
import { refuseShortSearch, requireConfig } from './mcp-configs.ts';
import { type Decoded, message } from './message.ts';
import { environmentOperation } from './operation.ts';
import { pageFields, paginate } from './paging.ts';

/** scalekit.v1.mcp.ListMcpInstancesRequest.Filter */
const filter = {
  id: text(),
  name: text(),
  config_name: text(),
  user_identifier: text(),
} as const;

const NO_FILTER: Decoded<typeof filter> = { id: '', name: '', config_name: '', user_identifier: '' };

/** scalekit.v1.mcp.McpService, as far as it is about instances: the older form */
export const mcpInstancesOperations = [
  environmentOperation({
    verb: 'GET',
    path: '/mcp/instances',
    accepts: ['workspace', 'client'],
    permission: 'virtual_mcp_servers:read',
    request: { filter: message(filter), search: text(), ...pageFields({ max: 30 }) },
    run({ request, environment, content }) {
      const { search, filter: wanted = NO_FILTER } = request;
      refuseShortSearch(search);
      const matching = content.mcpInstances.filter(
        (instance) => matches(content, instance, wanted) && instance.name.toLowerCase().includes(search.toLowerCase()),
      );
      const listing = ['mcp-instances', environment.id, search, ...Object.values(wanted)];
      const { items, ...pages } = paginate(matching, request, listing);
      return { ...pages, instances: items.map((instance) => toMessage(content, instance)) };
    },
  }),

  environmentOperation({
    verb: 'POST',
    path: '/mcp/instances',
    accepts: ['workspace', 'client'],
    permission: 'virtual_mcp_servers:write',
    body: '*',
    request: { name: text(), config_name: text({ minLen: 1 }), user_identifier: text({ minLen: 1 }) },
    run({ request, environment, content, store }) {
      const { name, config_name, user_identifier } = request;
      const config = content.mcpConfigs.find((candidate) => candidate.name === config_name);
      if (config === undefined) throw new ApiError('NOT_FOUND', 'MCP configuration not found');
      const existing = content.mcpInstances.find(
        (instance) => instance.config_id === config.id && instance.user_identifier === user_identifier,
      );
      if (existing !== undefined) return { instance: toMessage(content, existing) };
      const instance: McpInstance = {
        id: store.newId('inst'),
        name: name || `${config_name}-${user_identifier}`,
        user_identifier,
        config_id: config.id,
        last_used_at: null,
        updated_at: new Date().toISOString(),
        url: `https://${environment.domain}/mcp/v1/s/${randomBytes(24).toString('base64url')}`,
      };
      content.mcpInstances.push(instance);
      return { instance: toMessage(content, instance) };
    },
  }),

  environmentOperation({
    verb: 'GET',
    path: '/mcp/instances/{instance_id}',
    accepts: ['workspace', 'client'],
    permission: 'virtual_mcp_servers:read',
    request: { instance_id: text({ minLen: 1 }) },
    run: ({ request, content }) => ({ instance: toMessage(content, requireInstance(content, request.instance_id)) }),
  }),

  environmentOperation({
    verb: 'DELETE',
    path: '/mcp/instances/{instance_id}',
    accepts: ['workspace', 'client'],
    permission: 'virtual_mcp_servers:write',
    request: { instance_id: text({ minLen: 1 }) },
    run({ request, content }) {
      const instance = requireInstance(content, request.instance_id);
      content.mcpInstances.splice(content.mcpInstances.indexOf(instance), 1);
      return {};
    },
  }),

  environmentOperation({
    verb: 'POST',
    path: '/mcp/instances/{instance_id}:get_auth_state',
    accepts: ['workspace', 'client'],
    permission: 'virtual_mcp_servers:read',
    request: { instance_id: text({ minLen: 1 }), include_auth_links: flag() },
    run(call) {
      const { user_identifier: identifier, config_id } = requireInstance(call.content, call.request.instance_id);
      const { connection_tool_mappings } = requireConfig(call.content, config_id);
      const states = authStates(call, connection_tool_mappings, { identifier, links: call.request.include_auth_links });
      return {
        connections: states.map(({ account, ...state }) => ({
          ...state,
          connected_account_id: account?.id ?? '',
          connected_account_status: account?.status ?? '',
        })),
      };
    },
  }),
];

function requireInstance({ mcpInstances }: EnvironmentContent, id: string): McpInstance {
  const instance = mcpInstances.find((candidate) => candidate.id === id);
  if (instance === undefined) throw new ApiError('NOT_FOUND', 'MCP instance not found');
  return instance;
}

function matches(content: EnvironmentContent, instance: McpInstance, wanted: Decoded<typeof filter>): boolean {
  const { name } = requireConfig(content, instance.config_id);
  const facts = { ...instance, config_name: name };
  return (Object.keys(filter) as (keyof typeof filter)[]).every(
    (key) => wanted[key] === '' || facts[key] === wanted[key],
  );
}

/** The message carries the whole config, with where the user's accounts stand. */
function toMessage(content: EnvironmentContent, { config_id, ...instance }: McpInstance): object {
  const config = requireConfig(content, config_id);
  const connection_tool_mappings = config.connection_tool_mappings.map((mapping) => {
    const account = findAccount(content, mapping.connection_name, instance.user_identifier);
    if (account === undefined) return mapping;
    return { ...mapping, connected_account_id: account.id, connected_account_status: account.status };
  });
  return { ...instance, config: { ...config, connection_tool_mappings } };
}
