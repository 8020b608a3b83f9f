import { z } from 'zod';
import type { Api, Body, Reader } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import { requireCameTrue } from './came-true.ts';
import type { EnvironmentClient } from './entities/environment-client.ts';
import { findEnvironmentClient, readClient } from './environment-client.ts';
import { path } from './path.ts';
import { LostUpdate, readBack, untilItStands } from './read-back.ts';
import { isHttpUrl } from './uri.ts';

/** The API's maximum number of callback URIs. The other lists have no documented maximum. */
const MAX_CALLBACKS = 5;

/** The tool that shows the current state. */
const LIST = 'list_redirect_uris';

/** A list of URIs of the environment's own client. */
type UriList = 'post_login_uris' | 'post_logout_redirect_uris' | 'back_channel_logout_uris';

/** The answer to an operation that changes one address of the environment's own client. */
const LoginUris = z.object({
  client_id: z.string(),
  redirect_uris: z.array(z.string()).nullish(),
  post_logout_redirect_uris: z.array(z.string()).nullish(),
  initiate_login_uri: z.string().nullish(),
});

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
export async function readUris(api: Reader): Promise<RedirectUris> {
  return shown(await findEnvironmentClient(api));
}

/**
 * Adds a callback URI (`POST /environment/redirect-uris`), which leaves the others as they are. That operation takes web
 * addresses alone: a URI with the scheme of an app goes into the list as a whole.
 * @throws ToolError `invalid_request` when the list is full or the platform refuses the URI
 */
export async function addCallback(api: Api, added: string): Promise<WrittenUris> {
  const client = await findEnvironmentClient(api);
  const before = client.post_login_uris ?? [];
  if (before.includes(added)) return { ...shown(client), changed: false };
  if (before.length >= MAX_CALLBACKS) {
    throw new ToolError(
      'invalid_request',
      `An environment can have at most ${MAX_CALLBACKS} callback URIs, and this one has as many. Remove one first.`,
      { field: 'uri', nextTool: LIST },
    );
  }
  if (!isHttpUrl(added)) return addUri(api, 'post_login_uris', added);
  try {
    const answer = await api.post(path`/environment/redirect-uris`, { redirect_uri: added });
    const after = await applied(api, client, answer);
    requireCameTrue({ uri: { asked: [added], shown: only(after.post_login_uris, added) } }, LIST);
    return after;
  } catch (error) {
    // The API refuses what is there already: another call was faster.
    if (!(error instanceof ToolError) || error.code !== 'conflict') throw naming('redirect_uri', error);
    const now = await findEnvironmentClient(api);
    if (now.post_login_uris?.includes(added)) return { ...shown(now), changed: false };
    throw error;
  }
}

/** Finds the entry of a list that is to be removed. */
type Find = (uris: readonly string[]) => string | undefined;

/**
 * Shows what removing a callback URI would leave.
 * @throws ToolError `not_found` when it is not in the list, `invalid_request` when it is the only one
 */
export async function showCallbackRemoval(api: Api, find: Find) {
  const { removed, rest, client } = await removableCallback(api, find);
  return { client_id: client.id, uri: removed, remaining: rest };
}

/**
 * Removes a callback URI (`DELETE /environment/redirect-uris`), which leaves the others as they are.
 * @throws ToolError `not_found` when it is not in the list, `invalid_request` when it is the only one
 */
export async function removeCallback(api: Api, find: Find): Promise<WrittenUris> {
  const { removed, client } = await removableCallback(api, find);
  const answer = await api.delete(path`/environment/redirect-uris`, { redirect_uri: removed }).catch((error) => {
    throw naming('redirect_uri', error);
  });
  const after = await applied(api, client, answer);
  requireCameTrue({ uri: { asked: [], shown: only(after.post_login_uris, removed) } }, LIST);
  return after;
}

