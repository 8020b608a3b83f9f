import { charactersOf } from './characters.ts';
import { REDACTED } from './known-secrets.ts';
import { lengthAt } from './match-at.ts';
import { secrecyOf } from './secret-names.ts';

/*
 * Secrets that are known by their own shape, wherever they stand. Every pattern is linear in the length of the text: it
 * begins with fixed characters, and a repetition in it ends at characters with which it cannot begin.
 */

/** Keys between lines of dashes, of OpenSSL (RFC 7468) and of SSH (RFC 4716), but public ones and certificates. */
const PEM =
  /---- ?-?BEGIN (?![A-Z0-9 ]{0,40}(?:PUBLIC|CERTIFICATE))[A-Z0-9 ]{1,40}-? ?----[\s\S]*?(?:---- ?-?END [A-Z0-9 ]{1,40}-? ?----|$)/gi;
/** The private lines of a key of PuTTY. */
const PUTTY = /(Private-Lines: {0,8}\d{1,4}\r?\n)(?:[\w+/=]{1,100}(?:\r?\n|$))+/g;
/**
 * Scalekit's client secrets. They must have letters and digits; `test_connection` and the id `test_27758…` do not
 * match.
 */
const CLIENT_SECRET =
  /(?:test|live)_(?:(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{20,}|(?=[A-Za-z]*\d)(?=[\da-z]*[A-Z])(?=[\dA-Z]*[a-z])[A-Za-z0-9]{12,})/g;
/**
 * A bearer token: with a digit, or longer than the words that follow `Bearer` in sentences and in challenges (RFC 6750 §3,
 * RFC 9728 §5.1).
 */
const BEARER =
  /\b(bearer\s+)(?!(?:resource_metadata|error_description)=")(?:[\w.~+/-]{16,}=*|(?=[\w.~+/-]*\d)[\w.~+/-]{8,}=*)/gi;
/** What may be the credentials of HTTP's Basic scheme (RFC 7617). */
const BASIC = /\b(basic\s+)([\w+/-]{4,}={0,2})/gi;
/** The password of a user in a URL (RFC 3986 §3.2.1). */
const USERINFO = /(:\/\/[^\s/?#@:"'<>]*:)[^\s/?#"'<>]+(?=@)/g;
/** A key in place of the user in a URL, with or without a password. Names of users are shorter, or hold no digit. */
const USER_KEY = /(:\/\/)([^\s/?#@:"'<>]{16,})(?=(?::[^\s/?#@"'<>]{0,200})?@)/g;
/** What may be the credentials of a registry, in the files of Docker and npm. */
const REGISTRY = /((?<![A-Za-z])auth["']?\s{0,4}[:=]\s{0,4}["']?)([\w+/-]{8,}={0,2})/g;
/** A password in a file of netrc. */
const NETRC = /((?<![\w-])login\s{1,8}\S{1,100}\s{1,8}password\s{1,8})\S+/g;
/** A password in a statement of SQL. */
const SQL =
  /((?<!\w)(?:identified\s{1,8}(?:with\s{1,8}\S{1,60}\s{1,8})?(?:by|as)(?:\s{1,8}password)?|password)\s{1,8}(?:(["'])(?=[^"'])))[^"']+/gi;
/** A variable in the file of an image, separated by a blank. */
const VARIABLE = /^([ \t]{0,16}(?:ENV|ARG)[ \t]{1,8}(\w{3,64})[ \t]{1,8})(?=[^\s=])[^\n]+/gm;
/** The password in a command line of curl. */
const CURL_USER = /((?<![^\s])(?:-[uU]|--(?:proxy-)?user)(?:\s+|=)?["']?[^\s:"'=-][^\s:"']*:)[^\s"']+/g;
/** Passwords in options of one letter, of programs that take them so: `mysql -p…`, `docker login -p …`. */
const ATTACHED =
  /((?<![\w-])(?:mysql|mariadb)[\w-]{0,20}(?:[ \t]{1,8}(?!-p)\S{1,100}){0,20}?[ \t]{1,8}-p(?:(["'])(?=[^"'])|(?=[^\s"'])))[^\s"'`]+/g;
const APART =
  /((?<![\w-])(?:sshpass(?=[ \t])|(?:docker|podman|nerdctl|helm|oc|az|oras)[ \t]{1,8}(?:\w{1,20}[ \t]{1,8})?login(?=[ \t])|redis-cli(?=[ \t])|ldap[a-z]{3,10}(?=[ \t])|(?:sqlcmd|bcp)(?=[ \t]))(?:[ \t]{1,8}(?!-[paPw])\S{1,100}){0,20}?[ \t]{1,8}-[paPw][ \t]{0,8}["']?)[^\s"'`]+/g;
/** Keys of other services that begin alike, and marks of which each of them holds one. */
const SERVICE_KEYS: readonly (readonly [pattern: string, ...marks: string[]])[] = [
  // GitHub, GitLab
  ['gh[pousr]_\\w{16,}', 'ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
  ['github_pat_\\w{16,}', 'github_pat_'],
  [
    'gl(?:pat|rt|dt|cbt|ptt|ft|soat|agent|imt)-[\\w-]{16,}',
    'glpat-',
    'glrt-',
    'gldt-',
    'glcbt-',
    'glptt-',
    'glft-',
    'glsoat-',
    'glagent-',
    'glimt-',
  ],
  // AWS, Google, DigitalOcean and other clouds
  ['A[KS]IA[A-Z0-9]{16}(?![A-Z0-9])', 'AKIA', 'ASIA'],
  ['AIza[\\w-]{30,}', 'AIza'],
  ['ya29\\.[\\w.-]{16,}', 'ya29.'],
  ['GOCSPX-[\\w-]{16,}', 'GOCSPX-'],
  ['do[opr]_v1_[a-f0-9]{16,}', 'doo_v1_', 'dop_v1_', 'dor_v1_'],
  ['HRKU-[\\w-]{16,}', 'HRKU-'],
  ['fm[12]_[\\w+/=-]{16,}', 'fm1_', 'fm2_'],
  // Slack, Discord, Telegram
  ['xox[a-z]-[\\w-]{10,}', 'xox'],
  ['xapp-[\\w-]{10,}', 'xapp-'],
  ['(?<=hooks\\.slack\\.com/)services/[\\w/]{10,}', 'hooks.slack.com'],
  ['(?<=discord(?:app)?\\.com/)api/webhooks/\\d{1,20}/[\\w-]{10,}', '/api/webhooks/'],
  ['\\d{8,10}:AA[\\w-]{30,}', ':AA'],
  // OpenAI and its like
  ['sk-(?=[A-Za-z_-]{0,100}\\d)[\\w-]{16,}', 'sk-'],
  ['hf_[A-Za-z0-9]{30,}', 'hf_'],
  ['gsk_\\w{20,}', 'gsk_'],
  ['xai-\\w{20,}', 'xai-'],
  ['pplx-\\w{20,}', 'pplx-'],
  ['r8_\\w{20,}', 'r8_'],
  ['lsv2_\\w{20,}', 'lsv2_'],
  // Payments, shops, mail
  ['[prs]k_(?:live|test)_\\w{10,}', 'k_live_', 'k_test_'],
  ['whsec_[\\w+/=]{16,}', 'whsec_'],
  ['sq0[a-z]{3}-[\\w-]{16,}', 'sq0'],
  ['shp(?:at|ca|pa|ss|ua|it)_[A-Fa-f0-9]{16,}', 'shpat_', 'shpca_', 'shppa_', 'shpss_', 'shpua_', 'shpit_'],
  ['SG\\.[\\w-]{16,}\\.[\\w-]{16,}', 'SG.'],
  ['key-[a-f0-9]{32}(?![\\w-])', 'key-'],
  ['[a-f0-9]{32}-us\\d{1,2}(?![\\w-])', '-us'],
  // Registries of packages and images
  ['npm_\\w{30,}', 'npm_'],
  ['pypi-[\\w-]{16,}', 'pypi-'],
  ['rubygems_[a-f0-9]{16,}', 'rubygems_'],
  ['dckr_[a-z]{2,4}_[\\w-]{16,}', 'dckr_'],
  // Stores of secrets
  ['hv[bsr]\\.[\\w-]{16,}', 'hvb.', 'hvs.', 'hvr.'],
  ['dp\\.[a-z]{2,5}\\.(?:[\\w-]{1,40}\\.)?\\w{16,}', 'dp.'],
  ['AGE-SECRET-KEY-1[A-Z0-9]{16,}', 'AGE-SECRET-KEY-'],
  // Documents, tickets, design
  ['secret_(?=[A-Za-z]{0,60}\\d)[A-Za-z0-9]{32,}', 'secret_'],
  ['ntn_\\w{20,}', 'ntn_'],
  ['lin_(?:api|oauth)_\\w{16,}', 'lin_api_', 'lin_oauth_'],
  ['fig[dou]_[\\w-]{16,}', 'figd_', 'figo_', 'figu_'],
  ['AT(?:ATT|CTT|BB)[\\w=-]{24,}', 'ATATT', 'ATCTT', 'ATBB'],
  ['PMAK-[\\w-]{16,}', 'PMAK-'],
  // Databases, networks, measurements
  ['dapi[a-f0-9]{32}', 'dapi'],
  ['pscale_[a-z]{2,5}_[\\w.-]{16,}', 'pscale_'],
  ['sbp_\\w{16,}', 'sbp_'],
  ['tskey-[\\w-]{16,}', 'tskey-'],
  ['glsa_\\w{16,}', 'glsa_'],
  ['glc_[\\w+/=]{16,}', 'glc_'],
  ['NR(?:AK|JS|II)-[\\w-]{16,}', 'NRAK-', 'NRJS-', 'NRII-'],
  ['sntry[su]_[\\w+/=-]{16,}', 'sntrys_', 'sntryu_'],
];
const SERVICE_KEY = new RegExp(`(?<![A-Za-z0-9-])(?:${SERVICE_KEYS.map(([pattern]) => pattern).join('|')})`, 'g');

type Step = (text: string) => string;

/**
 * What every text of a shape holds, one of its marks and that which stands at another place, and how to redact it.
 * Looking for fixed characters first is cheap.
 */
const SHAPES: readonly (readonly [marks: readonly string[], redact: Step, elsewhere?: string])[] = [
  [['eyJ', 'eyAi', 'ewog', 'ewoJ', 'ewoi', 'ew0K'], withoutTokens],
  [['--BEGIN', '--begin', '-- BEGIN', '-- begin'], (text) => text.replace(PEM, REDACTED)],
  [['Private-Lines'], (text) => text.replace(PUTTY, `$1${REDACTED}\n`)],
  [SERVICE_KEYS.flatMap(([, ...marks]) => marks), (text) => text.replace(SERVICE_KEY, REDACTED)],
  [['test_', 'live_'], (text) => text.replace(CLIENT_SECRET, REDACTED)],
  [['earer', 'EARER'], (text) => text.replace(BEARER, `$1${REDACTED}`)],
  [
    ['asic', 'ASIC'],
    (text) =>
      text.replace(BASIC, (all, scheme, encoded) => (isUserAndPassword(encoded) ? `${scheme}${REDACTED}` : all)),
  ],
  [['://'], (text) => text.replace(USERINFO, `$1${REDACTED}`), '@'],
  [
    ['://'],
    (text) =>
      text.replace(USER_KEY, (all, before, user) =>
        /\d/.test(user) && /[A-Za-z]/.test(user) ? `${before}${REDACTED}` : all,
      ),
    '@',
  ],
  [
    ['auth'],
    (text) =>
      text.replace(REGISTRY, (all, before, encoded) => (isUserAndPassword(encoded) ? `${before}${REDACTED}` : all)),
  ],
  [['login'], (text) => text.replace(NETRC, `$1${REDACTED}`), 'password'],
  [['assword', 'ASSWORD', 'dentified', 'DENTIFIED'], (text) => text.replace(SQL, `$1${REDACTED}`)],
  [
    ['ENV', 'ARG'],
    (text) =>
      text.replace(VARIABLE, (all, before, name) => (secrecyOf(name) === 'public' ? all : `${before}${REDACTED}`)),
  ],
  [['-u', '-U', '--proxy-user'], (text) => text.replace(CURL_USER, `$1${REDACTED}`)],
  [['mysql', 'mariadb'], (text) => text.replace(ATTACHED, `$1${REDACTED}`), ' -p'],
  [['sshpass', 'login', 'redis-cli', 'ldap', 'sqlcmd', 'bcp'], (text) => text.replace(APART, `$1${REDACTED}`), '-'],
];

/** What a text with a secret of a known shape holds: all characters of at least one of these. */
export const MARKS: readonly string[] = SHAPES.flatMap(([marks, , elsewhere = '']) =>
  marks.map((mark) => mark + elsewhere),
);

/** The shapes, each mark with its characters. */
const STEPS = SHAPES.map(([marks, redact, elsewhere = '']) => ({
  marks: marks.map((mark) => ({ mark, characters: charactersOf(mark + elsewhere) })),
  elsewhere,
  redact,
}));

/**
 * The text without secrets of a known shape.
 * @param characters those of the text, or more
 */
export function withoutKnownShapes(text: string, characters = charactersOf(text)): string {
  let clean = text;
  for (const { marks, elsewhere, redact } of STEPS) {
    const holdsMark = marks.some(
      (each) => (characters & each.characters) === each.characters && clean.includes(each.mark),
    );
    if (holdsMark && clean.includes(elsewhere)) clean = redact(clean);
  }
  return clean;
}

/** The longest credentials that are decoded, in characters. Longer ones are taken for credentials as they are. */
const LONGEST_BASIC = 2_000;

function isUserAndPassword(encoded: string): boolean {
  if (encoded.length > LONGEST_BASIC) return true;
  return /^[\x20-\x39\x3b-\x7e]*:[^\p{Cc}\ufffd]*$/u.test(Buffer.from(encoded, 'base64').toString());
}

/**
 * How JSON Web Tokens (RFC 7519) begin: `{"` in base64url, with a blank or the end of a line in between where a header is
 * written for people.
 */
const TOKEN_START = /e(?:yJ|yAi|wo[giJ]|w0K)/g;
/** The shortest header, in characters. A shorter one cannot name an algorithm. */
const SHORTEST_HEADER = 15;
/** A run of segments with dots between them, which may be percent-encoded. */
const DOTTED = /(?:[\w.-]|%2[Ee])*/y;
const DOT = /\.|%2E/gi;
/** How a token goes on that is broken at a dot, or inside of a segment by the end of a line. */
const BREAK_BEFORE_DOT = /\s{1,8}\.\s{0,8}(?=[\w-]{8})/y;
const BREAK_BEHIND_DOT = /(?<=\.)\s{1,8}(?=[\w-]{8})/y;
const BREAK_IN_SEGMENT =
  /(?<=[\w.-]{32})(?:=?\r?\n|\\n|\\\r?\n|<br ?\/?>|["'] ?\+\s{1,8}["'])[ \t]{0,8}(?=[\w-]{16}|[\w-]{1,15}\.[\w-]{8})/y;
/** The dots of the longest kind of token (RFC 7516 §3.1), and the most breaks in one. */
const MAX_DOTS = 4;
const MAX_JOINS = 500;

/**
 * Redacts JSON Web Tokens, also those that are cut off in their payload. Does not use one regular expression for the
 * whole token: it would take quadratic time on a text with many `eyJ…` and no dots.
 */
function withoutTokens(text: string): string {
  let clean = '';
  let done = 0;
  for (let start = tokenStart(text, 0); start !== -1; start = tokenStart(text, done)) {
    const run = text.slice(start, endOfRun(text, start));
    const token = tokenIn(run);
    clean += text.slice(done, start) + (token === undefined ? run : run.slice(0, token) + REDACTED);
    done = start + run.length;
  }
  return clean + text.slice(done);
}

/** The index from `from` on at which a token may begin; -1 if there is none. */
function tokenStart(text: string, from: number): number {
  TOKEN_START.lastIndex = from;
  return TOKEN_START.exec(text)?.index ?? -1;
}

/** Where a run of segments ends, with its parts behind breaks as long as a token is not complete without them. */
function endOfRun(text: string, start: number): number {
  let end = start;
  let dots = 0;
  for (let joins = 0; joins <= MAX_JOINS; joins++) {
    const from = end;
    end += lengthAt(DOTTED, text, end);
    dots += text.slice(from, end).match(DOT)?.length ?? 0;
    const isWhole = dots >= 2 && text[end - 1] !== '.';
    const joined =
      (dots < MAX_DOTS && lengthAt(BREAK_BEFORE_DOT, text, end)) ||
      (!isWhole && lengthAt(BREAK_BEHIND_DOT, text, end)) ||
      lengthAt(BREAK_IN_SEGMENT, text, end);
    if (joined === 0) break;
    end += joined;
  }
  return end;
}

/** The index at which a token begins in a run of segments with dots between them. */
function tokenIn(run: string): number | undefined {
  let offset = 0;
  while (offset < run.length) {
    const start = tokenStart(run, offset);
    if (start === -1) return undefined;
    const dot = dotFrom(run, start);
    if (dot === undefined) return undefined;
    if (dot.index - start >= SHORTEST_HEADER) return start;
    offset = dot.index + dot.length;
  }
  return undefined;
}

function dotFrom(run: string, from: number): { readonly index: number; readonly length: number } | undefined {
  DOT.lastIndex = from;
  const found = DOT.exec(run);
  return found === null ? undefined : { index: found.index, length: found[0].length };
}
