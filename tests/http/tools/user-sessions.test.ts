import { describe, expect } from 'vitest';
import { PEOPLE } from '../../fixtures/examples/people.ts';
import { sharedServer } from '../../fixtures/shared-server.ts';
import { verifies } from '../../verifies.ts';

const { server, call, asked } = sharedServer();
const { rosa, caleb, mateus, tomas } = PEOPLE;
const [EXPIRED, LEFT, ROSA, CALEB] = [1, 2, 3, 4].map((no) => `ses_7120441809306600${no}`);

const sent = () =>
  asked()
    .map(({ url }) => url.replace('/api/v1', ''))
    .filter((url) => !url.startsWith('/environments/'));
const idsOf = async (args: Record<string, unknown>) =>
  (await call('list_user_sessions', args)).data.sessions.map(({ session_id }: { session_id: string }) => session_id);

describe('list_user_sessions', () => {
  verifies('tools.sessions', 'lists where somebody is and was signed in, the latest first', async () => {
    const { data } = await call('list_user_sessions', { userId: rosa });
    expect(data.sessions).toMatchObject([
      {
        session_id: ROSA,
        status: 'active',
        device: { os: 'Windows', ip: '203.0.113.24', location: { city: 'Boston' } },
      },
      { session_id: LEFT, status: 'logout' },
      { session_id: EXPIRED, status: 'expired' },
    ]);
    expect((await call('list_user_sessions', { userId: tomas })).data).toMatchObject({ sessions: [], total_size: 0 });
  });

  verifies('tools.sessions', 'narrows by status and by time', async () => {
    expect(await idsOf({ userId: rosa, status: ['active', 'logout'] })).toEqual([ROSA, LEFT]);
    const between = { createdAfter: '2026-01-10T00:00:00Z', createdBefore: '2026-01-15T00:00:00+01:00' };
    expect(await idsOf({ userId: rosa, ...between })).toEqual([LEFT]);
    expect(sent()[0]).toBe(`/users/${rosa}/sessions?filter.status=active&filter.status=logout`);
  });

  verifies.each<[string, Record<string, unknown>]>('tools.sessions', [
    ['userId', { userId: 'rosa' }],
    ['status', { userId: rosa, status: ['open'] }],
    ['createdAfter', { userId: rosa, createdAfter: 'yesterday' }],
    ['createdBefore', { userId: rosa, createdBefore: '2026-13-01T00:00:00Z' }],
  ])('refuses a bad %s before anything is sent', async (field, args) => {
    const { error } = await call('list_user_sessions', args);
    expect(error).toMatchObject({ code: 'invalid_arguments' });
    expect(error.field.split('.')[0]).toBe(field);
    expect(sent()).toEqual([]);
  });
});

describe('revoke_session', () => {
  verifies('tools.revoked-sessions', 'shows whose it is, and ends it', async () => {
    const { error } = await call('revoke_session', { userSessionId: CALEB });
    expect(error.preview).toMatchObject({
      user: { id: caleb, email: 'caleb.nwosu@tidewater.example' },
      session: { status: 'active', device: { os: 'iOS' } },
    });
    const { data } = await call('revoke_session', { userSessionId: CALEB, confirmation: error.confirmation });
    expect(data.revoked_session).toMatchObject({
      session_id: CALEB,
      status: 'revoked',
      expired_at: expect.any(String),
    });
    expect(await idsOf({ userId: caleb, status: ['active'] })).toEqual([]);
  });

  verifies('tools.revoked-sessions', 'has nothing to do for a session that is over', async () => {
    const { error } = await call('revoke_session', { userSessionId: EXPIRED });
    expect(error).toMatchObject({ code: 'conflict', field: 'userSessionId', nextTool: 'list_user_sessions' });
  });

  verifies('tools.revoked-sessions', 'reads the session where the answer does not say how it stands', async () => {
    const { error } = await call('revoke_session', { userSessionId: ROSA });
    const path = `/api/v1/sessions/${ROSA}/revoke`;
    server().sandbox().faults.add({ kind: 'status', status: 200, body: {}, when: { path } });
    const kept = await call('revoke_session', { userSessionId: ROSA, confirmation: error.confirmation });
    expect(kept.error).toMatchObject({ code: 'not_applied', nextTool: 'list_user_sessions', retryable: false });
  });
});

