import type { JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { digestOf } from '../core/digest.ts';
import { NO_METRICS } from '../observability/metrics/metrics.ts';
import { type KeySet, KeysUnavailable } from './keys.ts';
import { factsOf } from './token-facts.ts';
import { MAX_TOKEN_LENGTH, readToken, type TokenForm } from './token-form.ts';
import { TokenExpired, TokenRejected } from './token-rejected.ts';
import type { TokenRules } from './token-rules.ts';

const CACHE_TTL_MS = 60_000;
/** The characters of all cached tokens together. */
const CACHE_SIZE = 16 * 1024 * 1024;
/** How far the clock of an issuer may be ahead of the one here, in seconds. */
const CLOCK_TOLERANCE = 60;

/** A token whose signature, issuer, audience and lifetime have been checked. */
export interface VerifiedToken {
  readonly claims: Readonly<JWTPayload & { iss: string; exp: number }>;
  /** Who it is about: a user id, or the client id of a machine. */
  readonly subject: string;
  /** The token itself. */
  bearer(): string;
}

/**
 * Verifies an access token.
 * @throws TokenRejected when it is not valid, KeysUnavailable when it cannot be checked at the moment
 */
export type VerifyToken = (token: string) => Promise<VerifiedToken>;

/**
 * Verifies tokens with the Scalekit SDK, and checks what the SDK does not: that it is an access token of a good form (see
 * `readToken`) with an accepted issuer, audience and lifetime. Verified tokens are cached by digest, for a minute at
 * most, not longer than they are valid, and until the keys change.
 */
export function tokenVerifier(rules: TokenRules): VerifyToken {
  const { keys, metrics = NO_METRICS, now = Date.now, cacheSize = CACHE_SIZE } = rules;
  const cache = new VerifiedTokens(now, cacheSize);
  const verify: VerifyToken = async (token) => {
    const fresh = keys.fresh();
    const known = fresh && cache.get(token, fresh);
    metrics.tokenLookedUp(known !== undefined);
    if (known !== undefined) return known;
    const form = readToken(token);
    const expected = expectedOf(form, rules);
    const keySet = await keys.obtainFor(form.kid);
    if (!keySet.kids.has(form.kid)) {
      throw new TokenRejected('The access token is signed with a key that is not published.');
    }
    const verified = await validate(token, form, keySet, expected, now);
    refuseFutureIssue(form.claims.iat, now());
    cache.add(token, verified, keySet);
    return verified;
  };
  return async (token) => {
    try {
      return await verify(token);
    } catch (error) {
      if (error instanceof TokenRejected) error.facts = factsOf(token, rules);
      throw error;
    }
  };
}

/** The issuer and audience that the SDK must find in the token. */
interface Expected {
  readonly issuer: string;
  /** An accepted audience among those of the token. */
  readonly audience: [string];
}

/**
 * Finds an accepted issuer and audience in a token, which the SDK is then told to expect, and checks its lifetime.
 * @throws TokenRejected
 */
function expectedOf({ claims, exp }: TokenForm, { issuers, audiences, maxLifetimeSeconds }: TokenRules): Expected {
  const issuer = issuers.find((accepted) => accepted === claims.iss);
  if (issuer === undefined) {
    throw new TokenRejected('The access token comes from an issuer that this server does not accept.');
  }
  const audience = [claims.aud].flat().find((entry) => typeof entry === 'string' && audiences.includes(entry));
  if (audience === undefined) throw new TokenRejected('The access token was issued for another audience.');
  if (maxLifetimeSeconds !== undefined) refuseLongLives(claims.iat, exp, maxLifetimeSeconds);
  return { issuer, audience: [audience] };
}

/**
 * Refuses a token from the future. Because of that, the lifetime that is left from now on is bounded as well as that from
 * its issue on.
 * @param now milliseconds since the epoch
 */
function refuseFutureIssue(iat: number | undefined, now: number): void {
  if (iat !== undefined && iat > now / 1000 + CLOCK_TOLERANCE) {
    throw new TokenRejected(
      `The access token was issued in the future (iat): more than ${CLOCK_TOLERANCE} seconds after the time of this server.`,
    );
  }
}

function refuseLongLives(iat: number | undefined, exp: number, maxSeconds: number): void {
  if (iat === undefined) {
    throw new TokenRejected('The access token does not say when it was issued, so that its lifetime is not known.');
  }
  if (exp - iat > maxSeconds) {
    throw new TokenRejected(
      `The access token is valid for more than the ${maxSeconds} seconds that this server accepts. Its lifetime is set at the issuer.`,
    );
  }
}

async function validate(
  token: string,
  { exp, subject, claims: { nbf } }: TokenForm,
  { client, refusesToken, hasSigned }: KeySet,
  expected: Expected,
  now: () => number,
): Promise<VerifiedToken> {
  const claims = await client.validateToken<JWTPayload>(token, expected).catch(async (error: unknown) => {
    if (!refusesToken(error)) throw new KeysUnavailable('The token could not be checked.', { cause: error });
    const why = reason(exp, nbf, now());
    // Anyone can write an old date into a token. Only its signature proves that it was genuine.
    throw why === EXPIRED && (await hasSigned(token)) ? new TokenExpired(why) : new TokenRejected(why);
  });
  return { claims: { ...claims, iss: expected.issuer, exp }, subject, bearer: () => token };
}

const EXPIRED = 'The access token has expired.';

/** The public reason why the SDK has refused a token with these times, in seconds; `now` is in milliseconds. */
function reason(exp: number, nbf: number | undefined, now: number): string {
  const seconds = now / 1000;
  if (exp <= seconds) return EXPIRED;
  if (nbf !== undefined && nbf > seconds) return 'The access token is not valid yet.';
  return 'The signature of the access token does not match.';
}

/** A cache of verified tokens. Its keys are digests, so that code that lists the keys never shows a token. */
class VerifiedTokens {
  readonly #entries: LRUCache<string, { readonly token: VerifiedToken; readonly until: number }>;
  readonly #now: () => number;
  #fingerprint: string | undefined;

  constructor(now: () => number, size: number) {
    this.#now = now;
    // Removed in time also if nobody asks for it again.
    this.#entries = new LRUCache({
      maxSize: size,
      sizeCalculation: ({ token }) => token.bearer().length,
      ttl: CACHE_TTL_MS,
      ttlAutopurge: true,
    });
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
    const ttl = Math.ceil(until - this.#now());
    if (ttl > 0) this.#entries.set(digestOf(token), { token: verified, until }, { ttl });
  }
}