/** The API keeps the last callback URI, which is better told before anybody confirms. */
async function removableCallback(api: Api, find: Find) {
  const client = await findEnvironmentClient(api);
  const { removed, rest } = without(client.post_login_uris, find);
  if (rest.length > 0) return { client, removed, rest };
  throw new ToolError(
    'invalid_request',
    'This is the only callback URI of the environment, and Scalekit keeps one: without any, no login could complete. Add another one first.',
    { field: 'uri', nextTool: 'add_redirect_uri' },
  );
}

/**
 * Adds a URI to a list, which is written as a whole.
 * @throws ToolError `conflict` when others go on changing the list at the same time, `not_applied` when the API keeps it
 */
export function addUri(api: Api, list: UriList, added: string): Promise<WrittenUris> {
  return change(api, (client) => {
    const before = client[list] ?? [];
    if (before.includes(added)) return undefined;
    return {
      body: { [list]: [...before, added] },
      place: `client.${list}[${before.length}]`,
      lost: (now) => (now[list]?.includes(added) ? undefined : 'The URI that this call added is missing again.'),
    };
  });
}

/**
 * Shows what removing a URI from a list would leave.
 * @throws ToolError `not_found` when it is not in the list
 */
export async function showRemoval(api: Api, list: UriList, find: Find) {
  const { id } = await findEnvironmentClient(api);
  const { removed, rest } = without((await readClient(api, id))[list], find);
  return { client_id: id, uri: removed, remaining: rest };
}

/**
 * Removes a URI from a list, which is written as a whole.
 * @throws ToolError `not_found` when it is not in the list, `conflict` when others go on changing the list at the same
 *   time, `not_applied` when the API keeps it
 */
export function removeUri(api: Api, list: UriList, find: Find): Promise<WrittenUris> {
  let gone: string | undefined;
  return change(api, (client) => {
    if (gone !== undefined && !client[list]?.includes(gone)) return undefined;
    const { removed, rest } = without(client[list], gone === undefined ? find : () => gone);
    gone = removed;
    return {
      body: { [list]: rest },
      lost: (now) => (now[list]?.includes(removed) ? 'The URI that this call removed is there again.' : undefined),
    };
  });
}

/**
 * Shows the initiate-login URI that would be cleared.
 * @throws ToolError `not_found` when there is none
 */
export async function showInitiateLoginUri(api: Api) {
  const { id } = await findEnvironmentClient(api);
  const { initiate_login_uri } = await readClient(api, id);
  if (!initiate_login_uri) throw nothingToRemove({});
  return { client_id: id, initiate_login_uri };
}

/**
 * Sets the initiate-login URI (`PUT /environment/initiate-login-uri`). That operation takes web addresses alone: a URI
 * with the scheme of an app is written to the client.
 * @throws ToolError `invalid_request` when the platform refuses the URI
 */
export async function setInitiateLoginUri(api: Api, wanted: string): Promise<WrittenUris> {
  if (!isHttpUrl(wanted)) return changeInitiateLoginUri(api, wanted);
  const client = await findEnvironmentClient(api);
  if (client.initiate_login_uri === wanted) return { ...shown(client), changed: false };
  const answer = await api.put(path`/environment/initiate-login-uri`, { initiate_login_uri: wanted }).catch((error) => {
    throw naming('initiate_login_uri', error);
  });
  const after = await applied(api, client, answer);
  requireCameTrue({ uri: { asked: wanted, shown: after.initiate_login_uri } }, LIST);
  return after;
}

/**
 * Clears the initiate-login URI, which no operation of its own does.
 * @throws ToolError `not_found` when there is none, `conflict` when others go on setting it, `not_applied` when the API
 *   keeps it
 */
export function clearInitiateLoginUri(api: Api): Promise<WrittenUris> {
  return changeInitiateLoginUri(api, '');
}

function changeInitiateLoginUri(api: Api, wanted: string): Promise<WrittenUris> {
  let isFirst = true;
  return change(api, (client) => {
    const before = client.initiate_login_uri ?? '';
    if (isFirst && before === '' && wanted === '') throw nothingToRemove({});
    isFirst = false;
    if (before === wanted) return undefined;
    return {
      body: { initiate_login_uri: wanted },
      place: 'client.initiate_login_uri',
      lost: (now) =>
        (now.initiate_login_uri ?? '') === wanted ? undefined : 'The URI is another one than this call has set.',
    };
  });
}