describe('revoke_all_user_sessions', () => {
  verifies('tools.revoked-sessions', 'ends those that are active, and looks whether any is left', async () => {
    const { error } = await call('revoke_all_user_sessions', { userId: mateus });
    expect(error.preview).toMatchObject({
      user: { email: 'mateus.rocha@anchorage.example' },
      sessions: { count: 2, is_complete: true, entries: [{ os: 'Android' }, { os: 'Windows' }] },
    });
    const { confirmation } = error;
    const { data } = await call('revoke_all_user_sessions', { userId: mateus, confirmation });
    expect(data.total_revoked).toBe(2);
    expect(await idsOf({ userId: mateus, status: ['active'] })).toEqual([]);
    expect(await idsOf({ userId: mateus, status: ['revoked'] })).toHaveLength(2);
  });

  verifies('tools.revoked-sessions', 'is not told as done while somebody is signed in', async () => {
    const { error } = await call('revoke_all_user_sessions', { userId: rosa });
    const path = `/api/v1/users/${rosa}/sessions/revoke`;
    const body = { revoked_sessions: [], total_revoked: 0 };
    server().sandbox().faults.add({ kind: 'status', status: 200, body, when: { path } });
    const kept = await call('revoke_all_user_sessions', { userId: rosa, confirmation: error.confirmation });
    expect(kept.error).toMatchObject({ code: 'not_applied', nextTool: 'list_user_sessions' });
  });
});

describe('passkeys', () => {
  verifies('tools.passkeys', 'are listed for the user who was named, and for nobody else', async () => {
    const { data } = await call('list_user_passkeys', { userId: rosa });
    expect(data.credentials).toMatchObject([
      { display_name: 'Office laptop', authenticator: { name: 'Windows Hello' }, user_id: rosa },
      { display_name: 'My phone' },
    ]);
    expect(sent()).toEqual([`/webauthn/credentials?user_id=${rosa}`]);
    // As an API would answer that heeds no user.
    const credentials = [{ id: 'wac_1', user_id: mateus }, { id: 'wac_2' }];
    const when = { path: '/api/v1/webauthn/credentials' };
    server().sandbox().faults.add({ kind: 'status', status: 200, body: { credentials }, when });
    expect((await call('list_user_passkeys', { userId: rosa })).data.credentials).toEqual([{ id: 'wac_2' }]);
  });

  verifies('tools.passkeys', 'are deleted of the user who was named alone', async () => {
    const passkeyId = 'wac_71204418093066102';
    const others = await call('delete_user_passkey', { userId: mateus, passkeyId });
    expect(others.error).toMatchObject({ code: 'not_found', field: 'passkeyId', nextTool: 'list_user_passkeys' });
    const { error } = await call('delete_user_passkey', { userId: rosa, passkeyId });
    expect(error.preview).toMatchObject({
      user: { id: rosa },
      passkey: { display_name: 'My phone' },
      other_passkeys: 1,
    });
    const { confirmation } = error;
    const { data } = await call('delete_user_passkey', { userId: rosa, passkeyId, confirmation });
    expect(data).toEqual({ deleted_id: passkeyId });
    const left = await call('list_user_passkeys', { userId: rosa });
    expect(left.data.credentials).toMatchObject([{ display_name: 'Office laptop' }]);
  });

  verifies('tools.passkeys', 'are not told as deleted while they are there', async () => {
    const args = { userId: mateus, passkeyId: 'wac_71204418093066103' };
    const { error } = await call('delete_user_passkey', args);
    server()
      .sandbox()
      .faults.add({ kind: 'status', status: 200, body: { success: true }, when: { method: 'DELETE' } });
    const kept = await call('delete_user_passkey', { ...args, confirmation: error.confirmation });
    expect(kept.error).toMatchObject({ code: 'not_applied', nextTool: 'list_user_passkeys' });
  });
});
