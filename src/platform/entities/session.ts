import { z } from 'zod';

const Location = z.object({
  region: z.string().nullish(),
  region_subdivision: z.string().nullish(),
  city: z.string().nullish(),
});

/** Where somebody is or was signed in (`scalekit.v1.sessions.SessionDetails`). */
export const Session = z.object({
  session_id: z.string(),
  user_id: z.string().nullish(),
  status: z.string().nullish().describe('active, expired, revoked or logout'),
  organization_id: z.string().nullish().describe('The one used last'),
  authenticated_organizations: z.array(z.string()).nullish(),
  device: z
    .object({
      os: z.string().nullish(),
      os_version: z.string().nullish(),
      browser: z.string().nullish(),
      browser_version: z.string().nullish(),
      device_type: z.string().nullish(),
      ip: z.string().nullish(),
      location: Location.nullish().describe('By the IP address'),
    })
    .nullish(),
  created_at: z.string().nullish(),
  last_active_at: z.string().nullish(),
  idle_expires_at: z.string().nullish(),
  absolute_expires_at: z.string().nullish(),
  expired_at: z.string().nullish(),
  logout_at: z.string().nullish(),
});

/** A session that was ended (`scalekit.v1.sessions.RevokedSessionDetails`). */
export const RevokedSession = Session.omit({ device: true, organization_id: true, authenticated_organizations: true });

/** A key with which somebody signs in without a password (`scalekit.v1.auth.webauthn.WebAuthnCredential`). */
export const Passkey = z.object({
  id: z.string(),
  user_id: z.string().nullish(),
  display_name: z.string().nullish(),
  authenticator: z
    .object({ name: z.string().nullish(), attachment: z.string().nullish() })
    .nullish()
    .describe('What keeps it'),
  transports: z.array(z.string()).nullish(),
  user_agent: z
    .object({ os: z.string().nullish(), browser: z.string().nullish(), device_type: z.string().nullish() })
    .nullish()
    .describe('Where it was made'),
  client_info: Location.omit({ region_subdivision: true }).nullish(),
  created_at: z.string().nullish(),
  updated_at: z.string().nullish(),
});
