/**
 * What the name of a member says about its value. `secret`: it is a secret. `secrets`: it is a list of secrets, or a
 * list of objects that describe secrets (`secrets: [{ id, secret_suffix }]`).
 */
export type Secrecy = 'secret' | 'secrets' | 'public';

/** Names that mean a secret only as the whole name, not as its end: `token` is secret, `next_page_token` is not. */
const WHOLE: ReadonlySet<string> = new Set(['token', 'jwt', 'pwd']);

/** Ends of names that mean a secret, in lower case and without separators. */
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
/** No entry of `ENDINGS` has more words. */
const MAX_WORDS = 3;
/** How many characters at the end of a name are examined, because a name may be very long. */
const MAX_READ = 200;

/** The secrecy of a name. Case and separators do not matter: `client_secret`, `X-Api-Key`, `refreshToken`. */
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
