import { z } from 'zod';
import { ToolError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { defineTool } from '../core/tool.ts';
import { McpServer } from '../platform/entities/mcp-server.ts';
import { path } from '../platform/path.ts';
import { isWebUrl } from '../platform/uri.ts';
import { cuttable, pageInfo, pageQuery, paging } from './fields/fields.ts';

const id = z
  .string()
  .refine((value) => /^(res|app)_\w{1,28}$/.test(value), 'must look like res_1234 or app_1234')
  .describe('From list_mcp_servers');
const name = z.string().trim().min(1).max(128);
const url = z
  .string()
  .max(512)
  .refine(isWebUrl, 'must be an https URL, or an http one on localhost, without credentials and fragment')
  .describe('Audience of its tokens');

/** What may be left out in both tools. */
const settings = {
  description: z.string().max(512).optional(),
  access_token_expiry: z.int().min(1).optional().describe('Seconds; 300 to 3600 are usual'),
  provider: z.string().trim().max(512).optional().describe('key_id of a connection'),
  use_scalekit_authentication: z.boolean().optional().describe('false: provider signs users in'),
};

const answer = z.object({ resource: McpServer, ...cuttable });

const listMcpServers = defineTool({
  name: 'list_mcp_servers',
  title: 'List MCP servers',
  description: 'List the MCP servers registered in an environment, with the metadata that each must publish.',
  place: 'environment',
  scope: 'environment:read',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  items: 'resources',
  input: paging(30),
  output: z.object({ resources: z.array(McpServer), ...pageInfo }),
  run: (page, { api }) => api.get(path`/resources`, { resource_type: 'MCP_SERVER', ...pageQuery(page) }),
});

const registerMcpServer = defineTool({
  name: 'register_mcp_server',
  title: 'Register an MCP server',
  description:
    'Register an MCP server, so that Scalekit issues tokens for it. The server must then publish protected_metadata at protected_metadata_uri.',
  place: 'environment',
  scope: 'environment:write',
  effect: 'add',
  idempotent: false,
  openWorld: false,
  input: { name, url, ...settings },
  output: answer,
  run: (args, { api }) => api.post(path`/resources`, { resource_type: 'MCP_SERVER', ...toResource(args) }),
});

const updateMcpServer = defineTool({
  name: 'update_mcp_server',
  title: 'Change an MCP server',
  description: 'Change a registered MCP server. What is left out stays as it is, its provider included.',
  place: 'environment',
  scope: 'environment:write',
  effect: 'overwrite',
  idempotent: true,
  openWorld: false,
  input: { id, name: name.optional(), url: url.optional(), ...settings },
  output: answer,
  run: ({ id: server, ...changes }, { api }) => {
    const resource = toResource(changes);
    if (Object.keys(resource).length > 0) return api.patch(path`/resources/${server}`, resource);
    throw new ToolError('invalid_arguments', 'Nothing to change: give at least one argument beside id.');
  },
});

const switchMcpAuthToScalekit = defineTool({
  name: 'switch_mcp_auth_to_scalekit',
  title: 'Switch MCP auth to Scalekit',
  description: 'Let Scalekit sign in the users of an MCP server; its provider is removed.',
  place: 'environment',
  scope: 'environment:write',
  effect: 'overwrite',
  idempotent: true,
  openWorld: false,
  input: { id },
  output: answer,
  run: (args, { api }) => api.put(path`/resources/${args.id}/provider:delete`),
});

interface Settings {
  readonly name?: string | undefined;
  readonly url?: string | undefined;
  readonly description?: string | undefined;
  readonly access_token_expiry?: number | undefined;
  readonly provider?: string | undefined;
  readonly use_scalekit_authentication?: boolean | undefined;
}

/** What is named, in the API's terms. The API has no switch for its own sign-in: that is an empty provider. */
function toResource(args: Settings): JsonObject {
  const provider = providerOf(args);
  return {
    ...(args.name !== undefined && { name: args.name }),
    ...(args.description !== undefined && { description: args.description }),
    ...(args.url !== undefined && { resource_id: args.url }),
    ...(args.access_token_expiry !== undefined && { access_token_expiry: String(args.access_token_expiry) }),
    ...(provider !== undefined && { provider }),
  };
}

/** `undefined` leaves the provider as it is, "" removes it. An empty argument is one that was left out. */
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

export const mcpServersTools = [listMcpServers, registerMcpServer, updateMcpServer, switchMcpAuthToScalekit];
