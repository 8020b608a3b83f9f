import type { PairName } from './pair-names.ts';
import { valueAfter } from './pair-values.ts';
import { secrecyOf } from './secret-names.ts';

/*
 * Entries that name a secret beside its value: `{"name": "password", "value": "…"}`, `<add key="password" value="…"/>`.
 */

const NAMES = [
  ...['name', 'key', 'Name', 'Key', 'header', 'field', 'variable', 'id', 'label', 'k', 'property', 'parameter', 'type'],
] as const;
const VALUES: readonly string[] = ['value', 'Value', 'values', 'val', 'v'];

/** Whether a member of an object is the value of an entry whose name is that of a secret. */
export function isSecretEntry(object: Readonly<Record<string, unknown>>): boolean {
  if (VALUES.every((name) => object[name] === undefined)) return false;
  return NAMES.some((name) => isSecretName(object[name]));
}

/** Whether a member holds the value of an entry. */
export function isEntryValue(name: string): boolean {
  return VALUES.includes(name);
}

/** A word as in a list of names. */
const NAME_ALONE = /^[A-Za-z]+(?:[_-][A-Za-z]+)*$/;

/** A name of a secret and its value. */
export type SecretPair = readonly [name: unknown, value: string];

/**
 * Whether an entry of a list is a name of a secret and its value, as in `[["X-Api-Key", "…"]]`. Two names of members are none. A
 * list of two that is no entry of another one is a list of whatever its name says, such as permissions or URLs.
 */
export function isSecretPair(entry: unknown): entry is SecretPair {
  if (!Array.isArray(entry) || entry.length !== 2) return false;
  const [name, value] = entry;
  return typeof value === 'string' && !NAME_ALONE.test(value) && isSecretName(name);
}

function isSecretName(name: unknown): boolean {
  return typeof name === 'string' && name.length <= MAX_NAME && secrecyOf(name) !== 'public';
}

/** The longest name that is read, in characters. */
const MAX_NAME = 64;
/** How many characters are read around the word `value`. */
const AROUND = 160;
/** How many characters of a value in front of its name are read. */
const MAX_VALUE = 2_000;
/** How the value of an entry begins where it is quoted. */
const BEGINS_QUOTED = /^\s{0,8}\\{0,8}(?:["'`]|&quot;|&#|%2)/;
const LONGEST_BEGINNING = 24;
const A_QUOTE = String.raw`(?:\\{0,8}["']|&quot;)`;
const QUOTE = `${A_QUOTE}?`;
const NAMED = '(?:name|key|header|field|variable|id|label|k|property|parameter)';
const ENDS_WITH_NAMED = new RegExp(String.raw`(?<![\w-])${NAMED}$`, 'i');
/** The longest word of `NAMED`, and the character before it. */
const LONGEST_NAMED = 10;
/** A name behind its value. No two repetitions in a row accept the same character, so there is one way to read it. */
const NAME_BEHIND = new RegExp(
  String.raw`^${QUOTE}\s{0,40}(?:[,;]\s{0,32})?(?:-\s)?${QUOTE}${NAMED}${QUOTE}\s{0,8}[:=]\s{0,8}(?:${A_QUOTE}\s{0,8})?([\w.-]{1,64})(?![\w.-])`,
  'i',
);

/**
 * The name in `name="password", ` at the end of a text; undefined if it does not end so. Read from its end on, each
 * character once: a pattern would have many ways to share the same blanks.
 */
function nameOfEntry(text: string): string | undefined {
  const beforeBlanks = endWithout(isBlank, text, text.length);
  const isMark = ',;'.includes(text[beforeBlanks - 1] ?? ' ') && !text.endsWith('&quot;', beforeBlanks);
  if (!isMark && beforeBlanks === text.length) return undefined;
  const end = endWithoutQuote(text, isMark ? endWithout(isBlank, text, beforeBlanks - 1) : beforeBlanks);
  const start = endWithout(isNameCharacter, text, end);
  const separator = endWithout(isBlank, text, endWithoutQuote(text, start)) - 1;
  if (!':='.includes(text[separator] ?? ' ')) return undefined;
  const named = endWithoutQuote(text, endWithout(isBlank, text, separator));
  return ENDS_WITH_NAMED.test(text.slice(Math.max(0, named - LONGEST_NAMED), named))
    ? text.slice(start, end).trim()
    : undefined;
}

/** Whether a character is of a kind, by its code. */
type Kind = (code: number) => boolean;

const isBlank: Kind = (code) =>
  code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code > 0x7f && /\s/.test(String.fromCharCode(code)));
const isBackslash: Kind = (code) => code === 0x5c;
/** Whether it is a letter of ASCII, a digit, `_` or `-`. */
const isWordCharacter: Kind = (code) =>
  code === 0x5f || code === 0x2d || (code >= 0x30 && code <= 0x39) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a);
