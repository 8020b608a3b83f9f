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

/** Whether a list is a name of a secret and its value: `["X-Api-Key", "…"]`. Two names of members are none. */
export function isSecretPair(list: readonly unknown[]): boolean {
  const [name, value, ...more] = list;
  return more.length === 0 && typeof value === 'string' && !NAME_ALONE.test(value) && isSecretName(name);
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
const VALUE_ALONE = new RegExp(String.raw`(?<![\w-])${QUOTE}(?:value|val|v)(${QUOTE})\s{0,8}$`, 'i');
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
  const beforeBlanks = endWithout(BLANK, text, text.length);
  const isMark = ',;'.includes(text[beforeBlanks - 1] ?? ' ') && !text.endsWith('&quot;', beforeBlanks);
  if (!isMark && beforeBlanks === text.length) return undefined;
  const end = endWithoutQuote(text, isMark ? endWithout(BLANK, text, beforeBlanks - 1) : beforeBlanks);
  const start = endWithout(NAME_CHARACTER, text, end);
  const separator = endWithout(BLANK, text, endWithoutQuote(text, start)) - 1;
  if (!':='.includes(text[separator] ?? ' ')) return undefined;
  const named = endWithoutQuote(text, endWithout(BLANK, text, separator));
  return ENDS_WITH_NAMED.test(text.slice(Math.max(0, named - LONGEST_NAMED), named))
    ? text.slice(start, end).trim()
    : undefined;
}

const BLANK = /\s/;
const NAME_CHARACTER = /[\w .-]/;

/** Where a text ends without the characters of a kind that stand before an index. */
function endWithout(kind: RegExp, text: string, end: number): number {
  let at = end;
  while (at > 0 && kind.test(text[at - 1] as string)) at--;
  return at;
}

/** Where a text ends without the quote before an index, if there is one. */
function endWithoutQuote(text: string, end: number): number {
  if (text.endsWith('&quot;', end)) return end - '&quot;'.length;
  const mark = text[end - 1];
  return mark === '"' || mark === "'" ? endWithout(BACKSLASH, text, end - 1) : end;
}

const BACKSLASH = /\\/;

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
  const alone = VALUE_ALONE.exec(before);
  if (alone === null) return undefined;
  const name: PairName = { text: 'value', secrecy: 'secret', quote: alone[1] ?? '' };
  const found = nameOfEntry(before.slice(0, alone.index));
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
