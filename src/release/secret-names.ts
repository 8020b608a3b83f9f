/**
 * What the name of a member says about its value: `secret` for a secret, `secrets` for several of them, where objects
 * stand for the secrets rather than hold them (`secrets: [{ id, secret_suffix }]`).
 */
export type Secrecy = 'secret' | 'secrets' | 'public';

/** Names that mean a secret alone, but not as the end of a longer name: `token`, and yet not `next_page_token`. */
const WHOLE: ReadonlySet<string> = new Set(['token', 'jwt', 'pwd']);

/** What the name of a secret ends with, without case and separators. */
const ENDINGS: ReadonlySet<string> = new Set([
  ...[
    'clientsecret',
    'plainsecret',
    'secret',
    'password',
    'passwd',
    'passphrase',
    'passcode',
    'authorization',
    'cookie',
  ],
  ...['privatekey', 'secretkey', 'signingkey', 'encryptionkey', 'accesskey', 'apikey'],
  ...['accesstoken', 'refreshtoken', 'idtoken', 'sessiontoken', 'bearertoken', 'authtoken', 'oauthtoken', 'apitoken'],
  ...['securitytoken', 'csrftoken', 'invitetoken', 'invitationtoken', 'resettoken', 'verificationtoken'],
  ...['clientassertion', 'codeverifier', 'authorizationcode'],
]);

/** A number, or a word in snake_case, kebab-case, camelCase or SCREAMING_CASE. */
const WORD = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g;
/** No ending has more. */
const MAX_WORDS = 3;
/** The end of a name decides, and names may be of any length. */
const MAX_READ = 200;

/** What the name of a member says, whatever its case and separators: `client_secret`, `X-Api-Key`, `refreshToken`. */
export function secrecyOf(name: string): Secrecy {
  const words = (name.slice(-MAX_READ).match(WORD) ?? []).map((word) => word.toLowerCase());
  while (/\d/.test(words.at(-1) ?? '')) words.pop();
  if (isSecret(words)) return 'secret';
  const last = words.pop() ?? '';
  return last.endsWith('s') && isSecret([...words, last.slice(0, -1)]) ? 'secrets' : 'public';
}

function isSecret(words: readonly string[]): boolean {
  const endings = Array.from({ length: MAX_WORDS }, (_, i) => words.slice(-1 - i).join(''));
  return WHOLE.has(words.join('')) || endings.some((ending) => ENDINGS.has(ending));
}
