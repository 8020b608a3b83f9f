import { z } from 'zod';
import type { Body } from '../core/api.ts';
import { ToolError } from '../core/errors.ts';
import { toolset } from '../core/toolset.ts';
import { McpServer } from '../platform/entities/mcp-server.ts';
import { exact } from '../platform/exact.ts';
import { path } from '../platform/path.ts';
import { webUrl } from '../platform/uri.ts';
import { shownName } from './fields/texts.ts';

const id = z
  .string()
  .refine((value) => /^(res|app)_\w{1,28}$/.test(value), 'must look like res_1234 or app_1234')
  .describe('From list_mcp_servers');
const name = shownName(128);
const url = webUrl(z.string().max(512, { abort: true })).describe('Audience of its tokens');

/** The optional arguments of both tools. */
const settings = {
  description: z.string().max(512).optional(),
  access_token_expiry: z.int().min(1).optional().describe('Seconds; 300 to 3600 are usual'),
  provider: exact(z.string().trim().max(512)).optional().describe('key_id of a connection'),
  use_scalekit_authentication: z.boolean().optional().describe('false: provider signs users in'),
};

const output = { resource: McpServer };

/** The MCP servers that Scalekit issues tokens for. */
export const mcpServers = toolset('mcp_servers', { area: 'environment' }, (t) => [
  t.list('list_mcp_servers', {
    description: 'List the MCP servers that are registered for OAuth, with the metadata that each must publish.',
    of: { resources: McpServer },
    pages: 30,
    run: ({ page }, { api }) => api.get(path`/resources`, { resource_type: 'MCP_SERVER', ...page }),
  }),

  t.add('register_mcp_server', {
    title: 'Register an MCP server',
    description:
      'Register an MCP server, to protect it with OAuth tokens of Scalekit. It must then publish protected_metadata at protected_metadata_uri.',
    input: { name, url, ...settings },
    output,
    run: (args, { api }) => api.post(path`/resources`, { resource_type: 'MCP_SERVER', ...toResource(args) }),
  }),

  t.overwrite('update_mcp_server', {
    title: 'Change an MCP server',
    description:
      'Change a registered MCP server: name, URL, lifetime of tokens, login provider. What is left out stays.',
    input: { id, name: name.optional(), url: url.optional(), ...settings },
    output,
    run({ id, ...changes }, { api }) {
      const resource = toResource(changes);
      if (Object.values(resource).some((value) => value !== undefined)) {
        return api.patch(path`/resources/${id}`, resource);
      }
      throw new ToolError('invalid_arguments', 'Nothing to change: give at least one argument beside id.');
    },
  }),

  t.destroy('switch_mcp_auth_to_scalekit', {
    title: 'Switch MCP auth to Scalekit',
    description:
      'Switch the login of an MCP server to Scalekit, which signs its users in from then on; its own auth provider is removed.',
    input: { id },
    shows: { resource: McpServer },
    stopsWorking: 'Sign-in to this MCP server through its provider: users sign in with Scalekit from then on.',
    show: ({ id }, { api }) => api.get(path`/resources/${id}`),
    output,
    run: ({ id }, { api }) => api.put(path`/resources/${id}/provider:delete`),
  }),
]);

interface Settings {
  readonly name?: string | undefined;
  readonly url?: string | undefined;
  readonly description?: string | undefined;
  readonly access_token_expiry?: number | undefined;
  readonly provider?: string | undefined;
  readonly use_scalekit_authentication?: boolean | undefined;
}

/** Converts the arguments to the API's members. For Scalekit's own sign-in the API expects an empty provider. */
function toResource(args: Settings): Body {
  return {
    name: args.name,
    description: args.description,
    resource_id: args.url,
    access_token_expiry: args.access_token_expiry?.toString(),
    provider: providerOf(args),
  };
}

/** The API's provider: `undefined` leaves it as it is, "" removes it. An empty argument counts as left out. */
function providerOf({ provider, use_scalekit_authentication: useScalekit }: Settings): string | undefined {
  const named = provider === '' ? undefined : provider;
  if (useScalekit === undefined || useScalekit === (named === undefined)) return useScalekit ? '' : named;
  const message = useScalekit
    ? 'Either Scalekit signs users in or a provider does: leave provider out, or set use_scalekit_authentication to false.'
    : 'With use_scalekit_authentication false, provider must be the key_id of a connection of the environment.';
  throw new ToolError('invalid_arguments', message, {
    field: 'provider',
    ...(!useScalekit && { nextTool: 'list_environment_connections' }),
  });
}
