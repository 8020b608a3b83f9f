import { readName } from './look-alikes.ts';

/**
 * What the name of a member says about its value. `secret`: it is a secret. `secrets`: it is a list of secrets, or a
 * list of objects that describe secrets (`secrets: [{ id, secret_suffix }]`).
 */
export type Secrecy = 'secret' | 'secrets' | 'public';

/*
 * A name is read as words. It is a secret's name if it holds a word of a secret anywhere (`client_secret_old`), unless
 * its last word says that the value only tells something about a secret (`secret_suffix`, `access_token_expiry`), or its
 * first word counts or asks (`max_tokens`). Some words mean a secret only at the end: `cookie`, but not `cookie_banner`.
 */

/** Words of secrets, and several words in a row that mean one, in lower case and without separators. */
const ANYWHERE: ReadonlySet<string> = new Set([
  ...['secret', 'password', 'passwd', 'passphrase', 'passcode', 'credential', 'token', 'mnemonic'],
  ...['connectionstring', 'connstr', 'connstring', 'seedphrase', 'recoveryphrase', 'clientassertion', 'codeverifier'],
  ...[
    'authorizationheader',
    'cookieheader',
    'motdepasse',
    ...['senha', 'haslo', 'heslo', 'jelszo', 'losenord', 'sifre', 'zaporka', 'salasana'],
    'otpseed',
    'totpseed',
    'mfaseed',
    'onetimecode',
    'onetimepin',
  ],
  ...[
    'psk',
    'wpapsk',
    'presharedkey',
    'privkey',
    'sshprivate',
    'githubpat',
    'gitlabpat',
    'ghpat',
    'jsessionid',
    'phpsessid',
    'mysqlpwd',
  ],
  ...['dbpass', 'userpass', 'smtppass', 'storepass', 'keypass', 'adminpass', 'rootpass', 'mysqlpass', 'sshpass'],
  ...['userpw', 'rootpw', 'dbpw', 'adminpw'],
]);

/** What a key is for, or whose it is, where it is a secret. Others are not: public, primary, partition, provider keys. */
const KEYS =
  /^(?:private|secret|signing|encryption|decryption|access|api|shared|account|master|webhook|ssh|jwt|hmac|storage|rsa|dsa|ecdsa|ed25519|pgp|gpg|tls|ssl|aes|symmetric|wrapping|root|admin|service|server|deploy|app|application|client|consumer|subscription|function|host|auth|session|bot|license|saml|scim|sas|aws|gcp|azure|google|github|gitlab|slack|stripe|openai|anthropic|twilio|sendgrid|mailgun|datadog)keys?$/;
/** What a code is for, where it is a secret. Others are not: of errors, of countries, of regions. */
const CODES =
  /^(?:auth|authorization|recovery|backup|verification|otp|totp|mfa|2fa|device|invite|invitation|login|access|sms|security|reset|activation|confirmation|pairing|oauth)codes?$/;

/** Words that mean a secret at the end of a name alone. */
const AT_END: ReadonlySet<string> = new Set([
  ...['parola', 'jwt', 'pwd', 'pass', 'pw', 'psw', 'pswd', 'bearer', 'authorization', 'cookie', 'cred', 'creds'],
  ...['otp', 'totp', 'hotp', 'pin', 'cvv', 'cvc', 'csrf', 'xsrf'],
]);

/** Words that mean a secret also where they are written together with others. */
const TOGETHER =
  /secret|passw(?:or)?d|passphrase|passcode|passwort|kennwort|contrasena|motdepasse|wachtwoord|credential|connectionstring|(?:api|private|access|signing|encryption)key|(?<=.)pwd$/;
/** Words of scripts that do not say where a word ends, or whose letters look like others. */
const FOREIGN = ['пароль', '密码', '密碼', 'パスワード', '비밀번호'].map(readName);
/** How other words go on that begin like those: secretary, secretion, passwordless. A single letter makes another too. */
const OTHER_WORD = /^(?:[a-rt-z]|ary|aries|arial|ariat|ariats|ed|es|ing|ion|ions|ory|ive|ively|iveness|ly|less|like)$/;
/** `mytoken`, which is no secret where `TOKENS` says so. */
const TOKEN = /^(.*)tokens?$/;
/** What stands before `token` where it is no secret: tokens of pages, and the marks of a model's vocabulary. */
const PAGE =
  /(?:page|next|prev|previous|pagination|continuation|cursor|sync|resume|start|end|stop|bos|eos|pad|unk|sep|cls|mask|special)$/;
/** What stands before `tokens` where they are counted, or are no secrets. */
const COUNTED = /(?:prompt|completion|input|output|cached|reasoning|used|remaining|context|design)$/;
/** What stands before `pass` where it is none for signing in. */
const OTHER_PASS = /(?:boarding|day|season|visitor|first|second|single)$/;

