/**
 * What the name of a member says about its value. `secret`: it is a secret. `secrets`: it is a list of secrets, or a
 * list of objects that describe secrets (`secrets: [{ id, secret_suffix }]`).
 */
export type Secrecy = 'secret' | 'secrets' | 'public';

/** Names that mean a secret only as the whole name, not as its end: `token` is secret, `next_page_token` is not. */
const WHOLE: ReadonlySet<string> = new Set(['token', 'jwt', 'pwd', 'pass', 'bearer']);

/** Ends of names that mean a secret, in lower case and without separators. */
const ENDINGS: ReadonlySet<string> = new Set([
  ...['clientsecret', 'plainsecret', 'secret', 'password', 'passwd', 'passphrase', 'passcode'],
  ...['authorization', 'cookie', 'credential', 'connectionstring', 'recoverycode', 'backupcode', 'seedphrase'],
  ...['privatekey', 'secretkey', 'signingkey', 'encryptionkey', 'accesskey', 'apikey', 'sharedkey', 'accountkey'],
  ...['accesstoken', 'refreshtoken', 'idtoken', 'sessiontoken', 'bearertoken', 'authtoken', 'oauthtoken', 'apitoken'],
  ...['securitytoken', 'csrftoken', 'invitetoken', 'invitationtoken', 'resettoken', 'verificationtoken', 'sastoken'],
  ...['clientassertion', 'codeverifier', 'authorizationcode', 'dbpass', 'userpass', 'smtppass'],
]);

/** Last words that say in what form the secret before them is, or where it is used. */
const FORMS: ReadonlySet<string> = new Set([
  ...['value', 'hash', 'hashed', 'pem', 'base64', 'b64', 'encoded', 'plain', 'plaintext', 'raw', 'text'],
  ...['prod', 'production', 'stage', 'staging', 'dev', 'development', 'test', 'qa', 'uat', 'live', 'sandbox', 'local'],
]);

/** A name without any of these holds no entry of the sets above. The check is cheap, and most names do not match. */
export const HINTS = [
  ...['secret', 'pass', 'pwd', 'token', 'jwt', 'bearer', 'key', 'code', 'auth', 'cookie', 'credential', 'string'],
  ...['phrase', 'assertion', 'verifier'],
] as const;
const HINT = new RegExp(HINTS.join('|'), 'i');

/** A number, or a word in snake_case, kebab-case, camelCase or SCREAMING_CASE. */
const WORD = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g;
/** No entry of `ENDINGS` has more words. */
const MAX_WORDS = 3;
/** How many characters at the end of a name are examined, because a name may be very long. */
const MAX_READ = 200;

/** The secrecy of a name. Case and separators do not matter: `client_secret`, `X-Api-Key`, `refreshToken`. */
export function secrecyOf(name: string): Secrecy {
  if (!HINT.test(name)) return 'public';
  const words = (name.slice(-MAX_READ).match(WORD) ?? []).map((word) => word.toLowerCase());
  const named = withoutForms(words);
  if (isSecret(named) || (named.at(-1) === 'header' && endsSecret(named.slice(0, -1)))) return 'secret';
  const last = named.at(-1) ?? '';
  return last.endsWith('s') && isSecret([...named.slice(0, -1), last.slice(0, -1)]) ? 'secrets' : 'public';
}

/** The words without numbers and forms at their end. `base64` is split into a word and a number. */
function withoutForms(words: readonly string[]): readonly string[] {
  let end = words.length;
  while (end > 0) {
    const last = words[end - 1] as string;
    if (end > 1 && FORMS.has(`${words[end - 2]}${last}`)) end -= 2;
    else if (/\d/.test(last) || (end > 1 && FORMS.has(last))) end--;
    else break;
  }
  return words.slice(0, end);
}

function isSecret(words: readonly string[]): boolean {
  return WHOLE.has(words.join('')) || endsSecret(words);
}

function endsSecret(words: readonly string[]): boolean {
  let ending = '';
  for (let i = 1; i <= MAX_WORDS && i <= words.length; i++) {
    ending = `${words[words.length - i]}${ending}`;
    if (ENDINGS.has(ending)) return true;
  }
  return false;
}

/** Members of a JSON Web Key that hold a private or symmetric key (RFC 7518 §6). Elsewhere these names say nothing. */
const PRIVATE_KEY_MEMBERS: ReadonlySet<string> = new Set(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']);

/** Whether a member of a JSON Web Key holds a secret. */
export function isPrivateKeyMember(name: string): boolean {
  return PRIVATE_KEY_MEMBERS.has(name);
}

/** Parameters of a URL that hold a secret, though not everywhere: authorization codes and signatures of links. */
const PARAMETERS: ReadonlySet<string> = new Set([
  ...['code', 'sig', 'signature', 'ticket', 'samlresponse', 'assertion', 'xamzsignature', 'xamzsecuritytoken'],
  ...['xgoogsignature', 'hmac', 'key', 'otp', 'pin'],
]);

/** Whether a parameter of a URL holds a secret, whatever `secrecyOf` says about its name. */
export function isSecretParameter(name: string): boolean {
  return PARAMETERS.has(name.replaceAll(/[^A-Za-z]/g, '').toLowerCase());
}
