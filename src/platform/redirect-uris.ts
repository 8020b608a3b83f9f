import type { Api, Body } from '../core/api.ts';
import { ToolError } from '../core/errors.ts';
import type { EnvironmentClient } from './entities/environment-client.ts';
import { findEnvironmentClient, readClient } from './environment-client.ts';
import { path } from './path.ts';
import { LostUpdate, readBack } from './read-back.ts';

/** The API's maximum number of callback URIs. The other list has no documented maximum. */
const MAX_CALLBACKS = 5;

/** A list of URIs of the environment's own client. */
type UriList = 'post_login_uris' | 'post_logout_redirect_uris';

/** The URIs to which an environment may redirect browsers. */
interface RedirectUris {
  readonly client_id: string;
  readonly post_login_uris: readonly string[];
  readonly post_logout_redirect_uris: readonly string[];
  readonly back_channel_logout_uris: readonly string[];
  /** Empty: none. */
  readonly initiate_login_uri: string;
}

/** The same after a write. `changed` is false when the write was not necessary. */
interface WrittenUris extends RedirectUris {
  readonly changed: boolean;
}

/**
 * Reads the redirect URIs of an environment.
 * @throws ToolError `not_found` when the environment has no client of its own
 */
export async function readUris(api: Api): Promise<RedirectUris> {
  return shown(await findEnvironmentClient(api));
}

/**
 * Adds a URI to a list.
 * @throws ToolError `invalid_request` when the list is full, `conflict` when another client has written at the same
 *   time
 */
export async function addUri(api: Api, list: UriList, added: string): Promise<WrittenUris> {
  const client = await current(api);
  const before = client[list] ?? [];
  if (before.includes(added)) return { ...shown(client), changed: false };
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

/** Finds the entry of a list that is to be removed. */
type Find = (uris: readonly string[]) => string | undefined;

/**
 * Shows what removing a URI from a list would leave.
 * @throws ToolError `not_found` when it is not in the list
 */
export async function showRemoval(api: Api, list: UriList, find: Find) {
  const client = await current(api);
  const { removed, rest } = without(client[list], find);
  return { client_id: client.id, uri: removed, remaining: rest };
}

/**
 * Removes a URI from a list.
 * @throws ToolError `not_found` when it is not in the list, `conflict` when another client has written at the same time
 */
export async function removeUri(api: Api, list: UriList, find: Find): Promise<WrittenUris> {
  const client = await current(api);
  const { removed, rest } = without(client[list], find);
  return write(api, client.id, { [list]: rest }, (now) => {
    if (now[list]?.includes(removed)) return 'The URI that this call removed is there again.';
    return keeps(now[list], rest) ? undefined : 'Another URI vanished while this call removed its own.';
  });
}

/**
 * Shows the initiate-login URI that would be cleared.
 * @throws ToolError `not_found` when there is none
 */
export async function showInitiateLoginUri(api: Api) {
  const { id, initiate_login_uri } = await current(api);
  if (!initiate_login_uri) throw nothingToRemove({});
  return { client_id: id, initiate_login_uri };
}

/**
 * Sets or clears the initiate-login URI.
 * @param wanted the empty string clears it
 * @throws ToolError `not_found` when there is nothing to clear, `conflict` when another client has written at the same
 *   time
 */
export async function setInitiateLoginUri(api: Api, wanted: string): Promise<WrittenUris> {
  const client = await current(api);
  const before = client.initiate_login_uri ?? '';
  if (before === '' && wanted === '') throw nothingToRemove({});
  if (before === wanted) return { ...shown(client), changed: false };
  return write(api, client.id, { initiate_login_uri: wanted }, (now) =>
    (now.initiate_login_uri ?? '') === wanted ? undefined : 'The URI is another one than this call has set.',
  );
}

/** Reads the complete client before a write, because the list of clients may not show everything of it. */
async function current(api: Api): Promise<EnvironmentClient> {
  const { id } = await findEnvironmentClient(api);
  return readClient(api, id);
}

/**
 * Writes a change (`PATCH /clients/{id}`), reads the client again and checks it.
 * @param lost says in a sentence what is wrong with the client afterwards; undefined if nothing is
 * @throws ToolError `conflict` with that sentence
 */
async function write(
  api: Api,
  id: string,
  change: Body,
  lost: (now: EnvironmentClient) => string | undefined,
): Promise<WrittenUris> {
  await api.patch(path`/clients/${id}`, change);
  const now = await readBack(readClient(api, id), 'list_redirect_uris');
  const loss = lost(now);
  if (loss !== undefined) throw new LostUpdate(loss, 'list_redirect_uris');
  return { ...shown(now), changed: true };
}

/** What is taken from a list, and what is left. @throws ToolError `not_found` when the URI is not in it */
function without(list: readonly string[] | null | undefined, find: Find) {
  const removed = find(list ?? []);
  if (removed === undefined) throw nothingToRemove({ field: 'uri', nextTool: 'list_redirect_uris' });
  return { removed, rest: (list ?? []).filter((entry) => entry !== removed) };
}

function keeps(now: readonly string[] | null | undefined, wanted: readonly string[]): boolean {
  const kept = new Set(now);
  return wanted.every((entry) => kept.has(entry));
}

function nothingToRemove(recovery: { readonly field?: string; readonly nextTool?: string }): ToolError {
  return new ToolError('not_found', 'There is no such URI in this environment, so that nothing was removed.', recovery);
}

function shown(client: EnvironmentClient): RedirectUris {
  return {
    client_id: client.id,
    post_login_uris: client.post_login_uris ?? [],
    post_logout_redirect_uris: client.post_logout_redirect_uris ?? [],
    back_channel_logout_uris: client.back_channel_logout_uris ?? [],
    initiate_login_uri: client.initiate_login_uri ?? '',
  };
}
