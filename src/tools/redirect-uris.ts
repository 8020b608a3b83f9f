import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { ToolError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { defineTool } from '../core/tool.ts';
import type { EnvironmentClient } from '../platform/entities/environment-client.ts';
import { findEnvironmentClient, readClient } from '../platform/environment-client.ts';
import { path } from '../platform/path.ts';
import { lostUpdate, readBack } from '../platform/read-back.ts';
import { isRedirectUri } from '../platform/uri.ts';
import { getEnvironmentCredentials } from './credentials.ts';
import { cuttable } from './fields/fields.ts';

/** The API's own maximum of callback URLs. For the other list it names none. */
const MAX_CALLBACKS = 5;

const uri = z
  .string()
  .max(256)
  .refine(
    isRedirectUri,
    'must be an https URL, an http one on localhost, or a URI with the scheme of an app, without credentials and fragment',
  );
/** Without rules: what is listed must be removable, whatever it is. */
const listedUri = z.string().describe('As list_redirect_uris shows it');

const uris = {
  client_id: z.string(),
  post_login_uris: z.array(z.string()).describe('Callbacks: where logins may return to'),
  post_logout_redirect_uris: z.array(z.string()),
  back_channel_logout_uris: z.array(z.string()),
  initiate_login_uri: z.string().describe('Empty: none'),
};

/** What all of these tools have in common; those that write yield what is there afterwards. */
const reading = {
  place: 'environment',
  scope: 'environment:read',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  output: z.object({ ...uris, ...cuttable }),
} as const;
const writing = {
  ...reading,
  scope: 'environment:write',
  effect: 'overwrite',
  output: z.object({ ...uris, ...cuttable, changed: z.boolean().describe('false: it was so already') }),
} as const;

const listRedirectUris = defineTool({
  ...reading,
  name: 'list_redirect_uris',
  title: 'List redirect URIs',
  description:
    'Show where an environment may send browsers: callback and post-logout URIs, and the initiate-login URI.',
  input: {},
  run: async (_args, { api }) => show(await findEnvironmentClient(api)),
});

const addRedirectUri = defineTool({
  ...writing,
  name: 'add_redirect_uri',
  title: 'Add a redirect URI',
  description: 'Allow a callback URI in an environment. It can have five.',
  effect: 'add',
  input: { uri },
  run: (args, { api }) => add(api, 'post_login_uris', args.uri),
});

const removeRedirectUri = defineTool({
  ...writing,
  name: 'remove_redirect_uri',
  title: 'Remove a redirect URI',
  description: 'Stop allowing a callback URI: logins that return to it then fail.',
  input: { uri: listedUri },
  run: (args, { api }) => remove(api, 'post_login_uris', args.uri),
});

const setInitiateLoginUri = defineTool({
  ...writing,
  name: 'set_initiate_login_uri',
  title: 'Set the initiate-login URI',
  description: 'Set where logins that start outside of the application are sent, for instance at an identity provider.',
  input: { uri },
  run: (args, { api }) => setInitiateLogin(api, args.uri),
});

const removeInitiateLoginUri = defineTool({
  ...writing,
  name: 'remove_initiate_login_uri',
  title: 'Remove the initiate-login URI',
  description: 'Clear the initiate-login URI: logins that start outside of the application then fail.',
  input: {},
  run: (_args, { api }) => setInitiateLogin(api, ''),
});

const addPostLogoutRedirectUri = defineTool({
  ...writing,
  name: 'add_post_logout_redirect_uri',
  title: 'Add a post-logout URI',
  description: 'Allow a URI to which people may be sent after logout.',
  effect: 'add',
  input: { uri },
  run: (args, { api }) => add(api, 'post_logout_redirect_uris', args.uri),
});

const removePostLogoutRedirectUri = defineTool({
  ...writing,
  name: 'remove_post_logout_redirect_uri',
  title: 'Remove a post-logout URI',
  description: 'Stop allowing a URI to which people are sent after logout.',
  input: { uri: listedUri },
  run: (args, { api }) => remove(api, 'post_logout_redirect_uris', args.uri),
});

type List = 'post_login_uris' | 'post_logout_redirect_uris';

async function add(api: Api, list: List, added: string) {
  const client = await current(api);
  const before = client[list] ?? [];
  if (before.includes(added)) return { ...show(client), changed: false };
  if (list === 'post_login_uris' && before.length >= MAX_CALLBACKS) {
    throw new ToolError(
      'invalid_request',
      `An environment can have at most ${MAX_CALLBACKS} callback URIs, and this one has as many. Remove one first.`,
      { field: 'uri', nextTool: 'list_redirect_uris' },
    );
  }
  return write(api, client.id, { [list]: [...before, added] }, (now) => {
    if (!now[list]?.includes(added)) return 'The URI that this call added is missing again.';
    return keeps(now[list], before) ? undefined : 'Another URI vanished while this call added its own.';
  });
}

async function remove(api: Api, list: List, removed: string) {
  const client = await current(api);
  const before = client[list] ?? [];
  if (!before.includes(removed)) throw nothingToRemove({ field: 'uri', nextTool: 'list_redirect_uris' });
  const rest = before.filter((entry) => entry !== removed);
  return write(api, client.id, { [list]: rest }, (now) => {
    if (now[list]?.includes(removed)) return 'The URI that this call removed is there again.';
    return keeps(now[list], rest) ? undefined : 'Another URI vanished while this call removed its own.';
  });
}

/** An empty value clears the setting; one that is left out would not. */
async function setInitiateLogin(api: Api, wanted: string) {
  const client = await current(api);
  const before = client.initiate_login_uri ?? '';
  if (before === '' && wanted === '') throw nothingToRemove({});
  if (before === wanted) return { ...show(client), changed: false };
  return write(api, client.id, { initiate_login_uri: wanted }, (now) =>
    (now.initiate_login_uri ?? '') === wanted ? undefined : 'The URI is another one than this call has set.',
  );
}

/** The client as it is right before a write: what a list shows of it may be less than the whole. */
async function current(api: Api): Promise<EnvironmentClient> {
  const { id } = await findEnvironmentClient(api);
  return readClient(api, id);
}

/**
 * Writes, then looks whether it stands.
 * @param lost what is wrong with the client as it is afterwards
 */
async function write(api: Api, id: string, change: JsonObject, lost: (now: EnvironmentClient) => string | undefined) {
  await api.patch(path`/clients/${id}`, change);
  const now = await readBack(readClient(api, id), 'list_redirect_uris');
  const loss = lost(now);
  if (loss !== undefined) throw lostUpdate(loss, 'list_redirect_uris');
  return { ...show(now), changed: true };
}

function keeps(now: readonly string[] | null | undefined, wanted: readonly string[]): boolean {
  return wanted.every((entry) => now?.includes(entry));
}

function nothingToRemove(recovery: { readonly field?: string; readonly nextTool?: string }): ToolError {
  return new ToolError('not_found', 'There is no such URI in this environment, so that nothing was removed.', recovery);
}

function show(client: EnvironmentClient) {
  return {
    client_id: client.id,
    post_login_uris: client.post_login_uris ?? [],
    post_logout_redirect_uris: client.post_logout_redirect_uris ?? [],
    back_channel_logout_uris: client.back_channel_logout_uris ?? [],
    initiate_login_uri: client.initiate_login_uri ?? '',
  };
}

export const redirectUrisTools = [
  getEnvironmentCredentials,
  listRedirectUris,
  addRedirectUri,
  removeRedirectUri,
  setInitiateLoginUri,
  removeInitiateLoginUri,
  addPostLogoutRedirectUri,
  removePostLogoutRedirectUri,
];