const isNameCharacter: Kind = (code) => isWordCharacter(code) || code === 0x20 || code === 0x2e;

/** Where a text ends without the characters of a kind that stand before an index. */
function endWithout(kind: Kind, text: string, end: number): number {
  let at = end;
  while (at > 0 && kind(text.charCodeAt(at - 1))) at--;
  return at;
}

/** Where a text ends without the quote before an index, if there is one. */
function endWithoutQuote(text: string, end: number): number {
  if (text.endsWith('&quot;', end)) return end - '&quot;'.length;
  const mark = text[end - 1];
  return mark === '"' || mark === "'" ? endWithout(isBackslash, text, end - 1) : end;
}

/** The most blanks behind the word `value`. */
const MAX_BLANKS = 8;
/** The word in all its forms. No two of them end alike. */
const WORDS = ['value', 'val', 'v'] as const;

/** The word `value` with which a text ends, but for a quote and blanks: where it begins, and the quote behind it. */
function valueAtEnd(text: string): { readonly start: number; readonly quote: string } | undefined {
  const behindQuote = endWithout(isBlank, text, text.length);
  if (text.length - behindQuote > MAX_BLANKS) return undefined;
  const end = endWithoutQuote(text, behindQuote);
  const word = WORDS.find((each) => text.slice(Math.max(0, end - each.length), end).toLowerCase() === each);
  if (word === undefined) return undefined;
  const quote = text.slice(end, behindQuote);
  const first = end - word.length;
  const start = endWithoutQuote(text, first);
  if (beginsAt(text, start)) return { start, quote };
  return beginsAt(text, first) ? { start: first, quote } : undefined;
}

/** Whether a word may begin at an index. */
function beginsAt(text: string, at: number): boolean {
  return at === 0 || !isWordCharacter(text.charCodeAt(at - 1));
}

/** Whether what stands before an index ends like `value`, `val` or `v`: most separators are sorted out here. */
function mayBeValue(text: string, end: number): boolean {
  let last = end - 1;
  while (last >= 0 && end - last <= AROUND && MAY_FOLLOW.includes(text[last] as string)) last--;
  return last >= 0 && 'eElLvV;'.includes(text[last] as string);
}

const MAY_FOLLOW = ' \n\t"\'\\';

/**
 * The word `value` before a separator, if a name of a secret stands beside it.
 * @param end the index of the separator
 */
export function entryBefore(text: string, end: number, separator: string): PairName | undefined {
  if (!mayBeValue(text, end)) return undefined;
  const before = text.slice(Math.max(0, end - AROUND), end);
  const alone = valueAtEnd(before);
  if (alone === undefined) return undefined;
  const name: PairName = { text: 'value', secrecy: 'secret', quote: alone.quote };
  const found = nameOfEntry(before.slice(0, alone.start));
  if (found !== undefined) return isSecretName(found) ? name : undefined;
  const from = end + separator.length;
  // Without quotes, all of it would be read for each of many such words.
  const behind = text.slice(
    from,
    from + (BEGINS_QUOTED.test(text.slice(from, from + LONGEST_BEGINNING)) ? MAX_VALUE : AROUND),
  );
  // Reading blocks, lists and objects again and again would take long.
  const value = valueAfter(behind, 0, { separator, name, isOfOnePiece: true });
  if (value === undefined) return undefined;
  const next = NAME_BEHIND.exec(behind.slice(value.end, value.end + AROUND));
  return isSecretName(next?.[1]) ? name : undefined;
}
