/** One sentence for people, or a part of one. Made by `sentence` and `given`. */
export interface Sentence {
  readonly text: string;
}

/** A value that a caller gave. */
type Value = string | number | boolean | readonly (Value | Sentence)[] | { readonly [name: string]: unknown } | null;

/** A value has so many characters in a sentence at most, so that none pushes another one out of sight. */
const MAX_VALUE = 200;
/** A list has so many characters, or one entry. */
const MAX_LIST = 1_000;
/** So many characters of each of its values are shown before any is left out. */
const LEAST_VALUE = 40;
/** So many characters of a long host are shown, those at its end, which say whose it is. */
const MAX_HOST = 80;

/**
 * Says what a call is about to do, with its values in it: sentence`Delete the user ${userId} for good.` Texts are quoted
 * as in JSON, so that none can pass for a part of the sentence; lists have commas; parts that are sentences themselves
 * stand as they are. What is too long ends with "…" and how much is left out; of long values in a list the beginnings stand,
 * so that as many as possible are seen. Of a long host in a URL or an email address its end stands.
 */
export function sentence(texts: TemplateStringsArray, ...values: readonly (Value | Sentence)[]): Sentence {
  const text = texts.map((before, i) => (i < values.length ? `${before}${partOf(values[i])}` : before)).join('');
  return part(text);
}

/** Marks what this file made: no argument of a caller can pass for a part of a sentence. */
const PART = Symbol('part of a sentence');

function partOf(value: Value | Sentence | undefined): string {
  return isPart(value) ? value.text : shown(value);
}

function isPart(value: unknown): value is Sentence {
  return typeof value === 'object' && value !== null && PART in value;
}

function shown(value: unknown): string {
  if (!Array.isArray(value))
    return typeof value === 'object' && value !== null ? members(value) : cutValue(JSON.stringify(value));
  if (value.length === 0) return 'none';
  const whole = listOf(value, partOf);
  if (whole.left === 0) return whole.text;
  const share = Math.max(LEAST_VALUE, Math.floor(MAX_LIST / value.length) - ', …"'.length);
  const { text, left } = listOf(value, (entry) => (isPart(entry) ? entry.text : beginningOf(partOf(entry), share)));
  return left === 0 ? text : `${text}, … (${left} more)`;
}

/** An object as in JSON, as much of it as fits; of long values the beginnings. */
function members(object: object): string {
  const text = JSON.stringify(object);
  if (text.length <= MAX_VALUE) return text;
  const all = Object.entries(object).map(([name, value]) => [JSON.stringify(name), JSON.stringify(value)] as const);
  const share = Math.min(MAX_VALUE, Math.max(LEAST_VALUE, Math.floor(MAX_LIST / all.length)));
  const cut = all.map(([name, value]) => `${beginningOf(name, LEAST_VALUE)}:${cutValue(value, share)}`);
  const { text: shown, left } = listOf(cut, String);
  return left === 0 ? `{${shown}}` : `{${shown}, … (${left} more)}`;
}

/** As many of some values as fit, with commas, and how many are left out. */
function listOf(
  values: readonly (Value | Sentence)[],
  show: (value: Value | Sentence) => string,
): { readonly text: string; readonly left: number } {
  let text = '';
  for (const [i, value] of values.entries()) {
    const next = i === 0 ? show(value) : `${text}, ${show(value)}`;
    if (i > 0 && next.length > MAX_LIST) return { text, left: values.length - i };
    text = next;
  }
  return { text, left: 0 };
}

/** The beginning of a value that is too long, in so many characters and the mark that it goes on. */
function beginningOf(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const [all = '', before = '', host = '', behind = ''] = ADDRESS.exec(text) ?? [];
  if (all === '') return `${withoutHalf(text.slice(0, longest))}…${text.startsWith('"') ? '"' : ''}`;
  const seen = host.length > MAX_HOST ? `…${host.slice(-MAX_HOST)}` : host;
  const rest = withoutHalf(behind.slice(0, Math.max(0, longest - before.length - seen.length)));
  return `${before}${seen}${rest}${rest === behind ? '' : '…'}"`;
}

/** A quoted text that is a web URL, an email address or a host: what stands before its host, the host, and what is behind. */
const ADDRESS =
  /^("(?:[a-z][a-z0-9+.-]{0,31}:\/\/|[^"@\s/]{1,64}@)?)((?:[^"@\s/:?#\\.]{1,63}\.){1,126}[^"@\s/:?#\\.]{1,63})(|[:/?#][^"]*)"$/i;

function cutValue(text: string, longest = MAX_VALUE): string {
  if (text.length <= longest) return text;
  const shown = beginningOf(text, longest);
  return `${shown} (${text.length - shown.replace('…', '').length} more characters)`;
}

/** A text that was cut, without the first half of a pair of surrogates at its end. */
function withoutHalf(text: string): string {
  return text.replace(/[\ud800-\udbff]$/, '');
}

/**
 * The values among some that are given, each after its name: `first name "Ada", last name "Lovelace"`; "nothing" if none is.
 * @param values by their names in words; those that are undefined are left out
 */
export function given(values: Readonly<Record<string, unknown>>): Sentence {
  return part(named(values) || 'nothing');
}

/** The same for the end of a sentence, after ", with"; nothing at all if none is given. */
export function also(values: Readonly<Record<string, unknown>>): Sentence {
  const text = named(values);
  return part(text && `, with ${text}`);
}

function named(values: Readonly<Record<string, unknown>>): string {
  const present = Object.entries(values).filter(([, value]) => value !== undefined);
  return present.map(([name, value]) => `${name} ${partOf(value as Value)}`).join(', ');
}

function part(text: string): Sentence {
  return Object.freeze({ [PART]: true, text });
}
