import { z } from 'zod';
import { also, given, sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import {
  changeClient,
  clientPath,
  createClient,
  readAppClient,
  refuseLoginOfEnvironment,
  secretsOfClient,
  showDeletedClient,
} from '../platform/app-client.ts';
import { canonicalCidr } from '../platform/cidr.ts';
import {
  createSecret,
  deactivateSecret,
  deleteSecret,
  showDeletedSecret,
  showSecret,
} from '../platform/client-secrets.ts';
import { AppClient, ClientSecret } from '../platform/entities/environment-client.ts';
import { findCredentials } from '../platform/environment-client.ts';
import { exact, trimmed } from '../platform/exact.ts';
import { isOwn, refuseOwnClient, refuseOwnLockOut, refuseOwnSecret } from '../platform/own-client.ts';
import { path } from '../platform/path.ts';
import { secretId } from './fields/ids.ts';
import { SECRET_NOTE } from './fields/notes.ts';
import { secretOutput } from './fields/secrets.ts';
import { claimChanges, claims, shownName } from './fields/texts.ts';
import { uri } from './fields/uris.ts';

const clientId = trimmed(z.string())
  .refine(
    (id) => /^(?:[a-z]+_)?skc_\w{1,24}$/.test(id),
    'must look like skc_1234; clients of organizations have tools of their own',
  )
  .describe('From list_environment_clients');
const output = { client: AppClient };

const texts = z.array(exact(z.string().trim().min(1)));
const range = trimmed(z.string())
  .overwrite((text) => canonicalCidr(text) ?? text)
  .refine(
    (text) => canonicalCidr(text) !== undefined,
    'must be a range given by its first address, such as 203.0.113.0/24',
  )
  .refine((text) => !text.endsWith('/0'), 'must not hold every address: leave the list empty for that');
const settings = {
  redirectUris: z.array(uri).max(5).optional().describe('Callbacks after login, 5 at most'),
  postLogoutRedirectUris: z.array(uri).optional(),
  initiateLoginUri: uri.optional().describe('The application’s login path'),
  grantTypes: z
    .array(z.enum(['authorization_code', 'refresh_token', 'client_credentials']))
    .min(1)
    .optional(),
  scopes: texts.optional().describe('Names from list_environment_scopes'),
  accessTokenExpirySeconds: z.int().min(1).optional(),
  enforcePkce: z.boolean().optional(),
  disallowScalekitApiAccess: z.boolean().optional().describe('true: it cannot call Scalekit’s own API'),
  ipAllowlist: z
    .array(range)
    .optional()
    .describe(
      'For ENV and WEB_APP: CIDR ranges from which alone it gets and uses tokens by itself. Empty: from everywhere',
    ),
};

/** The settings of a client in words, for the sentence that says what a call does. */
const inWords = (
  wanted: {
    readonly [Name in keyof typeof settings]?: z.output<(typeof settings)[Name]> | undefined;
  },
) => ({
  callbacks: wanted.redirectUris,
  'post-logout URIs': wanted.postLogoutRedirectUris,
  'initiate-login URI': wanted.initiateLoginUri,
  grants: wanted.grantTypes,
  scopes: wanted.scopes,
  'token lifetime in seconds': wanted.accessTokenExpirySeconds,
  PKCE: wanted.enforcePkce,
  'no access to Scalekit’s API': wanted.disallowScalekitApiAccess,
  'allowed addresses': wanted.ipAllowlist?.length === 0 ? 'all' : wanted.ipAllowlist,
});

const usedHere = z.boolean().describe('Whether this server itself signs in with this client, with another secret');
const secretPreview = {
  ...output,
  secret_detail: ClientSecret,
  active_others: z.int().describe('How many stay good'),
  client_used_by_this_server: usedHere,
};

/** The clients through which applications reach an environment. */
export const environmentClients = toolset('environment_clients', { area: 'environment' }, (t) => [
  t.read('get_environment_credentials', {
    foundBy:
      'client credentials, client id and secret of the environment, API keys, env file, environment URL, keys for the SDK, what do I put into my configuration',
    description:
      'Show the API credentials of an application: URL, client id, how its secrets end, a .env file. A secret is shown once, when it is made; replace a lost one.',
    output: {
      environment_url: z.string(),
      client_id: z.string(),
      secrets: z.array(ClientSecret),
      env_file: z.string().describe('Lines for a .env file; the secret is left for the person to fill in'),
    },
    async run(_args, { api, environmentUrl }) {
      const [url, { id, secrets }] = await Promise.all([environmentUrl(), findCredentials(api)]);
      return { environment_url: url, client_id: id, secrets: secrets ?? [], env_file: envFile(url, id) };
    },
  }),

  t.list('list_environment_clients', {
    title: 'List clients of an environment',
    foundBy:
      'which applications can log in, OAuth apps, registered applications, which machines or programs have access',
    description:
      'List the OAuth clients (applications: web, SPA, native) of an environment: callbacks, grants, PKCE, IP allowlist, secrets by their ends.',
    rare: true,
    of: { clients: AppClient },
    pages: 30,
    input: {
      clientType: z.enum(['ENV', 'WEB_APP', 'SPA', 'NTV']).optional().describe('ENV: the environment’s own'),
      clientId: clientId.optional().describe('skc_…, to show one'),
    },
    async run({ clientType = 'ALL', clientId, page }, { api }) {
      if (clientId === undefined) return api.get(path`/clients`, { 'filter.client_type': clientType, ...page });
      const { client } = await readAppClient(api, clientId);
      return { clients: [client], total_size: 1 };
    },
  }),

  t.add('create_environment_client', {
    title: 'Create a client in an environment',
    foundBy: 'register a web, single-page or mobile app, credentials for another application, client for a backend job',
    description:
      'Create an OAuth client for another application: web (WEB_APP; needs create_client_secret next), single-page (SPA) or native, mobile (NTV).',
    rare: true,
    input: {
      name: shownName(128),
      clientType: z.enum(['WEB_APP', 'SPA', 'NTV']),
      ...settings,
      customClaims: claims,
    },
    output,
    does: ({ name, clientType, customClaims, ...wanted }) =>
      sentence`Create the client ${name} of type ${clientType}${also({ ...inWords(wanted), claims: customClaims })}.`,
    run: ({ clientType, ...wanted }, { api }) => createClient(api, clientType, wanted),
  }),

  t.overwrite('update_environment_client', {
    title: 'Change a client of an environment',
    foundBy:
      'require PKCE of an application, IP allowlist of an application, rename an application, token lifetime of an app',
    description:
      'Change an OAuth client: name, PKCE, grants, callbacks, token lifetime, IP allowlist. A list replaces the one before; what is left out stays.',
    rare: true,
    input: { clientId, name: shownName(128).optional(), ...settings, customClaims: claimChanges },
    output,
    does: ({ clientId, name, customClaims, ...wanted }) =>
      sentence`Change the client ${clientId}, lists as a whole: ${given({ name, ...inWords(wanted), claims: customClaims })}.`,
    run: ({ clientId, ...changes }, { api, ownClient }) => {
      refuseOwnLockOut(ownClient, clientId, changes);
      return changeClient(api, clientId, changes, (client) => refuseLoginOfEnvironment(client, changes));
    },
  }),

  t.remove('delete_environment_client', {
    title: 'Delete a client of an environment',
    foundBy: 'remove an application, app was shut down',
    description:
      'Delete an OAuth client (application) for good, with its secrets. The environment’s own cannot be deleted.',
    rare: true,
    input: { clientId },
    shows: output,
    stopsWorking: 'Logins to this application, and whatever signs in with its secrets.',
    does: ({ clientId }) => sentence`Delete the client ${clientId} for good, with its secrets.`,
    show: ({ clientId }, { api, ownClient }) => {
      refuseOwnClient(ownClient, clientId);
      return showDeletedClient(api, clientId);
    },
    at: ({ clientId }) => clientPath(clientId),
    listedBy: 'list_environment_clients',
  }),

  t.add('create_client_secret', {
    title: 'Create a client secret',
    foundBy: 'new client secret, rotate, roll, leaked client secret of the environment, second secret, lost the secret',
    description:
      'Create another client secret for an application (API credentials), to rotate the one before: both work until that is deleted. Shown once.',
    rare: true,
    discloses: ['plain_secret'],
    input: { clientId },
    output: secretOutput,
    does: ({ clientId }) => sentence`Create another secret for the client ${clientId}, and show it.`,
    run: async ({ clientId }, { api }) => ({
      ...(await createSecret(api, secretsOfClient(api, clientId))),
      note: SECRET_NOTE,
    }),
  }),

  t.destroy('deactivate_client_secret', {
    title: 'Deactivate a client secret',
    foundBy: 'stop a secret from working, leaked secret, pause a secret',
    description: 'Deactivate (switch off, disable) a client secret of an application without deleting it.',
    rare: true,
    input: { clientId, secretId },
    shows: secretPreview,
    stopsWorking: 'Whatever signs in with this secret gets no more tokens; those that it has end by themselves.',
    does: ({ clientId, secretId }) => sentence`Deactivate the secret ${secretId} of the client ${clientId}.`,
    show: async ({ clientId, secretId }, { api, ownClient }) => {
      const { others: _, ...shown } = await showSecret(secretsOfClient(api, clientId), secretId);
      refuseOwnSecret(ownClient, clientId, shown.secret_detail.secret_suffix);
      return { ...shown, client_used_by_this_server: isOwn(ownClient, clientId) };
    },
    output: { secret_detail: ClientSecret },
    run: ({ clientId, secretId }, { api }) => deactivateSecret(api, secretsOfClient(api, clientId), secretId),
  }),

  t.destroy('delete_client_secret', {
    title: 'Delete a client secret',
    foundBy: 'remove an old or leaked secret, secret after rotation',
    description: 'Delete (revoke, rotate out) a client secret of an application for good. The last one stays.',
    rare: true,
    input: { clientId, secretId },
    shows: secretPreview,
    stopsWorking: 'Whatever signs in with this secret gets no more tokens; those that it has end by themselves.',
    does: ({ clientId, secretId }) => sentence`Delete the secret ${secretId} of the client ${clientId} for good.`,
    show: async ({ clientId, secretId }, { api, ownClient }) => {
      const shown = await showDeletedSecret(secretsOfClient(api, clientId), secretId);
      refuseOwnSecret(ownClient, clientId, shown.secret_detail.secret_suffix);
      return { ...shown, client_used_by_this_server: isOwn(ownClient, clientId) };
    },
    output: { deleted_id: z.string() },
    run: ({ clientId, secretId }, { api }) => deleteSecret(api, secretsOfClient(api, clientId), secretId),
  }),
]);

/** The content of a `.env` file, with the names that Scalekit's documentation and SDK examples use. */
function envFile(url: string, clientId: string): string {
  const lines = [`SCALEKIT_ENVIRONMENT_URL=${url}`, `SCALEKIT_CLIENT_ID=${clientId}`, 'SCALEKIT_CLIENT_SECRET='];
  return lines.map((line) => `${line}\n`).join('');
}
