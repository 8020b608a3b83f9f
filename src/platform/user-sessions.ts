import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import { withEmptyLists } from '../core/list-answer.ts';
import { requireCameTrue } from './came-true.ts';
import { collectDependents } from './dependents.ts';
import { withNames } from './entities/profile.ts';
import { Passkey, RevokedSession, Session } from './entities/session.ts';
import { User } from './entities/user.ts';
import { type Page, pagesOf } from './pages.ts';
import { path } from './path.ts';
import { readBack } from './read-back.ts';

const PAGE_SIZE = 100;
const SESSIONS = 'list_user_sessions';
const PASSKEYS = 'list_user_passkeys';

const ACTIVE = 'active';

const OneUser = z.object({ user: User });
/** Whose it is, for people: an id says nothing to them. */
export const Owner = User.pick({ id: true, email: true, external_id: true });
const OneOwner = z.object({ user: Owner });
const Ended = z.object({ revoked_session: RevokedSession.nullish() });
const AllEnded = z.object({
  revoked_sessions: z.array(RevokedSession).nullish(),
  total_revoked: z.int().nullish(),
});
const AnyPasskeys = z.object({ credentials: z.array(z.unknown()) });
const ListedPasskey = Passkey.pick({ id: true, display_name: true });
/** As far as it is shown that somebody is signed in, so that a session that is odd in something else counts as well. */
const Listed = Session.pick({ session_id: true, status: true, device: true, created_at: true });

/**
 * Reads a user with the sessions and passkeys that end with them (`GET /users/{id}`, `GET /users/{id}/sessions`,
 * `GET /webauthn/credentials`).
 */
export async function showUser(api: Api, id: string) {
  const { user } = checkAnswer(OneUser, withNames(await api.get(path`/users/${id}`), 'user'));
  const [sessions, passkeys] = await Promise.all([
    activeSessions(api, id),
    collectDependents(passkeyPages(api, id), (passkeys) => passkeys),
  ]);
  return { user, sessions, passkeys };
}

/** All passkeys of a user, which the API lists at once. As far as a preview shows them. */
async function* passkeyPages(api: Api, userId: string): AsyncGenerator<Page<z.output<typeof ListedPasskey>>> {
  const answer = withEmptyLists(await passkeysOf(api, userId), ['credentials']);
  const { credentials: all } = checkAnswer(AnyPasskeys, answer);
  const entries = all.flatMap((one) => ListedPasskey.safeParse(one).data ?? []);
  yield { entries, isWhole: entries.length === all.length, isLast: true };
}

/** Where a user is signed in (`GET /users/{id}/sessions`). */
function activeSessions(api: Api, userId: string) {
  return collectDependents(sessionsOf(api, userId), (sessions) =>
    // Those that the API would list although they are over do not count.
    sessions
      .filter(({ status }) => !isOver(status))
      .map(({ session_id, device, created_at }) => ({
        id: session_id,
        os: device?.os,
        browser: device?.browser,
        created_at,
      })),
  );
}

function sessionsOf(api: Api, userId: string) {
  const query = { 'filter.status': ACTIVE, page_size: PAGE_SIZE };
  return pagesOf(api, path`/users/${userId}/sessions`, query, 'sessions', Listed);
}

async function ownerOf(api: Api, userId: string) {
  return checkAnswer(OneOwner, await api.get(path`/users/${userId}`)).user;
}

/** Reads the sessions of a user that are to end (`GET /users/{id}`, `GET /users/{id}/sessions`). */
export async function showSessions(api: Api, userId: string) {
  return { user: await ownerOf(api, userId), sessions: await activeSessions(api, userId) };
}

/** Whether the status of a session says that it is over. */
function isOver(status: string | null | undefined): boolean {
  return Boolean(status) && status?.toLowerCase() !== ACTIVE;
}

/**
 * Reads a session that is to end, and whose it is (`GET /sessions/{id}`, `GET /users/{id}`).
 * @throws ToolError `conflict` for one that is over
 */
export async function showSession(api: Api, id: string) {
  const session = checkAnswer(Session, await api.get(path`/sessions/${id}`));
  if (!isOver(session.status)) {
    return { session, user: session.user_id ? await ownerOf(api, session.user_id) : undefined };
  }
  const message = 'There is nothing to revoke: this session is over already.';
  throw new ToolError('conflict', message, { field: 'userSessionId', nextTool: SESSIONS });
}

