import { REDACTED } from './known-secrets.ts';

/*
 * Secrets that are known by their own shape, wherever they stand. Every pattern is linear in the length of the text: it
 * begins with fixed characters, and a repetition in it ends at characters with which it cannot begin.
 */

const PEM = /-----BEGIN [A-Z0-9 ]{1,40}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,40}-----|$)/g;
/**
 * Scalekit's client secrets. They must have letters and digits; `test_connection` and the id `test_27758…` do not
 * match.
 */
const CLIENT_SECRET =
  /(?:test|live)_(?:(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{20,}|(?=[A-Za-z]*\d)(?=[\da-z]*[A-Z])(?=[\dA-Z]*[a-z])[A-Za-z0-9]{12,})/g;
/** A bearer token: with a digit, or longer than the words that follow `Bearer` in sentences. */
const BEARER = /\b(bearer\s+)(?:[\w.~+/-]{16,}=*|(?=[\w.~+/-]*\d)[\w.~+/-]{8,}=*)/gi;
/** What may be the credentials of HTTP's Basic scheme (RFC 7617). */
const BASIC = /\b(basic\s+)([\w+/-]{4,}={0,2})/gi;
/** The password of a user in a URL (RFC 3986 §3.2.1). */
const USERINFO = /(:\/\/[^\s/?#@:"'<>]*:)[^\s/?#@"'<>]+(?=@)/g;
/** The password in a command line of curl. */
const CURL_USER = /((?<![^\s])(?:-u|--user)(?:\s+|=)?["']?[^\s:"'=-][^\s:"']*:)[^\s"']+/g;
/** Keys of other services that begin alike: GitHub, GitLab, AWS, Google, Slack, OpenAI and its like, Stripe, npm. */
const SERVICE_KEY = new RegExp(
  `(?<![\\w-])(?:${[
    'gh[pousr]_\\w{16,}',
    'github_pat_\\w{16,}',
    'glpat-[\\w-]{16,}',
    'A[KS]IA[A-Z0-9]{16}(?![A-Z0-9])',
    'AIza[\\w-]{30,}',
    'ya29\\.[\\w.-]{16,}',
    'GOCSPX-[\\w-]{16,}',
    'xox[a-z]-[\\w-]{10,}',
    'xapp-[\\w-]{10,}',
    'hooks\\.slack\\.com/services/[\\w/]{10,}',
    'sk-(?=[A-Za-z_-]{0,100}\\d)[\\w-]{16,}',
    '[prs]k_(?:live|test)_\\w{10,}',
    'whsec_[\\w+/=]{16,}',
    'npm_\\w{30,}',
    'hf_[A-Za-z0-9]{30,}',
    'SG\\.[\\w-]{16,}\\.[\\w-]{16,}',
  ].join('|')})`,
  'g',
);

type Step = (text: string) => string;

/**
 * What every text of a shape holds, one of its marks and that which stands at another place, and how to redact it.
 * Looking for fixed characters first is cheap.
 */
const SHAPES: readonly (readonly [marks: readonly string[], redact: Step, elsewhere?: string])[] = [
  [['eyJ'], withoutTokens],
  [['-----BEGIN'], (text) => text.replace(PEM, REDACTED)],
  [
    [
      'gh',
      'glpat-',
      'AKIA',
      'ASIA',
      'AIza',
      'ya29',
      'GOCSPX',
      'xox',
      'xapp-',
      'sk-',
      'k_',
      'c_',
      'm_',
      'f_',
      'SG.',
      'hooks',
    ],
    (text) => text.replace(SERVICE_KEY, REDACTED),
  ],
  [['test_', 'live_'], (text) => text.replace(CLIENT_SECRET, REDACTED)],
  [['earer', 'EARER'], (text) => text.replace(BEARER, `$1${REDACTED}`)],
  [
    ['asic', 'ASIC'],
    (text) =>
      text.replace(BASIC, (all, scheme, encoded) => (isUserAndPassword(encoded) ? `${scheme}${REDACTED}` : all)),
  ],
  [['://'], (text) => text.replace(USERINFO, `$1${REDACTED}`), '@'],
  [['-u'], (text) => text.replace(CURL_USER, `$1${REDACTED}`)],
];

/** What a text with a secret of a known shape holds: all characters of at least one of these. */
export const MARKS: readonly string[] = SHAPES.flatMap(([marks, , elsewhere = '']) =>
  marks.map((mark) => mark + elsewhere),
);

/** The text without secrets of a known shape. */
export function withoutKnownShapes(text: string): string {
  let clean = text;
  for (const [marks, redact, elsewhere = ''] of SHAPES) {
    if (marks.some((mark) => clean.includes(mark)) && clean.includes(elsewhere)) clean = redact(clean);
  }
  return clean;
}

/** The longest credentials that are decoded, in characters. Longer ones are taken for credentials as they are. */
const LONGEST_BASIC = 2_000;

function isUserAndPassword(encoded: string): boolean {
  if (encoded.length > LONGEST_BASIC) return true;
  return /^[\x20-\x39\x3b-\x7e]*:[^\p{Cc}\ufffd]*$/u.test(Buffer.from(encoded, 'base64').toString());
}

/** The beginning of every JSON Web Token (RFC 7519): `{"` in base64url. */
const TOKEN_START = 'eyJ';
/** The shortest header, in characters. A shorter one cannot name an algorithm. */
const SHORTEST_HEADER = 15;
/** A run of segments with dots between them, which may be percent-encoded. */
const DOTTED = /(?:[\w.-]|%2[Ee])*/y;
const DOT = /\.|%2E/gi;

/**
 * Redacts JSON Web Tokens, also those that are cut off in their payload. Does not use one regular expression for the
 * whole token: it would take quadratic time on a text with many `eyJ…` and no dots.
 */
function withoutTokens(text: string): string {
  let clean = '';
  let done = 0;
  for (let start = text.indexOf(TOKEN_START); start !== -1; start = text.indexOf(TOKEN_START, done)) {
    DOTTED.lastIndex = start;
    const run = DOTTED.exec(text)?.[0] ?? '';
    const token = tokenIn(run);
    clean += text.slice(done, start) + (token === undefined ? run : run.slice(0, token) + REDACTED);
    done = start + run.length;
  }
  return clean + text.slice(done);
}

/** The index at which a token begins in a run of segments with dots between them. */
function tokenIn(run: string): number | undefined {
  let offset = 0;
  while (offset < run.length) {
    const start = run.indexOf(TOKEN_START, offset);
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
