import { decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose';
import type { LRUCache } from 'lru-cache';
import { boundedMap } from '../core/bounded-map.ts';
import { digestOf } from '../core/digest.ts';
import { type Metrics, NO_METRICS } from '../observability/metrics/metrics.ts';
import { type KeySet, type Keys, KeysUnavailable } from './keys.ts';

/** The longest access token that is accepted, in characters. Scalekit's are shorter than 2,000. */
const MAX_TOKEN_LENGTH = 8_192;
const CACHE_TTL_MS = 60_000;
const CACHE_SIZE = 5_000;

/** The token is not valid here. The message says why, and may be shown to the client. */
export class TokenRejected extends Error {
  override readonly name = 'TokenRejected';
}

/** The token is genuine but has expired, so that its client has to refresh it. */
export class TokenExpired extends TokenRejected {}

/** A token whose signature, issuer, audience and lifetime have been checked. */
export interface VerifiedToken {
  readonly claims: Readonly<JWTPayload & { iss: string; exp: number }>;
  /** The token itself. */
  bearer(): string;
}

interface VerifyOptions {
  /** Whether the key set may be downloaded again for an unknown key id. Default: true. */
  readonly asksForUnknownKeys?: boolean;
}

/**
 * Verifies an access token.
 * @throws TokenRejected when it is not valid, KeysUnavailable when it cannot be checked at the moment
 */
export type VerifyToken = (token: string, options?: VerifyOptions) => Promise<VerifiedToken>;

/** Accepted values of `aud`: a list, or a rule that accepts more values than a list can hold. */
export type Audiences = Pick<readonly string[], 'includes'>;

export interface TokenRules {
  readonly keys: Keys;
  /** Accepted values of `iss`. */
  readonly issuers: readonly string[];
  /** Accepted values of `aud`. The token must have one of them. */
  readonly audiences: Audiences;
  readonly metrics?: Metrics;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** How many verified tokens are cached: the most recently used ones. */
  readonly cacheSize?: number;
}

/**
 * Verifies tokens with the Scalekit SDK, and checks what the SDK does not: the algorithm must be RS256, and the token
 * must have a key id, an accepted issuer, an accepted audience and an expiry. Verified tokens are cached by digest, for
 * a minute at most, not longer than they are valid, and until the keys change.
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

/** The issuer and audience that the SDK must find in the token. */
interface Expected {
  readonly issuer: string;
  /** An accepted audience among those of the token. */
  readonly audience: [string];
}

/**
 * Reads how to verify a token, before its signature is checked; this does not accept a token yet. Finds an accepted
 * issuer and audience in the token, which the SDK is then told to expect.
 * @throws TokenRejected
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
    // Anyone can write an old date into a token. Only its signature proves that it was genuine.
    throw why === EXPIRED && (await hasSigned(token)) ? new TokenExpired(why) : new TokenRejected(why);
  });
  if (claims.exp === undefined) throw new TokenRejected('The access token never expires.');
  if (!claims.sub && !claims['client_id']) throw new TokenRejected('The access token names nobody.');
  return { claims: { ...claims, iss: expected.issuer, exp: claims.exp }, bearer: () => token };
}

const EXPIRED = 'The access token has expired.';

/** The public reason why the SDK has refused a token. */
function reason(token: string, now: number): string {
  const { exp, nbf } = decodeJwt(token);
  const seconds = now / 1000;
  if (typeof exp === 'number' && exp <= seconds) return EXPIRED;
  if (typeof nbf === 'number' && nbf > seconds) return 'The access token is not valid yet.';
  return 'The signature of the access token does not match.';
}

/** A cache of verified tokens. Its keys are digests, so that code that lists the keys never shows a token. */
class VerifiedTokens {
  readonly #entries: LRUCache<string, { readonly token: VerifiedToken; readonly until: number }>;
  readonly #now: () => number;
  #fingerprint: string | undefined;

  constructor(now: () => number, size: number) {
    this.#now = now;
    this.#entries = boundedMap(size);
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
