import { withoutInvisible } from './invisible.ts';
import { secrecyOf } from './secret-names.ts';

/** Stands where a secret was. A string, so that a result still has the form that its schema announces. */
export const REDACTED = '[redacted]';

/** A string without anything of this holds no secret that has a shape. Cheap, and true for most. */
const HINT = /eyJ|-----BEGIN|test_|live_|[Bb][Ee][Aa][Rr][Ee][Rr]|=|"\s*:/;

const PEM = /-----BEGIN [A-Z0-9 ]{1,40}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,40}-----|$)/g;
/** Scalekit's client secrets. Letters and digits, so that neither `test_connection` nor the id `test_27758…` is one. */
const CLIENT_SECRET =
  /(?:test|live)_(?:(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{20,}|(?=[A-Za-z]*\d)(?=[\da-z]*[A-Z])(?=[\dA-Z]*[a-z])[A-Za-z0-9]{12,})/g;
/** With a digit, or longer than the words that follow `Bearer` in sentences. */
const BEARER = /\b(bearer\s+)(?:[\w.~+/-]{16,}=*|(?=[\w.~+/-]*\d)[\w.~+/-]{8,}=*)/gi;
/** `"name":"value"` in a text, which may end before the value does. */
const JSON_PAIR = /"([^"\\]{1,64})"(\s*:\s*)"((?:[^"\\]|\\[\s\S])*)("|\\?)/g;
/** `name=value` in an URL, a cookie, a form or an environment file. */
const PAIR = /(?<![\w-])([\w-]{2,64})=([^\s&;,"']+)/g;

/** Redacts secrets by their shape, in the middle of longer strings too. Linear in the length of the text. */
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

/** How the header of every JSON Web Token begins: `{"` in base64. */
const TOKEN_START = 'eyJ';
/** Shorter ones name no algorithm. */
const SHORTEST_HEADER = 15;
const DOTTED = /[\w.-]*/y;

/**
 * Redacts JSON Web Tokens, those that were cut off in their payload included. Scans by hand: a pattern that looks for
 * `eyJ…` and then for dots takes quadratic time on a text that holds one without the other.
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

/** Where in a run of dotted segments a token begins. */
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

/** Shorter secrets are words as well: they are looked for as whole words only. */
const SHORTEST_PART = 8;

/** The secrets of one request: they are redacted wherever they turn up, whatever they look like. */
export class KnownSecrets {
  readonly #long: readonly { readonly value: string; readonly head: string }[];
  readonly #short: RegExp | undefined;

  constructor(values: Iterable<string>) {
    const all = [...new Set([...values].flatMap(spellings))].filter((value) => value.trim() !== '');
    // The longest first: one may be the beginning of another.
    const long = all.filter(({ length }) => length >= SHORTEST_PART).sort((a, b) => b.length - a.length);
    this.#long = long.map((value) => ({ value, head: value.slice(0, SHORTEST_PART) }));
    const short = all.filter(({ length }) => length < SHORTEST_PART).map(escapeForPattern);
    this.#short =
      short.length === 0
        ? undefined
        : new RegExp(`(?<![\\p{L}\\p{N}_])(?:${short.join('|')})(?![\\p{L}\\p{N}_])`, 'gu');
  }

  /** The text without these secrets, nor one that was cut off at its end. */
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

/** As it may turn up: in a text, in a URL, in JSON inside of a text. Most tokens are spelt the same everywhere. */
function spellings(value: string): string[] {
  if (/^[\w.-]*$/.test(value)) return [value];
  const visible = withoutInvisible(value);
  return [visible, encodeURIComponent(visible), JSON.stringify(visible).slice(1, -1)];
}

function escapeForPattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