/**
 * Ends a session (`POST /sessions/{id}/revoke`), and reads it where the answer does not say how it stands then.
 * @throws ToolError `not_applied` when it is still active
 */
export async function revokeSession(api: Api, id: string) {
  const answer = await api.post(path`/sessions/${id}/revoke`);
  const { revoked_session: told } = checkAnswer(Ended, answer, 'write');
  const session = told?.status ? told : await readBack(readSession(api, id), SESSIONS);
  // However it ended, it is over.
  const shown = isOver(session.status) ? 'revoked' : session.status;
  requireCameTrue({ status: { asked: 'revoked', shown } }, SESSIONS);
  return { revoked_session: session };
}

async function readSession(api: Api, id: string) {
  return checkAnswer(RevokedSession, await api.get(path`/sessions/${id}`));
}

/**
 * Ends all sessions of a user (`POST /users/{id}/sessions/revoke`), and looks whether any is left
 * (`GET /users/{id}/sessions`).
 * @throws ToolError `not_applied` when some are still active
 */
export async function revokeAllSessions(api: Api, userId: string) {
  const answer = await api.post(path`/users/${userId}/sessions/revoke`);
  const { revoked_sessions, total_revoked } = checkAnswer(AllEnded, answer, 'write');
  if (await readBack(isSignedIn(api, userId), SESSIONS)) {
    const message =
      'Scalekit accepted the call, but this user has an active session. They may have signed in again: see list_user_sessions.';
    throw new ToolError('not_applied', message, { nextTool: SESSIONS });
  }
  return { revoked_sessions: revoked_sessions ?? [], total_revoked: total_revoked ?? revoked_sessions?.length ?? 0 };
}

async function isSignedIn(api: Api, userId: string): Promise<boolean> {
  for await (const { entries, isWhole } of sessionsOf(api, userId)) {
    if (!isWhole || entries.some(({ status }) => !isOver(status))) return true;
  }
  return false;
}

const Passkeys = z.object({ credentials: z.array(Passkey) });

/**
 * Lists the passkeys of a user (`GET /webauthn/credentials`). Where the API heeds no user, it lists those of whoever calls:
 * such ones are left out. The answer is not checked yet.
 */
export async function passkeysOf(api: Api, userId: string): Promise<unknown> {
  const answer = await api.get(path`/webauthn/credentials`, { user_id: userId });
  if (!isObject(answer) || !Array.isArray(answer['credentials'])) return answer;
  const isTheirs = (one: unknown) => !isObject(one) || !isOther(one['user_id'], userId);
  return { ...answer, credentials: answer['credentials'].filter(isTheirs) };
}

function isOther(id: unknown, userId: string): boolean {
  return typeof id === 'string' && id !== '' && id !== userId;
}

async function readPasskeys(api: Api, userId: string) {
  return checkAnswer(Passkeys, withEmptyLists(await passkeysOf(api, userId), ['credentials'])).credentials;
}

/**
 * One passkey of a user.
 * @throws ToolError `not_found`
 */
export async function showPasskey(api: Api, userId: string, passkeyId: string) {
  const credentials = await readPasskeys(api, userId);
  const passkey = credentials.find(({ id }) => id === passkeyId);
  if (passkey !== undefined) {
    return { user: await ownerOf(api, userId), passkey, other_passkeys: credentials.length - 1 };
  }
  const message = 'This user has no passkey with this id.';
  throw new ToolError('not_found', message, { field: 'passkeyId', nextTool: PASSKEYS });
}

/**
 * Deletes a passkey of a user (`DELETE /webauthn/credentials/{id}`), and looks whether it is gone.
 * @throws ToolError `not_applied`
 */
export async function deletePasskey(api: Api, userId: string, passkeyId: string) {
  await api.delete(path`/webauthn/credentials/${passkeyId}`);
  const credentials = await readBack(readPasskeys(api, userId), PASSKEYS);
  if (!credentials.some(({ id }) => id === passkeyId)) return { deleted_id: passkeyId };
  const message =
    'Scalekit accepted the deletion, but the passkey is still there. Do not repeat the call: delete it in the Scalekit dashboard.';
  throw new ToolError('not_applied', message, { nextTool: PASSKEYS });
}