/** First words of names of what is true or counted. */
const ASKS: ReadonlySet<string> = new Set([
  ...[
    'is',
    'has',
    'had',
    'use',
    'uses',
    'needs',
    'require',
    'requires',
    'max',
    'min',
    'num',
    'number',
    'total',
    'count',
  ],
  ...['avg', 'average'],
]);

/** Last words of names whose values only tell something about a secret. */
const HARMLESS: ReadonlySet<string> = new Set([
  ...['type', 'kind', 'class', 'category', 'policy', 'policies', 'rule', 'requirement', 'complexity', 'strength'],
  ...['suffix', 'prefix', 'hint', 'label', 'name', 'title', 'description', 'placeholder', 'message', 'error', 'mask'],
  ...['id', 'uuid', 'arn', 'ref', 'reference', 'fingerprint', 'thumbprint', 'version', 'index', 'tag', 'alias'],
  ...[
    'expiry',
    'expiration',
    'expire',
    'expires',
    'expired',
    'exp',
    'lifetime',
    'ttl',
    'age',
    'validity',
    'duration',
    'unit',
  ],
  ...['second', 'minute', 'hour', 'day', 'ms', 'interval', 'timeout', 'time', 'timestamp', 'date', 'at', 'by', 'on'],
  ...['count', 'length', 'len', 'size', 'min', 'max', 'limit', 'quota', 'usage', 'used', 'remaining', 'rate', 'budget'],
  ...['bucket', 'cost', 'price', 'total', 'threshold', 'attempt', 'failure', 'score', 'position', 'order'],
  ...['status', 'state', 'enabled', 'disabled', 'required', 'optional', 'supported', 'allowed', 'exists', 'present'],
  ...['valid', 'set', 'visible', 'configured', 'changed', 'created', 'updated', 'modified'],
  ...['algorithm', 'alg', 'method', 'mode', 'format', 'encoding', 'rotation', 'schedule', 'strategy', 'flow', 'grant'],
  ...['uri', 'url', 'endpoint', 'path', 'file', 'filename', 'dir', 'directory', 'location', 'domain', 'region', 'zone'],
  ...['issuer', 'audience', 'scope', 'claim', 'permission', 'role', 'group', 'provider', 'owner', 'email', 'username'],
  ...['manager', 'store', 'vault', 'generator', 'template', 'page', 'form', 'screen', 'field', 'column', 'mapping'],
  ...['reset', 'login', 'auth', 'authentication', 'exchange', 'introspection', 'revocation', 'event', 'log', 'audit'],
  ...['setting', 'option', 'config', 'configuration', 'metadata', 'detail', 'public', 'pub', 'responseenc'],
  ...['tool', 'history', 'schema', 'guide', 'help', 'link', 'button', 'language'],
]);

/** Last words that say in what form the secret before them is, where it is used, or which of several it is. */
const FORMS: ReadonlySet<string> = new Set([
  ...['value', 'hash', 'hashed', 'pem', 'base', 'b', 'encoded', 'plain', 'plaintext', 'raw', 'text', 'data', 'json'],
  ...['string', 'str', 'bytes', 'binary', 'hex', 'enc', 'encrypted', 'cipher', 'ciphertext', 'blob', 'sha', 'md'],
  ...['bcrypt', 'argon', 'scrypt', 'pbkdf', 'v'],
  ...['old', 'new', 'previous', 'current', 'backup', 'rotated', 'primary', 'secondary', 'default', 'main', 'active'],
  ...['legacy', 'temp', 'tmp', 'confirmation', 'confirm', 'repeat'],
  ...['prod', 'production', 'stage', 'staging', 'dev', 'development', 'test', 'qa', 'uat', 'live', 'sandbox', 'local'],
  ...['eu', 'us', 'ap', 'asia', 'europe', 'east', 'west', 'north', 'south', 'central', 'global'],
]);

/** A name without any of these is no secret's. The check is cheap, and most names do not match. */
export const HINTS: readonly string[] = [
  ...['secret', 'pass', 'pwd', 'pw', 'psw', 'psk', 'token', 'jwt', 'bearer', 'key', 'code', 'auth', 'cookie', 'cred'],
  ...[
    'connectionstring',
    'connstr',
    'phrase',
    'assertion',
    'verifier',
    'otp',
    'pin',
    'cvv',
    'cvc',
    'mfa',
    'seed',
    'srf',
  ],
  ...['mnemonic', 'pat', 'sess', 'private', 'kennwort', 'contrasena', 'motdepasse', 'wachtwoord', ...FOREIGN],
  ...['senha', 'haslo', 'heslo', 'jelszo', 'losenord', 'sifre', 'zaporka', 'salasana', 'parola'],
];
const HINT = new RegExp(
  HINTS.map((hint) => (hint.startsWith('conn') || hint === 'motdepasse' ? [...hint].join('[^a-z]?') : hint)).join('|'),
  'i',
);

/** A number, or a word in snake_case, kebab-case, camelCase or SCREAMING_CASE. */
const WORD = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g;
/** No entry of the sets above has more words. */
const MAX_WORDS = 3;
/** How many characters at the beginning and at the end of a name are examined, because a name may be very long. */
const MAX_READ = 200;

