import { z } from 'zod';
import { also, sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { withoutLinks } from '../platform/auth-links.ts';
import { ensureMcpInstance, WithUrl } from '../platform/ensure-mcp-instance.ts';
import { ConnectionAuthState } from '../platform/entities/mcp-config.ts';
import { McpInstance } from '../platform/entities/mcp-instance.ts';
import { path } from '../platform/path.ts';
import { instanceId, search, userIdentifier } from './fields/agents.ts';
import { note, withLinkNote } from './fields/notes.ts';
import { heldText, shortText, shownName } from './fields/texts.ts';

/** MCP servers for single users: the older form of what MCP configs and session tokens do. */
export const mcpInstances = toolset('mcp_instances', { area: 'environment' }, (t) => [
  t.add('ensure_mcp_instance', {
    title: 'Ensure an MCP instance',
    foundBy: 'MCP URL of one user',
    description:
      'Find or create the MCP server URL of one user. Secret, works until delete_mcp_instance. Older form: prefer create_mcp_session_token.',
    repeatable: true,
    discloses: ['instance.url'],
    input: {
      config_name: shortText(100).describe('name from list_mcp_configs'),
      user_identifier: userIdentifier,
      name: shownName(200).optional().describe('Of a new instance'),
    },
    does: ({ config_name: config, user_identifier: user, name }) =>
      sentence`Find or create the MCP instance of the user ${user} for the config ${config}${also({ name })}.`,
    output: { instance: WithUrl, note },
    run: (wanted, { api }) => ensureMcpInstance(api, wanted),
  }),

  t.list('list_mcp_instances', {
    foundBy: 'MCP URLs of single users',
    description: 'List MCP instances: servers for single users, the older form.',
    of: { instances: McpInstance },
    pages: 30,
    input: {
      search,
      name: heldText(200).optional(),
      instanceId: instanceId.optional(),
      config_name: shortText(100).optional(),
      user_identifier: shortText(255).optional(),
    },
    run: ({ search, name, instanceId, config_name, user_identifier, page }, { api }) =>
      api.get(path`/mcp/instances`, {
        search,
        'filter.id': instanceId,
        'filter.name': name,
        'filter.config_name': config_name,
        'filter.user_identifier': user_identifier,
        ...page,
      }),
  }),

  t.read('get_mcp_instance', {
    title: 'Get an MCP instance',
    foundBy: 'MCP URL of one user',
    description: 'Show one MCP instance (older form) with its config.',
    input: { instanceId },
    output: { instance: McpInstance },
    run: ({ instanceId }, { api }) => api.get(path`/mcp/instances/${instanceId}`),
  }),

  t.add('get_mcp_instance_auth_state', {
    title: 'Get the auth state of an MCP instance',
    foundBy: 'which accounts has a user not authorized yet',
    description:
      'Show what the user of an MCP instance has authorized; includeAuthLinks adds secret links of a minute. Older form.',
    scope: 'environment:read',
    // Creating links that authorize needs the write scope in every tool.
    elevated: { argument: 'includeAuthLinks', scope: 'environment:write' },
    discloses: ['connections.authentication_link'],
    input: { instanceId, includeAuthLinks: z.boolean().optional() },
    does: ({ instanceId, includeAuthLinks = false }) =>
      includeAuthLinks
        ? sentence`Create links with which the user of the MCP instance ${instanceId} connects accounts.`
        : sentence`Show what the user of the MCP instance ${instanceId} has authorized.`,
    output: { connections: z.array(ConnectionAuthState), note },
    async run({ instanceId, includeAuthLinks }, { api }) {
      const target = path`/mcp/instances/${instanceId}:get_auth_state`;
      const answer = await api.post(target, undefined, { include_auth_links: includeAuthLinks });
      return includeAuthLinks ? withLinkNote(answer) : withoutLinks(answer, 'connections');
    },
  }),

  t.remove('delete_mcp_instance', {
    title: 'Delete an MCP instance',
    foundBy: 'withdraw the MCP URL of a user',
    description: 'Delete an MCP instance for good. Its URL stops working at once.',
    input: { instanceId },
    does: ({ instanceId }) => sentence`Delete the MCP instance ${instanceId} for good.`,
    shows: { instance: McpInstance },
    stopsWorking: 'The URL of this instance, for the user whom it serves.',
    at: ({ instanceId }) => path`/mcp/instances/${instanceId}`,
    listedBy: 'list_mcp_instances',
  }),
]);
