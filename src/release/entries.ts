import type { PairName } from './pair-names.ts';
import { valueAfter } from './pair-values.ts';
import { secrecyOf } from './secret-names.ts';

/*
 * Entries that name a secret beside its value: `{"name": "password", "value": "…"}`, `<add key="password" value="…"/>`.
 */

const NAMES = ['name', 'key', 'Name', 'Key', 'header', 'field', 'variable'] as const;

/** Whether a member of an object is the value of an entry whose name is that of a secret. */
export function isSecretEntry(object: Readonly<Record<string, unknown>>): boolean {
  if (object['value'] === undefined && object['Value'] === undefined) return false;
  return NAMES.some((name) => isSecretName(object[name]));
}

/** Whether a member holds the value of an entry. */
export function isEntryValue(name: string): boolean {
  return name === 'value' || name === 'Value';
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
const QUOTE = String.raw`(?:\\{0,8}["']|&quot;)?`;
const NAME = String.raw`(?:name|key|header|field|variable)${QUOTE}\s{0,8}[:=]\s{0,8}${QUOTE}([\w .-]{1,64}?)${QUOTE}`;
const VALUE = String.raw`(?:value|val)(${QUOTE})\s{0,8}$`;
const NAME_AND_VALUE = new RegExp(
  String.raw`(?<![\w-])${NAME}\s{0,8}[,;]?\s{1,32}${QUOTE}${VALUE}|(?<![\w-])${NAME}\s{0,8}[,;]\s{0,32}${QUOTE}${VALUE}`,
  'i',
);
const NAME_BEHIND = new RegExp(String.raw`^${QUOTE}\s{0,8}[,;]?\s{0,32}(?:-\s)?${QUOTE}${NAME}(?![\w.-])`, 'i');
const VALUE_ALONE = new RegExp(String.raw`(?<![\w-])${QUOTE}${VALUE}`, 'i');

/** Whether what stands before an index ends like `value` or `val`: most separators are sorted out here. */
function mayBeValue(text: string, end: number): boolean {
  let last = end - 1;
  while (last >= 0 && end - last <= AROUND && MAY_FOLLOW.includes(text[last] as string)) last--;
  return last >= 2 && 'eElL;'.includes(text[last] as string);
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
  const found = NAME_AND_VALUE.exec(before);
  if (found !== null) return isSecretName(found[1] ?? found[3]) ? name : undefined;
  const behind = text.slice(end + separator.length, end + separator.length + MAX_VALUE);
  // Reading lists and objects again and again would take long.
  if (/^\s{0,8}[[{]/.test(behind)) return undefined;
  const value = valueAfter(behind, 0, { separator, name });
  if (value === undefined) return undefined;
  const next = NAME_BEHIND.exec(behind.slice(value.end, value.end + AROUND));
  return isSecretName(next?.[1]) ? name : undefined;
}