/**
 * So many names of usual length are remembered; when there are more, all are forgotten. A text may hold the same few names
 * thousands of times.
 */
const MAX_REMEMBERED = 5_000;
const LONGEST_REMEMBERED = 64;
const remembered = new Map<string, Secrecy>();

/** The secrecy of a name. Case and separators do not matter: `client_secret`, `X-Api-Key`, `refreshToken`. */
export function secrecyOf(name: string): Secrecy {
  if (name.length > LONGEST_REMEMBERED) return readSecrecy(name);
  const known = remembered.get(name);
  if (known !== undefined) return known;
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  const secrecy = readSecrecy(name);
  remembered.set(name, secrecy);
  return secrecy;
}

function readSecrecy(name: string): Secrecy {
  const words = wordsOf(name);
  if (words.length === 0) return 'public';
  const named = withoutForms(words);
  if (saysNoSecret(words) || saysNoSecret(named)) return 'public';
  for (let end = named.length; end > 0; end--) {
    const found = endingAt(named, end);
    if (found !== 'public') return found;
  }
  return atEnd(named);
}

/** The secrecy of some words in a sentence, which must end with the word of a secret: `API key`. */
export function secrecyOfWords(text: string): Secrecy {
  const named = withoutForms(wordsOf(text));
  if (saysNoSecret(named)) return 'public';
  const found = endingAt(named, named.length);
  return found === 'public' ? atEnd(named) : found;
}

/** The words of a name; none if it cannot be a secret's. */
function wordsOf(name: string): string[] {
  const long = name.length > 2 * MAX_READ;
  const text = readName(long ? `${name.slice(0, MAX_READ)}_${name.slice(-MAX_READ)}` : name);
  if (!HINT.test(text)) return [];
  const lower = text.toLowerCase();
  if (FOREIGN.some((word) => lower.includes(word))) return ['password'];
  return (text.match(WORD) ?? []).map((word) => word.toLowerCase());
}

/** The words without numbers and forms at their end. */
function withoutForms(words: readonly string[]): readonly string[] {
  let end = words.length;
  while (end > 0) {
    const last = words[end - 1] as string;
    if (/\d/.test(last) || (end > 1 && FORMS.has(last) && !isEnding(words, end))) end--;
    else break;
  }
  return words.slice(0, end);
}

/** Whether the last word belongs to the word of a secret: `connection_string`. */
function isEnding(words: readonly string[], end: number): boolean {
  return endingAt(words, end) !== 'public';
}

function saysNoSecret(words: readonly string[]): boolean {
  const last = words.at(-1) ?? '';
  if (isHarmless(last) || isHarmless(`${words.at(-2) ?? ''}${last}`)) return true;
  return words.length > 1 && ASKS.has(words[0] as string);
}

function isHarmless(word: string): boolean {
  return HARMLESS.has(word) || HARMLESS.has(singular(word));
}

function singular(word: string): string {
  return word.endsWith('s') ? word.slice(0, -1) : word;
}

/** What the words before an index say that end there. */
function endingAt(words: readonly string[], end: number): Secrecy {
  const last = words[end - 1] as string | undefined;
  if (last === undefined) return 'public';
  const before = words[end - 2] ?? '';
  const token = TOKEN.exec(last);
  if (token !== null) return secrecyOfToken(`${token[1] === '' ? before : token[1]}`, last);
  let ending = '';
  for (let i = 1; i <= MAX_WORDS && i <= end; i++) {
    ending = `${words[end - i]}${ending}`;
    if (ANYWHERE.has(ending) || KEYS.test(ending) || CODES.test(ending)) return plural(ending);
    if (ANYWHERE.has(singular(ending))) return 'secrets';
  }
  return writtenTogether(last) ? plural(last) : 'public';
}

function plural(word: string): Secrecy {
  return word.endsWith('s') ? 'secrets' : 'secret';
}

function secrecyOfToken(before: string, last: string): Secrecy {
  if (PAGE.test(before) || (last.endsWith('s') && COUNTED.test(before))) return 'public';
  return plural(last);
}

/** Whether a word holds that of a secret: `dbpassword`, `clientsecretvalue`, but not `secretary` or `passwordpolicy`. */
function writtenTogether(word: string): boolean {
  const found = TOGETHER.exec(word);
  if (found === null) return false;
  const rest = word.slice(found.index + found[0].length);
  return !OTHER_WORD.test(rest) && !isHarmless(rest) && !isHarmless(rest.replace(/^s/, ''));
}

function atEnd(words: readonly string[]): Secrecy {
  const last = words.at(-1) ?? '';
  const before = words.at(-2) ?? '';
  if (last === 'pass' && OTHER_PASS.test(before)) return 'public';
  if (AT_END.has(last)) return 'secret';
  // In `JWTs`, the capitals do not say where the word ends.
  return AT_END.has(singular(last)) || AT_END.has(singular(`${before}${last}`)) ? 'secrets' : 'public';
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
