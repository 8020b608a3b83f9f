import { z } from 'zod';
import { ToolError } from '../core/errors.ts';
import { later } from '../core/later.ts';
import { also, given, sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { Finding, Publish } from '../diagnosis/finding.ts';
import { DependentClients, DependentConsents } from '../platform/entities/dependents.ts';
import { ListedMcpServer, McpServer } from '../platform/entities/mcp-server.ts';
import { exact } from '../platform/exact.ts';
import { showMcpServer } from '../platform/mcp-dependents.ts';
import { checkDiscovery, DiscoveryAttempt, DiscoveryProblem } from '../platform/mcp-discovery.ts';
import {
  changeMcpServer,
  registerMcpServer,
  setClientPolicy,
  switchToScalekit,
  withEnabledScopes,
} from '../platform/mcp-server.ts';
import { path } from '../platform/path.ts';
import { webUrl } from '../platform/uri.ts';
import { mcpServerId as id } from './fields/ids.ts';
import { limited, shownName } from './fields/texts.ts';
import { shown } from './fields/uris.ts';

const diagnosis = later(() => import('../diagnosis/mcp-server/diagnose.ts'));
const name = shownName(128);

/** The optional arguments of both tools. */
const settings = {
  url: shown(limited(webUrl(), 512)).optional().describe('Audience of its tokens'),
  description: limited(z.string().trim(), 512).optional(),
  access_token_expiry: z.int().min(1).optional().describe('Seconds; 300 to 3600 are usual'),
  refreshTokenExpiry: z.int().min(1).optional().describe('Seconds'),
  logoUri: limited(webUrl(), 512).optional(),
  scopes: z
    .array(exact(z.string().min(1)))
    .optional()
    .describe('Names of all to enable'),
  enableCimd: z.boolean().optional().describe('Client ID metadata documents'),
  disableDynamicClientRegistration: z.boolean().optional(),
  xaaEnabled: z.boolean().optional().describe('Cross-app access'),
  intersectScopesUserPermission: z.boolean().optional(),
  provider: exact(limited(z.string().trim(), 512)).optional().describe('key_id of a connection'),
  use_scalekit_authentication: z.boolean().optional().describe('false: provider signs users in'),
};

const output = { resource: McpServer };

/** The MCP servers that Scalekit issues tokens for. */
export const mcpServers = toolset('mcp_servers', { area: 'environment' }, (t) => [
  t.list('list_mcp_servers', {
    foundBy: 'our MCP servers, which servers are protected, all servers with OAuth',
    description: 'List the MCP servers that are registered for OAuth, with the metadata that each must publish.',
    of: { resources: ListedMcpServer },
    pages: 30,
    run: async ({ page }, { api }) =>
      withEnabledScopes(await api.get(path`/resources`, { resource_type: 'MCP_SERVER', ...page })),
  }),

  t.read('get_mcp_server', {
    title: 'Get an MCP server',
    foundBy: 'settings of one MCP server, scopes of an MCP server, resource id, token lifetime of a server',
    description:
      'Show one MCP server: URL, login, lifetimes of tokens, every scope and whether it is enabled there, metadata to publish.',
    rare: true,
    input: { id },
    output,
    run: ({ id }, { api }) => api.get(path`/resources/${id}`),
  }),

  t.read('check_mcp_server_discovery', {
    title: 'Check the discovery of an MCP server',
    foundBy: 'why clients do not find OAuth metadata, well-known, is the server discoverable',
    description:
      'Check why clients cannot find or sign in to an MCP server: OAuth metadata, issuer, PKCE, registration. Looks at Scalekit, not at the server.',
    rare: true,
    openWorld: true, // asks for what the environment publishes, as a client would
    input: { id },
    output: {
      ok: z.boolean(),
      authorization_server: z.string(),
      documents: z.array(DiscoveryAttempt).describe('Where its metadata were looked for; one place is enough'),
      problems: z.array(DiscoveryProblem),
      check_yourself: z
        .string()
        .optional()
        .describe('Where the server must publish protected_metadata of get_mcp_server'),
    },
    run: ({ id }, context) => checkDiscovery(context, id),
  }),

  t.read('diagnose_mcp_server', {
    title: 'Diagnose an MCP server',
    foundBy:
      'MCP server does not work, 401, cannot connect, broken, troubleshoot, Claude or Cursor cannot log in to my server, no refresh token, does our server follow the specification',
    description:
      'Find out why clients cannot connect or sign in to an MCP server: asks it as they do, and tells what breaks whom and what to publish.',
    openWorld: true, // asks the server and its authorization server, as a client would
    patient: true,
    input: { id: id.optional(), url: limited(webUrl(), 512).optional().describe('In place of id') },
    output: {
      url: z.string(),
      registered: z.object({ id: z.string(), name: z.string().optional() }).optional(),
      healthy: z.boolean().describe('Nothing failed; findings may warn'),
      findings: z.array(Finding).describe('What did not pass, the gravest first'),
      passed: z.array(z.string()),
      publish: Publish.optional(),
      after_a_change: z
        .array(z.object({ client: z.string(), do: z.string() }))
        .describe('What clients keep, and how they forget it'),
      truncated: z.boolean().optional(),
    },
    run: async ({ id, url }, context) => (await diagnosis()).diagnoseMcpServer(context, oneOf(id, url)),
  }),

  t.add('register_mcp_server', {
    title: 'Register an MCP server',
    foundBy:
      'protect, secure, add OAuth or authentication to my MCP server, put a login in front of my server, new MCP server',
    description:
      'Register an MCP server, to protect it with OAuth tokens of Scalekit. It must then publish protected_metadata at protected_metadata_uri.',
    input: { name, ...settings },
    does: ({ name, ...settings }) => sentence`Register the MCP server ${name}${also(settings)}.`,
    output,
    run: (args, { api }) => registerMcpServer(api, args),
  }),

  t.overwrite('update_mcp_server', {
    title: 'Change an MCP server',
    foundBy: 'MCP server has a new address, require a scope at a server, rename a server, shorter tokens for a server',
    description:
      'Change a registered MCP server: name, URL, scopes, lifetime of tokens, login provider. What is left out stays.',
    input: { id, name: name.optional(), ...settings },
    does: ({ id, ...changes }) => sentence`Change the MCP server ${id}: ${given(changes)}.`,
    output,
    run: ({ id, ...changes }, { api }) => changeMcpServer(api, id, changes),
  }),

  t.overwrite('set_mcp_server_client_policy', {
    title: 'Set the client policy of an MCP server',
    foundBy: 'allow only Claude or known clients, CIMD allowlist, block unknown clients, optional scopes at consent',
    description:
      'Set which clients with a metadata document (CIMD) may sign in to an MCP server: an allowlist. And whether people may untick scopes.',
    rare: true,
    input: {
      id,
      onlyAllowedClients: z.boolean().optional().describe('false: every client with such a document'),
      allowedClients: z
        .array(
          z.object({
            type: z.enum(['PREDEFINED', 'URL']),
            value: shown(exact(limited(z.string().trim().min(1), 2048))),
          }),
        )
        .max(20)
        .optional()
        .describe(
          'Replaces the list, 20 at most. Of type PREDEFINED the value is a vendor, such as CLAUDE; of type URL https, with a path or one * at the end',
        ),
      peopleMayLeaveOutScopes: z.boolean().optional().describe('At the consent screen'),
    },
    does: ({ id, onlyAllowedClients, allowedClients, peopleMayLeaveOutScopes }) =>
      sentence`Set the client policy of the MCP server ${id}: ${given({ 'only allowed clients': onlyAllowedClients, 'allowed clients, in the place of all before,': allowedClients, 'people may leave out scopes': peopleMayLeaveOutScopes })}.`,
    output,
    run: ({ id, ...policy }, { api }) => setClientPolicy(api, id, policy),
  }),

  t.destroy('switch_mcp_auth_to_scalekit', {
    title: 'Switch MCP auth to Scalekit',
    foundBy: 'use Scalekit login, move from Auth0 or our own auth server, replace the authorization server',
    description:
      'Switch the login of an MCP server to Scalekit, which signs its users in from then on; its own auth provider is removed.',
    input: { id },
    does: ({ id }) => sentence`Let Scalekit sign in the users of the MCP server ${id}, in place of its own provider.`,
    shows: { resource: McpServer },
    stopsWorking: 'Sign-in to this MCP server through its provider: users sign in with Scalekit from then on.',
    show: ({ id }, { api }) => api.get(path`/resources/${id}`),
    output,
    run: ({ id }, { api }) => switchToScalekit(api, id),
  }),

  t.remove('delete_mcp_server', {
    title: 'Delete an MCP server',
    foundBy: 'unregister, MCP server was shut down, server is not needed any more',
    description: 'Delete (unregister) an MCP server for good, with its clients and what users allowed them.',
    rare: true,
    input: { id },
    shows: { resource: McpServer, clients: DependentClients, consents: DependentConsents },
    stopsWorking:
      'Sign-in to this MCP server: no client gets a token for it any more. Where you use it yourself right now, that goes too.',
    does: ({ id }) => sentence`Delete the MCP server ${id} for good, with its clients and consents.`,
    show: ({ id }, { api }) => showMcpServer(api, id),
    at: ({ id }) => path`/resources/${id}`,
    listedBy: 'list_mcp_servers',
  }),
]);

function oneOf(id: string | undefined, url: string | undefined) {
  if (id !== undefined && url === undefined) return { id };
  if (url !== undefined && id === undefined) return { url };
  throw new ToolError('invalid_arguments', 'Give either id or url.', { field: 'id', nextTool: 'list_mcp_servers' });
}
