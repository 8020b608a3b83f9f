import { z } from 'zod';
import { also, given, sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { WholeNumber } from '../core/whole-number.ts';
import { deleteSecret, showDeletedSecret } from '../platform/client-secrets.ts';
import { ClientSecret } from '../platform/entities/environment-client.ts';
import { ConsentedUser, ListedMcpClient, McpClient, McpConsent } from '../platform/entities/mcp-client.ts';
import { McpServer } from '../platform/entities/mcp-server.ts';
import { exact, trimmed } from '../platform/exact.ts';
import {
  CLIENT_KINDS,
  changeMcpClient,
  clientPath,
  createMcpClient,
  createMcpClientSecret,
  listMcpClients,
  readMcpClient,
  secretsOfMcpClient,
  showMcpClient,
} from '../platform/mcp-client.ts';
import { revokeConsent, showConsent } from '../platform/mcp-consent.ts';
import { path } from '../platform/path.ts';
import { isRedirectUri } from '../platform/uri.ts';
import { idFrom, secretId, mcpServerId as serverId } from './fields/ids.ts';
import { note, SECRET_NOTE } from './fields/notes.ts';
import { secretOutput } from './fields/secrets.ts';
import { heldText, limited, shortText, shownName } from './fields/texts.ts';
import { shown } from './fields/uris.ts';

const clientId = idFrom('m2m', 'list_mcp_server_clients');
const input = { serverId, clientId };
const name = shownName(128);

/** What can be set of a client. Lists are set as a whole. */
const settings = {
  description: shortText(512).optional(),
  scopes: z
    .array(exact(z.string().min(1)))
    .optional()
    .describe('All it may ask for, of those enabled on the server'),
  redirectUris: z
    .array(shown(limited(trimmed(z.string()), 2048).refine(isRedirectUri, 'must be a URI that browsers may be led to')))
    .optional()
    .describe('Where sign-ins may return to'),
  customClaims: z
    .record(exact(z.string().min(1).max(128)), limited(z.string(), 1024))
    .optional()
    .describe('Claims of its tokens, by name'),
  accessTokenExpiry: z.int().min(1).optional().describe('Seconds'),
};

interface Told {
  readonly description?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
  readonly redirectUris?: readonly string[] | undefined;
  readonly customClaims?: Readonly<Record<string, string>> | undefined;
  readonly accessTokenExpiry?: number | undefined;
}

const told = ({ description, scopes, redirectUris, customClaims, accessTokenExpiry }: Told) => ({
  description,
  scopes,
  'redirect URIs': redirectUris,
  claims: customClaims,
  'lifetime of tokens in seconds': accessTokenExpiry,
});

/** The clients that reach the MCP servers, and what people allowed them. */
export const mcpClients = toolset('mcp_clients', { area: 'environment', rare: true, title: 'MCP clients' }, (t) => [
  t.list('list_mcp_server_clients', {
    title: 'List clients of an MCP server',
    foundBy:
      'which agents or apps use the MCP server, connected clients, who registered at our server, is Claude or Cursor connected',
    description:
      'List the OAuth clients (apps, agents) of an MCP server: made by hand, self-registered (DCR), or by metadata document (CIMD).',
    of: { clients: ListedMcpClient },
    input: { serverId, kind: z.enum(CLIENT_KINDS).optional().describe('STATIC: made by hand') },
    run: ({ serverId, kind }, { api }) => listMcpClients(api, serverId, kind),
  }),

  t.read('get_mcp_server_client', {
    title: 'Get a client of an MCP server',
    foundBy: 'details of one app at the MCP server, redirect URIs of a client',
    description:
      'Show one OAuth client of an MCP server: scopes, redirect URIs, how its secrets end, and who gave it consent.',
    input,
    output: { client: McpClient, consented_users: z.array(ConsentedUser).nullish() },
    run: (target, { api }) => readMcpClient(api, target),
  }),

  t.add('create_mcp_server_client', {
    title: 'Create a client of an MCP server',
    foundBy: 'client with a fixed id, app cannot register itself, pre-register Claude or ChatGPT',
    description:
      'Create (pre-register) an OAuth client for an MCP server, for an agent or app that cannot register itself. Its secret is shown once.',
    discloses: ['plain_secret'],
    input: { serverId, name, ...settings },
    output: {
      client: McpClient,
      plain_secret: z.string(),
      differing: z.array(z.string()).optional().describe('Arguments that did not come true'),
      note,
    },
    does: ({ serverId, name, ...rest }) =>
      sentence`Create the client ${name} of the MCP server ${serverId}${also(told(rest))}.`,
    run: async ({ serverId, ...wanted }, { api }) => ({
      ...(await createMcpClient(api, serverId, wanted)),
      note: SECRET_NOTE,
    }),
  }),

  t.overwrite('update_mcp_server_client', {
    title: 'Change a client of an MCP server',
    foundBy: 'change what an app may do at the MCP server, new redirect URI of a client',
    description:
      'Change an OAuth client of an MCP server: name, scopes, redirect URIs, claims. Lists replace all; what is left out stays.',
    input: { ...input, name: name.optional(), ...settings },
    output: { client: McpClient },
    does: ({ serverId, clientId, name, ...rest }) =>
      sentence`Change the client ${clientId} of the MCP server ${serverId}: ${given({ name, ...told(rest) })}.`,
    run: ({ serverId, clientId, ...changes }, { api }) => changeMcpClient(api, { serverId, clientId }, changes),
  }),

  t.remove('delete_mcp_server_client', {
    title: 'Delete a client of an MCP server',
    foundBy: 'remove an app from the MCP server, unused client, unknown client',
    description: 'Delete an OAuth client of an MCP server for good, with its secrets and the consents it has.',
    input,
    shows: { client: McpClient, consented_users: z.array(ConsentedUser).nullish() },
    stopsWorking:
      'The application or agent behind this client: it gets no more tokens. One that registers itself may come back as another client.',
    does: ({ serverId, clientId }) => sentence`Delete the client ${clientId} of the MCP server ${serverId} for good.`,
    show: (target, { api }) => showMcpClient(api, target),
    at: (target) => clientPath(target),
    listedBy: 'list_mcp_server_clients',
  }),

  t.add('create_mcp_client_secret', {
    title: 'Create a secret for a client of an MCP server',
    foundBy: 'rotate, roll, leaked or lost secret of an agent',
    description:
      'Create another secret for an OAuth client of an MCP server, to rotate the one before: both work until that is deleted. Shown once.',
    discloses: ['plain_secret'],
    input,
    output: secretOutput,
    does: ({ serverId, clientId }) =>
      sentence`Create another secret for the client ${clientId} of the MCP server ${serverId}, and show it.`,
    run: async (target, { api }) => ({ ...(await createMcpClientSecret(api, target)), note: SECRET_NOTE }),
  }),

  t.destroy('delete_mcp_client_secret', {
    title: 'Delete a secret of a client of an MCP server',
    foundBy: 'revoke an old or leaked secret of an agent at the MCP server',
    description: 'Delete (revoke, rotate out) one secret of an OAuth client of an MCP server. The last one stays.',
    input: { ...input, secretId },
    shows: { client: McpClient, secret_detail: ClientSecret, active_others: z.int().describe('How many stay good') },
    stopsWorking: 'Whatever signs in with this secret gets no more tokens; those that it has end by themselves.',
    does: ({ serverId, clientId, secretId }) =>
      sentence`Delete the secret ${secretId} of the client ${clientId} of the MCP server ${serverId} for good.`,
    show: ({ secretId, ...target }, { api }) => showDeletedSecret(secretsOfMcpClient(api, target), secretId),
    output: { deleted_id: z.string() },
    run: ({ secretId, ...target }, { api }) => deleteSecret(api, secretsOfMcpClient(api, target), secretId),
  }),

  t.list('list_mcp_user_consents', {
    title: 'List user consents of an MCP server',
    foundBy: 'which apps did users allow, who lets an app act for them',
    description: 'List which users gave consent to which clients at an MCP server, and for which scopes.',
    of: { consents: McpConsent },
    pages: 30,
    input: { serverId, search: heldText(255).optional().describe('Part of your id of a user') },
    run: ({ serverId, search, page }, { api }) =>
      api.get(path`/user_consents`, { resource_id: serverId, search, ...page }),
  }),

  t.destroy('revoke_mcp_user_consent', {
    title: 'Revoke a user consent',
    foundBy: "withdraw what a user allowed a client, user no longer trusts an app, take an app's access for one user",
    description:
      'Revoke the consent of a user to a client at an MCP server. Refresh ends at once, access as soon as its tokens run out.',
    input: {
      serverId,
      clientId,
      consentId: idFrom('usrcnst', 'list_mcp_user_consents'),
      externalUserId: heldText(255).optional().describe('Of the consent; finds it sooner among very many'),
    },
    shows: { consent: McpConsent, resource: McpServer.pick({ id: true, name: true, access_token_expiry: true }) },
    stopsWorking:
      'Access of this client as this user, once its tokens expire (access_token_expiry, in seconds); its next sign-in asks the user again.',
    does: ({ serverId, clientId, consentId }) =>
      sentence`Revoke the consent ${consentId} to the client ${clientId} at the MCP server ${serverId}.`,
    show: ({ externalUserId: search, ...target }, { api }) => showConsent(api, { ...target, search }),
    output: {
      revoked_id: z.string(),
      access_ends_within_seconds: WholeNumber.nullish().describe('Tokens issued before are good until then'),
    },
    run: ({ externalUserId: search, ...target }, { api }) => revokeConsent(api, { ...target, search }),
  }),
]);
