/** One sentence for people, or a part of one. Made by `sentence` and `given`. */
export interface Sentence {
  readonly text: string;
}

/** A value that a caller gave. */
type Value = string | number | boolean | readonly (Value | Sentence)[] | { readonly [name: string]: unknown } | null;

/** A value has so many characters in a sentence at most, so that none pushes another one out of sight: as many as an address. */
const MAX_VALUE = 264;
/** A list or an object has about so many characters, if its values can be shortened to that: more than most arguments may have. */
const MAX_LIST = 4_000;
/** So many characters of each value in it are shown, however many there are. */
const LEAST_VALUE = 40;
/** Of how many a value that is cut says that they are left out, at least. */
const LEAST_CUT = 20;
/** So many characters of a long host are shown, those at its end, which say whose it is. */
const MAX_HOST = 80;

/**
 * Says what a call is about to do, with its values in it: sentence`Delete the user ${userId} for good.` Texts are quoted
 * as in JSON, so that none can pass for a part of the sentence; lists have commas; parts that are sentences themselves
 * stand as they are. Of what is too long beginning and end stand, with "…" between them and how much is left out;
 * so do those of each value in a list, so that all of them are seen. Of a long host in a URL or an email address its end stands.
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

/**
 * Lists have commas, objects stand as in JSON. Where they are long, each value in them is shortened, and none is left out: whoever
 * agrees to a list agrees to each of its entries.
 */
function shown(value: unknown): string {
  if (typeof value !== 'object' || value === null) return cutValue(JSON.stringify(value));
  if (Array.isArray(value) && value.length === 0) return 'none';
  const whole = written(value, Number.POSITIVE_INFINITY);
  const isLong = whole.length > MAX_LIST;
  const text = isLong ? written(value, Math.max(LEAST_VALUE, Math.floor(MAX_LIST / valuesIn(value)))) : whole;
  return Array.isArray(value) ? text.slice(1, -1) : text;
}

/** A value with all that is in it, each text of it in so many characters at most. */
function written(value: unknown, longest: number): string {
  if (isPart(value)) return value.text;
  if (Array.isArray(value)) return `[${value.map((entry) => written(entry, longest)).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return shortened(JSON.stringify(value), longest);
  const members = membersOf(value).map(([name, member]) => `${written(name, longest)}:${written(member, longest)}`);
  return `{${members.join(', ')}}`;
}

/** How many values there are in a list or an object, at all levels, without those that hold others. */
function valuesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  const values: unknown[] = Array.isArray(value) ? value : membersOf(value).map(([, member]) => member);
  return values.reduce<number>((count, each) => count + valuesIn(each), 0) || 1;
}

function membersOf(object: object): [string, unknown][] {
  return Object.entries(object).filter(([, member]) => member !== undefined);
}

/** Beginning and end of a value that is too long, in about so many characters, with a mark for what is left out between them. */
function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const [all = '', before = '', host = '', behind = ''] = LOCATED.exec(text) ?? NAMED.exec(text) ?? [];
  if (all === '') {
    const behindCut = Math.floor(longest / 4);
    return `${withoutHalf(text.slice(0, longest - behindCut))}…${text.slice(wholeFrom(text, text.length - behindCut))}`;
  }
  const seen = host.length > MAX_HOST ? `…${host.slice(wholeFrom(host, host.length - MAX_HOST))}` : host;
  const rest = withoutHalf(behind.slice(0, Math.max(0, longest - before.length - seen.length)));
  return `${before}${seen}${rest}${rest === behind ? '' : '…'}"`;
}

/** A URL in JSON: what stands before its host, the host with its port, and what is behind. Backslashes are read as slashes. */
const LOCATED = /^("[a-z][a-z0-9+.-]{0,31}:\/\/)((?:[^"/?#\\]|\\[^\\])+)(.*)"$/is;
/** The same of an email address or a host. */
const NAMED = /^("(?:(?:[^"\\]|\\.){1,64}@)?)((?:[^"@\s/:?#\\.]{1,63}\.){1,126}[^"@\s/:?#\\.]{1,63})(|[:/?#].*)"$/s;

function cutValue(text: string): string {
  const shown = text.length <= MAX_VALUE + LEAST_CUT ? text : shortened(text, MAX_VALUE);
  return shown === text ? text : `${shown} (${text.length - shown.replace('…', '').length} more characters)`;
}

/** The beginning of a text in JSON, without the half of a character or of an escaped one at its end. */
function withoutHalf(text: string): string {
  return text.replace(/[\ud800-\udbff]$/, '').replace(/\\+$/, (run) => run.slice(run.length % 2));
}

/** Where the end of a text in JSON may begin, from an index on: not within a character, nor behind what escapes it. */
function wholeFrom(text: string, at: number): number {
  let escapes = at;
  while (text[escapes - 1] === '\\') escapes--;
  const isWithin = (at - escapes) % 2 === 1 || /[\udc00-\udfff]/.test(text[at] as string);
  return isWithin ? at + 1 : at;
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
