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

/**
 * Says what a call is about to do, with its values in it: sentence`Delete the user ${userId} for good.` Texts are quoted
 * as in JSON, so that none can pass for a part of the sentence; lists have commas; parts that are sentences themselves
 * stand as they are. What is too long ends with "…" and how much is left out.
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
  if (!Array.isArray(value)) return cutValue(JSON.stringify(value));
  if (value.length === 0) return 'none';
  let text = '';
  for (const [i, entry] of value.entries()) {
    const next = i === 0 ? partOf(entry) : `${text}, ${partOf(entry)}`;
    if (i > 0 && next.length > MAX_LIST) return `${text}, … (${value.length - i} more)`;
    text = next;
  }
  return text;
}

function cutValue(text: string): string {
  if (text.length <= MAX_VALUE) return text;
  // A pair of surrogates is one character.
  const kept = text.slice(0, MAX_VALUE).replace(/[\ud800-\udbff]$/, '');
  return `${kept}…${text.startsWith('"') ? '"' : ''} (${text.length - kept.length} more characters)`;
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