/** A change of the environment's own client. */
interface Change {
  readonly body: Body;
  /** Where the API finds fault with the argument. */
  readonly place?: string;
  /** Says in a sentence what is wrong with the client afterwards; undefined if nothing is. */
  lost(now: EnvironmentClient): string | undefined;
}

/**
 * Reads the environment's own client, changes it (`PATCH /clients/{id}`) and reads it again, until the change stands. The
 * complete client is read before each write, because the list of clients may not show everything of it.
 * @param make makes the change of the client as it is; undefined when there is nothing to change
 */
async function change(api: Api, make: (client: EnvironmentClient) => Change | undefined): Promise<WrittenUris> {
  const { id } = await findEnvironmentClient(api);
  const at = path`/clients/${id}`;
  let changed = false;
  let isIgnored = false;
  const attempt = async () => {
    const client = await readClient(api, id);
    const made = make(client);
    if (made === undefined) return { ...shown(client), changed };
    await api.patch(at, made.body).catch((error) => {
      throw naming(made.place, error);
    });
    changed = true;
    const now = await readBack(readClient(api, id), LIST);
    const loss = made.lost(now);
    isIgnored = JSON.stringify(shown(now)) === JSON.stringify(shown(client));
    if (loss !== undefined) throw new LostUpdate(loss, LIST);
    return { ...shown(now), changed };
  };
  return api.inTurn(at, () =>
    untilItStands(attempt).catch((error) => {
      if (!(error instanceof LostUpdate) || !isIgnored) throw error;
      const message =
        'Scalekit accepted the change, but everything is as before. Do not repeat the call: change it in the Scalekit dashboard.';
      throw new ToolError('not_applied', message, { nextTool: LIST });
    }),
  );
}

/**
 * The URIs after an operation on one of them. What its answer does not show has not changed. An empty answer shows nothing,
 * so that the client is read: it stands for a removal whose first answer was lost, and which found nothing when repeated.
 */
async function applied(api: Api, client: EnvironmentClient, answer: unknown): Promise<WrittenUris> {
  if (isObject(answer) && Object.keys(answer).length === 0) {
    return { ...shown(await readBack(readClient(api, client.id), LIST)), changed: true };
  }
  const now = checkAnswer(LoginUris, answer, 'write');
  return {
    client_id: now.client_id,
    post_login_uris: now.redirect_uris ?? [],
    post_logout_redirect_uris: now.post_logout_redirect_uris ?? [],
    back_channel_logout_uris: client.back_channel_logout_uris ?? [],
    initiate_login_uri: now.initiate_login_uri ?? '',
    changed: true,
  };
}

function only(list: readonly string[], wanted: string): readonly string[] {
  return list.filter((entry) => entry === wanted);
}

/**
 * Lets a refusal name the argument, where the API names the place in its own message.
 * @param place undefined: the fault is with what was there before
 */
function naming(place: string | undefined, error: unknown): unknown {
  if (!(error instanceof ToolError) || !['invalid_request', 'not_found'].includes(error.code)) return error;
  const { violations, ...upstream } = error.recovery.upstream ?? {};
  if (place === undefined) return error;
  const own = violations?.map((violation) => (violation.field === place ? { ...violation, field: 'uri' } : violation));
  if (own?.every(({ field }) => field !== 'uri')) return error;
  const recovery = {
    ...error.recovery,
    field: 'uri',
    ...(error.code === 'not_found' && { nextTool: LIST }),
    upstream: { ...upstream, ...(own && { violations: own }) },
  };
  return new ToolError(error.code, error.message, recovery, error.cause);
}

/** What is taken from a list, and what is left. @throws ToolError `not_found` when the URI is not in it */
function without(list: readonly string[] | null | undefined, find: Find) {
  const removed = find(list ?? []);
  if (removed === undefined) throw nothingToRemove({ field: 'uri', nextTool: LIST });
  return { removed, rest: (list ?? []).filter((entry) => entry !== removed) };
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
