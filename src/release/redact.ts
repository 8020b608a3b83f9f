import { withoutInvisible } from './invisible.ts';
import { secrecyOf } from './secret-names.ts';

/** Replaces a secret. It is a string, so that a result still fits its schema. */
export const REDACTED = '[redacted]';

/**
 * A text that does not match this contains no secret with a known shape. The check is cheap, and most texts do not
 * match.
 */
const HINT = /eyJ|-----BEGIN|test_|live_|[Bb][Ee][Aa][Rr][Ee][Rr]|=|"\s*:/;

const PEM = /-----BEGIN [A-Z0-9 ]{1,40}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,40}-----|$)/g;
/**
 * Scalekit's client secrets. They must have letters and digits; `test_connection` and the id `test_27758…` do not
 * match.
 */
const CLIENT_SECRET =
  /(?:test|live)_(?:(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{20,}|(?=[A-Za-z]*\d)(?=[\da-z]*[A-Z])(?=[\dA-Z]*[a-z])[A-Za-z0-9]{12,})/g;
/** A bearer token: with a digit, or longer than the words that follow `Bearer` in sentences. */
const BEARER = /\b(bearer\s+)(?:[\w.~+/-]{16,}=*|(?=[\w.~+/-]*\d)[\w.~+/-]{8,}=*)/gi;
/** `"name":"value"` in a text. The text may end inside the value. */
const JSON_PAIR = /"([^"\\]{1,64})"(\s*:\s*)"((?:[^"\\]|\\[\s\S])*)("|\\?)/g;
/** `name=value` in a URL, a cookie, a form or an environment file. */
const PAIR = /(?<![\w-])([\w-]{2,64})=([^\s&;,"']+)/g;

/** Redacts secrets by their shape, also inside longer texts. Linear in the length of the text. */
export function withoutShapes(text: string): string {
  if (!HINT.test(text)) return text;
  return withoutTokens(text)
    .replace(PEM, REDACTED)
    .replace(CLIENT_SECRET, REDACTED)
    .replace(BEARER, `$1${REDACTED}`)
    .replace(JSON_PAIR, (pair, name, between, value, end) =>
      value !== '' && isSecretName(name) ? `"${name}"${between}"${REDACTED}${end}` : pair,
    )
    .replace(PAIR, (pair, name) => (isSecretName(name) ? `${name}=${REDACTED}` : pair));
}

function isSecretName(name: string): boolean {
  return secrecyOf(name) !== 'public';
}

/** The beginning of every JSON Web Token (RFC 7519): `{"` in base64url. */
const TOKEN_START = 'eyJ';
/** The shortest header, in characters. A shorter one cannot name an algorithm. */
const SHORTEST_HEADER = 15;
const DOTTED = /[\w.-]*/y;

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
  for (const segment of run.split('.')) {
    const start = segment.indexOf(TOKEN_START);
    const isLast = offset + segment.length === run.length;
    if (start !== -1 && segment.length - start >= SHORTEST_HEADER && !isLast) return offset + start;
    offset += segment.length + 1;
  }
  return undefined;
}

/** Secrets that are shorter may occur in ordinary words, so they are redacted only as whole words. */
const SHORTEST_PART = 8;

/** The known secrets of one request. They are redacted wherever they appear. */
export class KnownSecrets {
  readonly #long: readonly { readonly value: string; readonly head: string }[];
  readonly #short: RegExp | undefined;

  constructor(values: Iterable<string>) {
    const all = [...new Set([...values].flatMap(spellings))].filter((value) => value.trim() !== '');
    // The longest first, because one secret may be the beginning of another.
    const long = all.filter(({ length }) => length >= SHORTEST_PART).sort((a, b) => b.length - a.length);
    this.#long = long.map((value) => ({ value, head: value.slice(0, SHORTEST_PART) }));
    const short = all.filter(({ length }) => length < SHORTEST_PART).map(escapeForPattern);
    this.#short =
      short.length === 0
        ? undefined
        : new RegExp(`(?<![\\p{L}\\p{N}_])(?:${short.join('|')})(?![\\p{L}\\p{N}_])`, 'gu');
  }

  /** The text without these secrets. At the end of the text, also a secret that is cut off is redacted. */
  redact(text: string): string {
    let clean = this.#short === undefined ? text : text.replace(this.#short, REDACTED);
    for (const { value, head } of this.#long) {
      if (!clean.includes(head)) continue;
      clean = clean.replaceAll(value, REDACTED);
      const last = clean.lastIndexOf(head);
      if (last !== -1 && value.startsWith(clean.slice(last))) clean = clean.slice(0, last) + REDACTED;
    }
    return clean;
  }
}

/** The forms in which a secret may appear: as it is, in a URL, or in JSON. Most tokens look the same in all of them. */
function spellings(value: string): string[] {
  if (/^[\w.-]*$/.test(value)) return [value];
  const visible = withoutInvisible(value);
  return [visible, encodeURIComponent(visible), JSON.stringify(visible).slice(1, -1)];
}

function escapeForPattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
