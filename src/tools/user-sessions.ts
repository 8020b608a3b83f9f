import { z } from 'zod';
import { sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { DependentSessions } from '../platform/entities/dependents.ts';
import { Passkey, RevokedSession, Session } from '../platform/entities/session.ts';
import { path } from '../platform/path.ts';
import {
  deletePasskey,
  Owner,
  passkeysOf,
  revokeAllSessions,
  revokeSession,
  showPasskey,
  showSession,
  showSessions,
} from '../platform/user-sessions.ts';
import { idFrom, userId } from './fields/ids.ts';
import { moment, trimmedText } from './fields/texts.ts';

// Not `sessionId`: programs add an argument of that name to every call, for a session of theirs.
const userSessionId = idFrom('ses', 'list_user_sessions');
const passkeyId = trimmedText(100).describe('id from list_user_passkeys');

/** Where users are signed in, and with which passkeys they sign in. */
export const userSessions = toolset('user_sessions', { area: 'organization', rare: true }, (t) => [
  t.list('list_user_sessions', {
    title: 'List sessions of a user',
    foundBy: 'where is somebody logged in, devices of a person, active logins, is somebody online',
    description:
      'List sessions: where (device, browser, IP address) and since when a user is or was signed in, the latest login first.',
    of: { sessions: Session },
    pages: 100,
    input: {
      userId,
      status: z
        .array(z.enum(['active', 'expired', 'revoked', 'logout']))
        .optional()
        .describe('Left out: all'),
      createdAfter: moment.optional(),
      createdBefore: moment.optional(),
    },
    run: ({ userId, status, createdAfter, createdBefore, page }, { api }) =>
      api.get(path`/users/${userId}/sessions`, {
        'filter.status': status,
        'filter.start_time': createdAfter,
        'filter.end_time': createdBefore,
        ...page,
      }),
  }),

  t.destroy('revoke_session', {
    title: 'Revoke a session',
    foundBy: 'end one login, lost laptop, suspicious login, sign out one device',
    description: 'Revoke (end) one session: sign a user out (logout) on one device at once. They can sign in again.',
    input: { userSessionId },
    does: ({ userSessionId }) => sentence`End the session ${userSessionId}.`,
    shows: { session: Session, user: Owner.optional() },
    stopsWorking: 'This session: the user has to sign in again on that device.',
    show: ({ userSessionId }, { api }) => showSession(api, userSessionId),
    output: { revoked_session: RevokedSession },
    run: ({ userSessionId }, { api }) => revokeSession(api, userSessionId),
  }),

  t.destroy('revoke_all_user_sessions', {
    title: 'Revoke all sessions of a user',
    foundBy:
      'log a person out of every device, sign out everywhere, account was hacked, stolen phone, lock somebody out at once',
    description:
      'Revoke (end) all sessions of a user: sign them out (logout) everywhere at once, as after a stolen device. They can sign in again.',
    input: { userId },
    does: ({ userId }) => sentence`End all sessions of the user ${userId}.`,
    shows: { user: Owner, sessions: DependentSessions },
    comesAndGoes: ['sessions'],
    stopsWorking: 'All sessions of this user: they have to sign in again everywhere.',
    show: ({ userId }, { api }) => showSessions(api, userId),
    output: { revoked_sessions: z.array(RevokedSession), total_revoked: z.int() },
    run: ({ userId }, { api }) => revokeAllSessions(api, userId),
  }),

  t.list('list_user_passkeys', {
    title: 'List passkeys of a user',
    foundBy: 'which security keys has a person, registered devices for passwordless login',
    description: 'List the passkeys (WebAuthn, FIDO, security keys) with which a user signs in without a password.',
    of: { credentials: Passkey },
    input: { userId },
    run: ({ userId }, { api }) => passkeysOf(api, userId),
  }),

  t.destroy('delete_user_passkey', {
    title: 'Delete a passkey of a user',
    foundBy: 'lost phone or security key, remove a passkey from an account',
    description: 'Delete a passkey (WebAuthn, FIDO, security key) of a user for good, such as that of a lost device.',
    input: { userId, passkeyId },
    does: ({ userId, passkeyId }) => sentence`Delete the passkey ${passkeyId} of the user ${userId} for good.`,
    shows: { user: Owner, passkey: Passkey, other_passkeys: z.int().describe('How many they have left') },
    stopsWorking: 'Sign-in with this passkey.',
    show: ({ userId, passkeyId }, { api }) => showPasskey(api, userId, passkeyId),
    output: { deleted_id: z.string() },
    run: ({ userId, passkeyId }, { api }) => deletePasskey(api, userId, passkeyId),
  }),
]);
