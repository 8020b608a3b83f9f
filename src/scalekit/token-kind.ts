import { TokenRejected } from './token-rejected.ts';

/** Values of the header `typ` that an access token may have (RFC 9068 §2.1, RFC 7519 §5.1), in lower case. */
export const ACCESS_TOKEN_TYPES: ReadonlySet<string> = new Set(['jwt', 'at+jwt']);

interface OtherKind {
  /** A token with all of these claims is of this kind. */
  readonly claims: readonly string[];
  readonly refusal: string;
}

const ID_TOKEN = notAnAccessToken('an ID token, which is for its client alone');
const MCP_CONFIG_SESSION = notAnAccessToken('a session token of an MCP config');

/** What an issuer signs with the same keys as access tokens, by the claims that only such tokens have. */
const OTHER_KINDS: readonly OtherKind[] = [
  // OpenID Connect Core §2 and §3.3.2.11
  { claims: ['nonce'], refusal: ID_TOKEN },
  { claims: ['at_hash'], refusal: ID_TOKEN },
  { claims: ['c_hash'], refusal: ID_TOKEN },
  // Financial-grade API Part 2 §5.1, OpenID Connect Core §7.4
  { claims: ['s_hash'], refusal: ID_TOKEN },
  { claims: ['sub_jwk'], refusal: ID_TOKEN },
  // RFC 8417 §2, OpenID Connect Back-Channel Logout §2.4
  { claims: ['events'], refusal: notAnAccessToken('a logout or event token') },
  { claims: ['mcp_cfg'], refusal: MCP_CONFIG_SESSION },
  { claims: ['conn_id'], refusal: MCP_CONFIG_SESSION },
  { claims: ['ca_ids'], refusal: MCP_CONFIG_SESSION },
  { claims: ['login_hint', 'connection_id'], refusal: notAnAccessToken('the token of a login that an IdP began') },
  // RFC 7800 §3: whoever stole such a token could not prove to have its key, and nobody proves it here.
  {
    claims: ['cnf'],
    refusal: 'The access token is bound to a key, and this server takes no proof of it. Ask for a bearer token.',
  },
];

/** Claims with which issuers say in a word what a token is for. No standard names them. */
const KIND_CLAIMS = ['typ', 'token_use', 'token_type'];
/** What such a claim says of tokens that are for something else, in lower case. */
const OTHER_WORDS = /(?:^|:)(?:id|identity|refresh|offline|logout|session)(?:[-_ ]?token)?(?:\+jwt)?$/;
/** The longest of such words that is read, in characters. */
const MAX_WORD = 100;

/** The members of a token's header that say what it is. */
export interface KindHeader {
  readonly typ?: unknown;
  readonly cty?: unknown;
  readonly b64?: unknown;
  readonly crit?: unknown;
}

/**
 * Refuses what the issuer has signed for another purpose than access (RFC 9068 §4), and what is not read as other
 * readers may read it: a token inside of it (RFC 7519 §5.2), a payload that is not encoded (RFC 7797 §7), extensions
 * that nobody here understands (RFC 7515 §4.1.11).
 * @throws TokenRejected
 */
export function refuseOtherKinds({ typ, cty, b64, crit }: KindHeader, claims: object): void {
  if (typ !== undefined && !isAccessTokenType(typ)) {
    throw new TokenRejected(notAnAccessToken('a token of another type'));
  }
  if (cty !== undefined || b64 !== undefined || crit !== undefined) {
    throw new TokenRejected(notAnAccessToken('a token whose header asks for more than to read it'));
  }
  if (KIND_CLAIMS.some((name) => isOtherWord((claims as Record<string, unknown>)[name]))) {
    throw new TokenRejected(notAnAccessToken('a token of another type'));
  }
  const other = OTHER_KINDS.find((kind) => kind.claims.every((claim) => Object.hasOwn(claims, claim)));
  if (other !== undefined) throw new TokenRejected(other.refusal);
}

function isOtherWord(word: unknown): boolean {
  return typeof word === 'string' && word.length <= MAX_WORD && OTHER_WORDS.test(word.toLowerCase());
}

/** Types have no case, and their prefix may be left out (RFC 7515 §4.1.9). */
function isAccessTokenType(typ: unknown): boolean {
  return typeof typ === 'string' && ACCESS_TOKEN_TYPES.has(typ.toLowerCase().replace(/^application\//, ''));
}

function notAnAccessToken(kind: string): string {
  return `The token is ${kind}. Send the access token that was issued for this server.`;
}
