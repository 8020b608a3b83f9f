import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { RefusedToken } from '../observability/request-facts.ts';
import { MAX_TOKEN_LENGTH } from './token-form.ts';
import { ACCESS_TOKEN_TYPES } from './token-kind.ts';
import type { TokenRules } from './token-rules.ts';

/**
 * What a refused token says of itself, and what is accepted here: for the log, so that an operator sees at once which
 * setting, or which client, is wrong. Nothing in it is secret, and nothing has been checked.
 */
export function factsOf(token: string, { issuers, audiences, keys, now = Date.now }: TokenRules): RefusedToken {
  const kids = keys.fresh()?.kids;
  const { alg, kid, typ } = partOf(token, decodeProtectedHeader);
  const { iss, aud, exp, nbf, iat } = partOf(token, decodeJwt);
  return {
    came: { length: token.length, alg, kid, typ, iss, aud, exp, nbf, iat },
    expected: {
      alg: 'RS256',
      kid: kids && [...kids],
      typ: [...ACCESS_TOKEN_TYPES],
      iss: issuers,
      aud: Array.isArray(audiences) ? audiences : audiences.accepted,
      exp: `after ${Math.floor(now() / 1000)}`,
    },
  };
}

/** A part of a token that may be none. */
function partOf(token: string, decode: (token: string) => object): Readonly<Record<string, unknown>> {
  if (token.length > MAX_TOKEN_LENGTH) return {};
  try {
    return decode(token) as Record<string, unknown>;
  } catch {
    return {};
  }
}
