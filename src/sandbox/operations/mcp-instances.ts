import { randomBytes } from 'node:crypto';
import type { JsonOf } from '../contract/json.ts';
import { McpService } from '../contract/published/mcp.ts';
import type { McpInstance } from '../data/types.ts';
import { byId, findIn } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import type { EnvironmentContent } from '../store.ts';
import { authStates, selectAccount } from './accounts.ts';
import { refuseShortSearch } from './mcp-configs.ts';
import { page } from './paging.ts';
import { now, remove } from './parts.ts';

type Filter = Partial<NonNullable<JsonOf<typeof McpService.method.listMcpInstances.input>['filter']>>;

/** Instances of scalekit.v1.mcp.McpService: the older form. */
export const mcpInstancesOperations = operations(McpService, {
  listMcpInstances: ({ request, environment, content }) => {
    const { search } = request;
    const wanted: Filter = request.filter ?? {};
    refuseShortSearch(search);
    const matching = content.mcpInstances.filter(
      (instance) => matches(content, instance, wanted) && isCalled(instance, search),
    );
    const listing = ['mcp-instances', environment.id, search, ...Object.values(wanted)];
    const { instances, ...pages } = page('instances', matching, request, listing);
    return { ...pages, instances: instances.map((instance) => toMessage(content, instance)) };
  },

  ensureMcpInstance: ({ request, environment, content, store }) => {
    const { name, config_name, user_identifier } = request;
    const config = findIn(content.mcpConfigs, (candidate) => candidate.name === config_name, 'MCP configuration');
    const existing = content.mcpInstances.find(
      (instance) => instance.config_id === config.id && instance.user_identifier === user_identifier,
    );
    if (existing !== undefined) return { instance: toMessage(content, existing) };
    const instance: McpInstance = {
      id: store.newId('inst'),
      name: name || `${config_name}-${user_identifier}`,
      user_identifier,
      config_id: config.id,
      updated_at: now(),
      url: `https://${environment.domain}/mcp/v1/s/${randomBytes(24).toString('base64url')}`,
    };
    content.mcpInstances.push(instance);
    return { instance: toMessage(content, instance) };
  },

  getMcpInstance: ({ request, content }) => ({
    instance: toMessage(content, byId(content.mcpInstances, request.instance_id, 'MCP instance')),
  }),

  deleteMcpInstance: ({ request, content }) => {
    const instance = byId(content.mcpInstances, request.instance_id, 'MCP instance');
    return remove(content.mcpInstances, instance);
  },

  getMcpInstanceAuthState: (call) => {
    const { instance_id, include_auth_links: links } = call.request;
    const { user_identifier: identifier, config_id } = byId(call.content.mcpInstances, instance_id, 'MCP instance');
    const { connection_tool_mappings: mappings } = byId(call.content.mcpConfigs, config_id, 'MCP configuration');
    return { connections: authStates(call, mappings, { identifier, links }) };
  },
});

/** Looks at the name and the user (documented). */
function isCalled({ name, user_identifier }: McpInstance, search: string): boolean {
  return [name, user_identifier].some((text) => text.toLowerCase().includes(search.toLowerCase()));
}

function matches(content: EnvironmentContent, instance: McpInstance, wanted: Filter): boolean {
  const { name: config_name } = byId(content.mcpConfigs, instance.config_id, 'MCP configuration');
  const facts: Readonly<Record<string, unknown>> = { ...instance, config_name };
  return Object.entries(wanted).every(([name, value]) => value === '' || facts[name] === value);
}

/** The message carries the whole config, with where the user's accounts stand. */
function toMessage(content: EnvironmentContent, { config_id, ...instance }: McpInstance) {
  const config = byId(content.mcpConfigs, config_id, 'MCP configuration');
  const connection_tool_mappings = config.connection_tool_mappings.map((mapping) => {
    const selector = { connector: mapping.connection_name, identifier: instance.user_identifier };
    const account = selectAccount(content, selector);
    return { ...mapping, connected_account_id: account?.id, connected_account_status: account?.status };
  });
  return { ...instance, config: { ...config, connection_tool_mappings } };
}
