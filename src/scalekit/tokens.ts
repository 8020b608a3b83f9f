import { decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { digestOf } from '../core/digest.ts';
import { type Metrics, NO_METRICS } from '../observability/metrics/metrics.ts';
import { type KeySet, type Keys, KeysUnavailable } from './keys.ts';

/** Longest access token that is looked at, in characters. Scalekit's stay below 2,000. */
const MAX_TOKEN_LENGTH = 8_192;
const CACHE_TTL_MS = 60_000;
const CACHE_SIZE = 5_000;

/** The token is not good here. The message is public and says why in words. */
export class TokenRejected extends Error {
  override readonly name = 'TokenRejected';
}

/** The token was good once, and has expired since: its client is to refresh it. */
export class TokenExpired extends TokenRejected {}

/** A token whose signature, issuer, audience and lifetime have been checked. */
export interface VerifiedToken {
  readonly claims: Readonly<JWTPayload & { iss: string; exp: number }>;
  /** The token as it came. */
  bearer(): string;
}

interface VerifyOptions {
  /** Whether the key set may be downloaded anew for a key id that nobody knows. It may, unless this says no. */
  readonly asksForUnknownKeys?: boolean;
}

/**
 * Checks an access token.
 * @throws TokenRejected when it is not good, `KeysUnavailable` when nobody can tell for now
 */
export type VerifyToken = (token: string, options?: VerifyOptions) => Promise<VerifiedToken>;

/** Values of `aud`: a list, or a rule for what no list can hold. */
export type Audiences = Pick<readonly string[], 'includes'>;

export interface TokenRules {
  readonly keys: Keys;
  /** Accepted values of `iss`. */
  readonly issuers: readonly string[];
  /** Accepted values of `aud`; one of them must be there. */
  readonly audiences: Audiences;
  readonly metrics?: Metrics;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** How many verified tokens are remembered: those that were used last. */
  readonly cacheSize?: number;
}

/**
 * Token verification through the Scalekit SDK, with what it leaves open closed around it: RS256 and a key id only,
 * an issuer out of the allow-list, an audience, a lifetime. Verified tokens are remembered by digest for a minute,
 * never past their expiry, and forgotten when the keys change.
 */
export function tokenVerifier(rules: TokenRules): VerifyToken {
  const { keys, issuers, audiences, metrics = NO_METRICS, now = Date.now, cacheSize = CACHE_SIZE } = rules;
  const cache = new VerifiedTokens(now, cacheSize);
  return async (token, { asksForUnknownKeys = true } = {}) => {
    const fresh = keys.fresh();
    const known = fresh && cache.get(token, fresh);
    metrics.tokenLookedUp(known !== undefined);
    if (known !== undefined) return known;
    const { kid, ...expected } = inspect(token, issuers, audiences);
    const keySet = await (asksForUnknownKeys ? keys.obtainFor(kid) : keys.obtain());
    if (!keySet.kids.has(kid)) throw new TokenRejected('The access token is signed with a key that is not published.');
    const verified = await validate(token, keySet, expected, now);
    cache.add(token, verified, keySet);
    return verified;
  };
}

/** What a token must turn out to be once it is verified. */
interface Expected {
  readonly issuer: string;
  /** One of those that the token names. */
  readonly audience: [string];
}

/**
 * Reads what decides how to verify, before any cryptography: nothing here accepts a token. Issuer and audience are what
 * the token claims; the SDK is then told to expect exactly these.
 */
function inspect(token: string, issuers: readonly string[], audiences: Audiences): Expected & { readonly kid: string } {
  if (token.length > MAX_TOKEN_LENGTH) throw new TokenRejected('The access token is too long.');
  const { header, claims } = decode(token);
  if (header.alg !== 'RS256') throw new TokenRejected('The access token is not signed with RS256.');
  if (typeof header.kid !== 'string') throw new TokenRejected('The access token does not name its key.');
  const issuer = issuers.find((accepted) => accepted === claims.iss);
  if (issuer === undefined) {
    throw new TokenRejected('The access token comes from an issuer that this server does not accept.');
  }
  const audience = [claims.aud].flat().find((entry) => typeof entry === 'string' && audiences.includes(entry));
  if (audience === undefined) throw new TokenRejected('The access token was issued for another audience.');
  return { kid: header.kid, issuer, audience: [audience] };
}

function decode(token: string): { header: { alg?: unknown; kid?: unknown }; claims: JWTPayload } {
  try {
    return { header: decodeProtectedHeader(token), claims: decodeJwt(token) };
  } catch {
    throw new TokenRejected('The access token is not a JSON Web Token.');
  }
}

async function validate(
  token: string,
  { client, refusesToken, hasSigned }: KeySet,
  expected: Expected,
  now: () => number,
): Promise<VerifiedToken> {
  const claims = await client.validateToken<JWTPayload>(token, expected).catch(async (error: unknown) => {
    if (!refusesToken(error)) throw new KeysUnavailable('The token could not be checked.', { cause: error });
    const why = reason(token, now());
    // Anybody can write an old date into a token: only the signature tells that it was one of ours.
    throw why === EXPIRED && (await hasSigned(token)) ? new TokenExpired(why) : new TokenRejected(why);
  });
  if (claims.exp === undefined) throw new TokenRejected('The access token never expires.');
  if (!claims.sub && !claims['client_id']) throw new TokenRejected('The access token names nobody.');
  return { claims: { ...claims, iss: expected.issuer, exp: claims.exp }, bearer: () => token };
}

const EXPIRED = 'The access token has expired.';

/** Words for a refusal that the SDK has already decided. */
function reason(token: string, now: number): string {
  const { exp, nbf } = decodeJwt(token);
  const seconds = now / 1000;
  if (typeof exp === 'number' && exp <= seconds) return EXPIRED;
  if (typeof nbf === 'number' && nbf > seconds) return 'The access token is not valid yet.';
  return 'The signature of the access token does not match.';
}

/** Verified tokens by digest, so that a memory dump or a bug that lists keys shows no token. */
class VerifiedTokens {
  readonly #entries: LRUCache<string, { readonly token: VerifiedToken; readonly until: number }>;
  readonly #now: () => number;
  #fingerprint: string | undefined;

  constructor(now: () => number, size: number) {
    this.#now = now;
    this.#entries = new LRUCache({ max: size });
  }

  get(token: string, keySet: KeySet): VerifiedToken | undefined {
    if (keySet.fingerprint !== this.#fingerprint || token.length > MAX_TOKEN_LENGTH) return undefined;
    const entry = this.#entries.get(digestOf(token));
    return entry !== undefined && this.#now() < entry.until ? entry.token : undefined;
  }

  add(token: string, verified: VerifiedToken, keySet: KeySet): void {
    if (keySet.fingerprint !== this.#fingerprint) {
      this.#entries.clear();
      this.#fingerprint = keySet.fingerprint;
    }
    const until = Math.min(this.#now() + CACHE_TTL_MS, verified.claims.exp * 1000);
    this.#entries.set(digestOf(token), { token: verified, until });
  }
}
