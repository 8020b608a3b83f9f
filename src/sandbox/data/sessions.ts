import { WebAuthnCredentialSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/auth/webauthn_pb.js';
import { SessionDetailsSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/sessions/sessions_pb.js';
import { complete } from '../contract/complete.ts';
import type { JsonOf } from '../contract/json.ts';
import type { EnvironmentName } from './ids.ts';
import type { User } from './types.ts';

export type Session = JsonOf<typeof SessionDetailsSchema>;
type Passkey = JsonOf<typeof WebAuthnCredentialSchema>;

/** How often somebody has been invited once more. */
export interface ResentInvite {
  readonly user_id: string;
  readonly organization_id: string;
  readonly resent_count: number;
}

/** With what the users of one environment sign in, and where they are signed in. Lists are in the order of creation. */
export interface SessionsContent {
  readonly sessions: Session[];
  readonly passkeys: Passkey[];
  readonly resentInvites: ResentInvite[];
}

const DEVICES = {
  office: ['Windows', '11', 'Chrome', '143.0', 'desktop', '203.0.113.24', 'United States', 'Boston'],
  phone: ['iOS', '19.2', 'Safari', '19.2', 'mobile', '198.51.100.77', 'United States', 'Boston'],
  harbour: ['Android', '16', 'Chrome', '143.0', 'tablet', '203.0.113.190', 'Brazil', 'Santos'],
} as const;

type SessionRow = readonly [
  no: number,
  email: string,
  device: keyof typeof DEVICES,
  status: 'active' | 'expired' | 'revoked' | 'logout',
  created: string,
  lastActive: string,
];

const SESSIONS: readonly SessionRow[] = [
  [1, 'rosa.delgado@tidewater.example', 'office', 'expired', '2026-01-05T13:10:00Z', '2026-01-05T17:42:11Z'],
  [2, 'rosa.delgado@tidewater.example', 'phone', 'logout', '2026-01-12T07:31:20Z', '2026-01-12T07:58:03Z'],
  [3, 'rosa.delgado@tidewater.example', 'office', 'active', '2026-01-19T13:02:44Z', '2026-01-20T09:00:00Z'],
  [4, 'caleb.nwosu@tidewater.example', 'phone', 'active', '2026-01-20T06:55:10Z', '2026-01-20T08:41:30Z'],
  [5, 'mateus.rocha@anchorage.example', 'harbour', 'active', '2026-01-18T20:05:49Z', '2026-01-20T04:12:00Z'],
  [6, 'mateus.rocha@anchorage.example', 'office', 'active', '2026-01-20T09:12:36Z', '2026-01-20T09:30:00Z'],
  [7, 'lotte.visser@anchorage.example', 'office', 'active', '2026-01-09T10:00:51Z', '2026-01-19T18:00:00Z'],
];

type PasskeyRow = readonly [
  no: number,
  email: string,
  name: string,
  model: string,
  device: keyof typeof DEVICES,
  created: string,
];

const PASSKEYS: readonly PasskeyRow[] = [
  [1, 'rosa.delgado@tidewater.example', 'Office laptop', 'Windows Hello', 'office', '2025-06-01T09:20:00Z'],
  [2, 'rosa.delgado@tidewater.example', 'My phone', 'iCloud Keychain', 'phone', '2025-08-14T18:05:33Z'],
  [3, 'mateus.rocha@anchorage.example', 'Harbour tablet', 'Google Password Manager', 'harbour', '2025-10-20T20:10:00Z'],
];

const HOUR_MS = 60 * 60 * 1000;

/** What each environment holds at start, given its users. Only in development does anybody sign in. */
export function seedSessions(environment: EnvironmentName, users: readonly User[]): SessionsContent {
  const isSeeded = environment === 'development';
  const byEmail = new Map(users.map((user) => [user.email, user]));
  return {
    sessions: isSeeded ? SESSIONS.map((row) => toSession(row, userWith(row[1]))) : [],
    passkeys: isSeeded ? PASSKEYS.map((row) => toPasskey(row, userWith(row[1]))) : [],
    resentInvites: [],
  };

  function userWith(email: string): User {
    const user = byEmail.get(email);
    if (user === undefined) throw new Error(`Nobody has the address ${email}.`);
    return user;
  }
}

function toSession([no, , device, status, created_at, last_active_at]: SessionRow, user: User): Session {
  const [os, os_version, browser, browser_version, device_type, ip, region, city] = DEVICES[device];
  const organizationId = user.memberships[0]?.organization_id ?? '';
  const after = (time: string, hours: number) => new Date(Date.parse(time) + hours * HOUR_MS).toISOString();
  return complete(SessionDetailsSchema, {
    session_id: `ses_${71204418093066000n + BigInt(no)}`,
    user_id: user.id,
    authenticated_organizations: [organizationId],
    organization_id: organizationId,
    created_at,
    updated_at: last_active_at,
    last_active_at,
    idle_expires_at: after(last_active_at, 12),
    absolute_expires_at: after(created_at, 24 * 30),
    expired_at: status === 'expired' ? after(last_active_at, 12) : undefined,
    logout_at: status === 'logout' ? last_active_at : undefined,
    status,
    device: { os, os_version, browser, browser_version, device_type, ip, location: { region, city } },
  });
}

function toPasskey([no, , display_name, name, device, created_at]: PasskeyRow, user: User): Passkey {
  const [os, os_version, browser, browser_version, device_type, ip, region, city] = DEVICES[device];
  return complete(WebAuthnCredentialSchema, {
    id: `wac_${71204418093066100n + BigInt(no)}`,
    user_id: user.id,
    credential_id: Buffer.from(`harborlight-passkey-${no}`).toString('base64'),
    attestation_type: 'none',
    authenticator: { name, attachment: 'platform' },
    transports: ['internal'],
    authenticator_flags: { user_present: true, user_verified: true },
    created_at,
    updated_at: created_at,
    user_agent: { os, os_version, browser, browser_version, device_type },
    client_info: { ip, region, city },
    display_name,
  });
}
