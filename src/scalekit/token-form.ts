import { decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose';
import { type KindHeader, refuseOtherKinds } from './token-kind.ts';
import { TokenRejected, TokenTooLong } from './token-rejected.ts';

/** The longest access token that is read, in characters: most of what the header of a request may hold. */
export const MAX_TOKEN_LENGTH = 12_000;
/** The last second of the year 9999, beyond which RFC 3339 has no times. */
const LAST_SECOND = 253_402_300_799;
/**
 * Base64url without padding, whose last character has no spare bits set (RFC 4648 §3.5): with them one token would have
 * sixteen spellings, and caches and records would not know them as one.
 */
const CANONICAL_BASE64URL = /^(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?$/;

/** What a token says of itself, before its signature is checked. */
export interface TokenForm {
  readonly kid: string;
  readonly claims: JWTPayload;
  /** The claim `exp`, in seconds since the epoch. */
  readonly exp: number;
  /** Who it is about: the claim `sub`, or else `client_id`. */
  readonly subject: string;
}

/**
 * Reads a token without checking its signature, and refuses what could never be a good one.
 * @throws TokenRejected
 */
export function readToken(token: string): TokenForm {
  if (token.length > MAX_TOKEN_LENGTH) {
    throw new TokenTooLong(
      `The access token is too long: this server reads ${MAX_TOKEN_LENGTH} characters. Let the token template of the issuer put fewer claims into it, then sign in again.`,
    );
  }
  const { header, claims } = decode(token);
  if (header.alg !== 'RS256') throw new TokenRejected('The access token is not signed with RS256.');
  if (typeof header.kid !== 'string') throw new TokenRejected('The access token does not name its key.');
  refuseOtherKinds(header, claims);
  refuseBadTimes(claims);
  if (claims.exp === undefined) throw new TokenRejected('The access token never expires.');
  return { kid: header.kid, claims, exp: claims.exp, subject: subjectOf(claims) };
}

interface Header extends KindHeader {
  readonly alg?: unknown;
  readonly kid?: unknown;
}

function decode(token: string): { header: Header; claims: JWTPayload } {
  try {
    if (token.split('.').every((part) => CANONICAL_BASE64URL.test(part))) {
      return { header: decodeProtectedHeader(token), claims: decodeJwt(token) };
    }
  } catch {
    // Refused below, as what is spelled in another way.
  }
  throw new TokenRejected('The access token is not a JSON Web Token.');
}

const TIMES = [
  ['exp', 'expiry'],
  ['nbf', 'start'],
  ['iat', 'time of issue'],
] as const;

/** Refuses times that no date can hold, because verified tokens reach results, records and caches with them. */
function refuseBadTimes(claims: Readonly<Record<string, unknown>>): void {
  for (const [name, meaning] of TIMES) {
    const value = claims[name];
    if (value === undefined) continue;
    if (typeof value !== 'number') {
      throw new TokenRejected(`The ${meaning} of the access token (${name}) is not a number of seconds.`);
    }
    if (value < 0 || value > LAST_SECOND) {
      throw new TokenRejected(
        `The ${meaning} of the access token (${name}) is out of range: the year 9999 is the last.`,
      );
    }
  }
}

function subjectOf({ sub, client_id: clientId }: Readonly<Record<string, unknown>>): string {
  if (sub !== undefined && typeof sub !== 'string') {
    throw new TokenRejected('The subject of the access token (sub) is not a text.');
  }
  const subject = sub ?? clientId;
  if (typeof subject !== 'string' || subject === '') throw new TokenRejected('The access token names nobody.');
  return subject;
}
