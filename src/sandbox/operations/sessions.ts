import { WebAuthnService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/auth/webauthn_pb.js';
import { SessionService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/sessions/sessions_pb.js';
import type { Session } from '../data/sessions.ts';
import { byId, findIn } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import type { EnvironmentContent } from '../store.ts';
import { page } from './paging.ts';
import { now, remove, replace } from './parts.ts';

/** Where users are signed in. */
export const sessionsOperations = operations(SessionService, {
  getSession: ({ request, content }) => findSession(content, request.session_id),

  // Seen in the live tests of Scalekit's SDK: somebody who never signed in has an empty list.
  getUserSessions: ({ request, content }) => {
    const { id } = byId(content.users, request.user_id, 'user');
    const { status: states = [], start_time, end_time } = request.filter ?? {};
    const matching = content.sessions.filter(
      ({ user_id, status, created_at = '' }) =>
        user_id === id &&
        (states.length === 0 || states.includes(status)) &&
        (start_time === undefined || Date.parse(created_at) >= Date.parse(start_time)) &&
        (end_time === undefined || Date.parse(created_at) <= Date.parse(end_time)),
    );
    const listing = ['sessions', id, ...states, `from ${start_time}`, `to ${end_time}`];
    return page('sessions', matching.toReversed(), request, listing);
  },

  // Documented: the session is revoked at once. Inferred: one that has ended stays as it is.
  revokeSession: ({ request, content }) => ({
    revoked_session: revoke(content, findSession(content, request.session_id)),
  }),

  // Documented: only those that are active.
  revokeAllUserSessions: ({ request, content }) => {
    const { id } = byId(content.users, request.user_id, 'user');
    const active = content.sessions.filter(({ user_id, status }) => user_id === id && status === 'active');
    const revoked_sessions = active.map((session) => revoke(content, session));
    return { revoked_sessions, total_revoked: revoked_sessions.length };
  },
});

/** The address for which the passkeys of the sandbox are. */
const RP_ID = 'auth.harborlight.example';

/** Keys with which users sign in without a password. */
export const passkeysOperations = operations(WebAuthnService, {
  // Documented: of whoever calls, when nobody is named.
  listCredentials: ({ request, principal, content }) => {
    const userId = request.user_id || principal.subject;
    const credentials = content.passkeys.filter(({ user_id }) => user_id === userId);
    return {
      credentials,
      all_accepted_credentials_options: {
        rp_id: RP_ID,
        user_id: userId,
        all_accepted_credential_ids: credentials.map(({ credential_id }) => credential_id),
      },
    };
  },

  deleteCredential: ({ request, content }) => {
    const passkey = byId(content.passkeys, request.credential_id, 'credential');
    remove(content.passkeys, passkey);
    return { success: true, unknown_credential_options: { rp_id: RP_ID, credential_id: passkey.credential_id } };
  },
});

function findSession({ sessions }: EnvironmentContent, id: string): Session {
  return findIn(sessions, ({ session_id }) => session_id === id, 'session');
}

function revoke({ sessions }: EnvironmentContent, session: Session): Session {
  if (session.status !== 'active') return session;
  const time = now();
  return replace(sessions, session, { ...session, status: 'revoked', expired_at: time, updated_at: time });
}
