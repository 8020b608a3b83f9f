import { z } from 'zod';
import { checkAnswer } from '../core/check-answer.ts';
import { defineTool } from '../core/tool.ts';
import { ConnectionAuthState, UnlinkedAuthState } from '../platform/entities/mcp-config.ts';
import { McpInstance } from '../platform/entities/mcp-instance.ts';
import { path } from '../platform/path.ts';
import { instanceId, shortText, userIdentifier } from './fields/agents.ts';
import { cuttable, pageInfo, pageQuery, paging } from './fields/fields.ts';

const Instance = z.object({ instance: McpInstance, ...cuttable });
const Unlinked = z.object({ connections: z.array(UnlinkedAuthState) });

const ensureMcpInstance = defineTool({
  name: 'ensure_mcp_instance',
  title: 'Ensure an MCP instance',
  description:
    'Find or create the secret MCP server URL of one user, which works until delete_mcp_instance. Older form: prefer create_mcp_session_token.',
  place: 'environment',
  scope: 'environment:write',
  effect: 'add',
  idempotent: true,
  openWorld: false,
  discloses: ['instance.url'],
  input: {
    config_name: shortText(100).describe('name from list_mcp_configs'),
    user_identifier: userIdentifier,
    name: shortText(200).optional().describe('Of a new instance'),
  },
  output: z.object({ instance: McpInstance.extend({ url: z.string().nullish() }), ...cuttable }),
  run: ({ config_name, user_identifier, name }, { api }) =>
    api.post(path`/mcp/instances`, { config_name, user_identifier, ...(name !== undefined && { name }) }),
});

const listMcpInstances = defineTool({
  name: 'list_mcp_instances',
  title: 'List MCP instances',
  description: 'List MCP instances: servers for single users, the older form.',
  place: 'environment',
  scope: 'environment:read',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  items: 'instances',
  input: {
    config_name: shortText(100).optional(),
    user_identifier: shortText(255).optional(),
    ...paging(30),
  },
  output: z.object({ instances: z.array(McpInstance), ...pageInfo }),
  run: ({ config_name, user_identifier, ...page }, { api }) =>
    api.get(path`/mcp/instances`, {
      'filter.config_name': config_name,
      'filter.user_identifier': user_identifier,
      ...pageQuery(page),
    }),
});

const getMcpInstance = defineTool({
  name: 'get_mcp_instance',
  title: 'Get an MCP instance',
  description: 'Show one MCP instance (older form) with its config.',
  place: 'environment',
  scope: 'environment:read',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  input: { instanceId },
  output: Instance,
  run: (args, { api }) => api.get(path`/mcp/instances/${args.instanceId}`),
});

const getMcpInstanceAuthState = defineTool({
  name: 'get_mcp_instance_auth_state',
  title: 'Get the auth state of an MCP instance',
  description:
    'Show where the user of an MCP instance stands on each connection; includeAuthLinks adds secret links, of no stated expiry. Older form: prefer list_mcp_config_connected_accounts.',
  place: 'environment',
  scope: 'environment:read',
  // Links that authorize need the scope that they need everywhere.
  elevated: { argument: 'includeAuthLinks', scope: 'environment:write' },
  effect: 'add',
  idempotent: false,
  openWorld: false,
  discloses: ['connections.authentication_link'],
  input: { instanceId, includeAuthLinks: z.boolean().optional() },
  output: z.object({ connections: z.array(ConnectionAuthState), ...cuttable }),
  run: async ({ instanceId, includeAuthLinks }, { api }) => {
    const target = path`/mcp/instances/${instanceId}:get_auth_state`;
    const answer = await api.post(target, undefined, { include_auth_links: includeAuthLinks });
    return includeAuthLinks ? answer : checkAnswer(Unlinked, answer, 'write');
  },
});

const deleteMcpInstance = defineTool({
  name: 'delete_mcp_instance',
  title: 'Delete an MCP instance',
  description: 'Delete an MCP instance for good. Its URL stops working at once.',
  place: 'environment',
  scope: 'environment:write',
  effect: 'destroy',
  idempotent: true,
  openWorld: false,
  preview: { output: Instance, run: (args, { api }) => api.get(path`/mcp/instances/${args.instanceId}`) },
  input: { instanceId },
  output: z.object({ deleted_id: z.string() }),
  run: async (args, { api }) => {
    await api.delete(path`/mcp/instances/${args.instanceId}`);
    return { deleted_id: args.instanceId };
  },
});

export const mcpInstancesTools = [
  ensureMcpInstance,
  listMcpInstances,
  getMcpInstance,
  getMcpInstanceAuthState,
  deleteMcpInstance,
];
