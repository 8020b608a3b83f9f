import { z } from 'zod';
import { checkAnswer } from '../core/check-answer.ts';
import { toolset } from '../core/toolset.ts';
import { ConnectionAuthState, UnlinkedAuthState } from '../platform/entities/mcp-config.ts';
import { McpInstance } from '../platform/entities/mcp-instance.ts';
import { path } from '../platform/path.ts';
import { instanceId, userIdentifier } from './fields/agents.ts';
import { shortText, shownName } from './fields/texts.ts';

const Unlinked = z.object({ connections: z.array(UnlinkedAuthState) });

/** MCP servers for single users: the older form of what MCP configs and session tokens do. */
export const mcpInstances = toolset('mcp_instances', { area: 'environment' }, (t) => [
  t.add('ensure_mcp_instance', {
    title: 'Ensure an MCP instance',
    description:
      'Find or create the MCP server URL of one user. Secret, works until delete_mcp_instance. Older form: prefer create_mcp_session_token.',
    repeatable: true,
    discloses: ['instance.url'],
    input: {
      config_name: shortText(100).describe('name from list_mcp_configs'),
      user_identifier: userIdentifier,
      name: shownName(200).optional().describe('Of a new instance'),
    },
    output: { instance: McpInstance.extend({ url: z.string().nullish() }) },
    run: (instance, { api }) => api.post(path`/mcp/instances`, instance),
  }),

  t.list('list_mcp_instances', {
    description: 'List MCP instances: servers for single users, the older form.',
    of: { instances: McpInstance },
    pages: 30,
    input: { config_name: shortText(100).optional(), user_identifier: shortText(255).optional() },
    run: ({ config_name, user_identifier, page }, { api }) => {
      const filter = { 'filter.config_name': config_name, 'filter.user_identifier': user_identifier };
      return api.get(path`/mcp/instances`, { ...filter, ...page });
    },
  }),

  t.read('get_mcp_instance', {
    title: 'Get an MCP instance',
    description: 'Show one MCP instance (older form) with its config.',
    input: { instanceId },
    output: { instance: McpInstance },
    run: ({ instanceId }, { api }) => api.get(path`/mcp/instances/${instanceId}`),
  }),

  t.add('get_mcp_instance_auth_state', {
    title: 'Get the auth state of an MCP instance',
    description:
      'Show what the user of an MCP instance has authorized; includeAuthLinks adds secret links. Older form: prefer list_mcp_config_connected_accounts.',
    scope: 'environment:read',
    // Creating links that authorize needs the write scope in every tool.
    elevated: { argument: 'includeAuthLinks', scope: 'environment:write' },
    discloses: ['connections.authentication_link'],
    input: { instanceId, includeAuthLinks: z.boolean().optional() },
    output: { connections: z.array(ConnectionAuthState) },
    async run({ instanceId, includeAuthLinks }, { api }) {
      const target = path`/mcp/instances/${instanceId}:get_auth_state`;
      const answer = await api.post(target, undefined, { include_auth_links: includeAuthLinks });
      return includeAuthLinks ? answer : checkAnswer(Unlinked, answer, 'write');
    },
  }),

  t.remove('delete_mcp_instance', {
    title: 'Delete an MCP instance',
    description: 'Delete an MCP instance for good. Its URL stops working at once.',
    input: { instanceId },
    shows: { instance: McpInstance },
    stopsWorking: 'The URL of this instance, for the user whom it serves.',
    at: ({ instanceId }) => path`/mcp/instances/${instanceId}`,
  }),
]);
