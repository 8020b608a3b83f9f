import { createHash } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { randomId } from '../random-id.ts';

/** What an access token is about. */
export interface TokenSubject {
  readonly issuer: string;
  readonly audience: readonly string[];
  /** `usr_…` for a person, the client's own id for a machine. */
  readonly subject: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** Seconds for which the token is good. Unset: the usual hour. */
  readonly lifetime?: number | undefined;
}

/** Seconds for which access tokens are good, unless a server or client has another number. */
export const ACCESS_TOKEN_LIFETIME = 3600;

/**
 * The claims of every access token of this environment. Scopes are there both as a string (RFC 9068 §2.2.3) and as a
 * list, as genuine tokens have been seen to carry either.
 * @param now milliseconds since the epoch, by the clock of the environment
 */
export function accessTokenClaims(
  { issuer, audience, subject, clientId, scopes, lifetime = ACCESS_TOKEN_LIFETIME }: TokenSubject,
  now: number,
): JWTPayload {
  const issuedAt = Math.floor(now / 1000);
  return {
    iss: issuer,
    aud: [...audience],
    sub: subject,
    client_id: clientId,
    scope: scopes.join(' '),
    scopes: [...scopes],
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + lifetime,
    jti: randomId('tkn'),
  };
}

/** The session that a grant was made in, the same for every token that comes of it. */
export function sessionIdOf(grantId: string): string {
  const digits = createHash('sha256').update(grantId).digest().readBigUInt64BE().toString();
  return `ses_${digits.padStart(20, '0')}`;
}
