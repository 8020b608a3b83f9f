import type { AddCut } from './cuts.ts';
import { entryBefore } from './entries.ts';
import { REDACTED } from './known-secrets.ts';
import { matchesAt } from './match-at.ts';
import { nameBefore, type PairName } from './pair-names.ts';
import { valueAfter } from './pair-values.ts';
import { secrecyOf } from './secret-names.ts';

/** What a pair begins with, in front of its name, and ends with, behind its value. */
const BEGINS_PAIR = /([([{])\s{0,8}\\{0,8}["'`]$/;
const ENDS_PAIR = /^\\{0,8}["'`]\s{0,8}[\])}]/;
/** How calls are named that ask for a secret by its name. */
const ASKS = /(?:^|[^A-Za-z])(?:get|fetch|read|find|load|lookup|list|delete|remove|describe|require)[A-Z_]\w*$/;
/** So many characters at the end of a value are read again, for a name whose own value follows. */
export const WITHIN = 80;
/** How a quoted text begins that is the first argument of a call, and the second part of a pair. */
const ARGUMENT = /\([ \t\n]{0,8}\\{0,8}["'`]/y;
const SECOND = /,[ \t\n]{0,8}\\{0,8}["'`]/y;
/** What every JSON Web Key holds (RFC 7517). No `includes`, which V8 may move into a loop that uses what it says. */
const KEY_TYPE = /kty/;

/**
 * Cuts the values that names of secrets stand before in a text: in URLs, forms, cookies, headers, environment files, YAML,
 * source code, and JSON, however often it was quoted. Linear in the length of the text: before each separator a bounded
 * number of characters is read, and behind it only what is redacted then.
 */
export function addPairs(text: string, add: AddCut): void {
  const holdsKey = KEY_TYPE.test(text);
  let done = 0;
  for (let at = 0; at < text.length; at++) {
    const separator = separatorAt(text, at);
    if (separator === '') continue;
    const name = nameBefore(text, endOfName(text, at, separator), done) ?? entryBefore(text, at, separator);
    if (name === undefined || (name.isOfKey && !holdsKey)) continue;
    const value = valueAfter(text, at + separator.length, { separator, name });
    if (value === undefined || (separator === ',' && !isPair(text, at, name, value))) continue;
    add(value.start, value.end, markOf(value.isList, name));
    // What looks like the end of this value may be the beginning of the next one: `token=' password='…'`.
    done = Math.max(at + 1, value.end - WITHIN);
    at = done - 1;
  }
}

/** Where a name ends before a separator, which may have another mark before it: `?=`, `+=`, `||=`, `->`. */
function endOfName(text: string, at: number, separator: string): number {
  if (separator === '>') return at - 1;
  if (separator !== '=') return at;
  let end = at;
  while (at - end < 2 && '?+|'.includes(text[end - 1] ?? ' ')) end--;
  return end;
}

/** What stands between a name and its value, as it is or percent-encoded; empty if nothing of that begins here. */
function separatorAt(text: string, at: number): string {
  switch (text.charCodeAt(at)) {
    case 0x3a: // :
      return ':';
    case 0x28: // (
      return isWordCharacter(text.charCodeAt(at - 1)) &&
        matchesAt(ARGUMENT, text, at) &&
        !ASKS.test(text.slice(Math.max(0, at - 64), at))
        ? '('
        : '';
    case 0x2c: // ,
      return '"\'`'.includes(text[at - 1] ?? ' ') && matchesAt(SECOND, text, at) ? ',' : '';
    case 0x3d: // =
      return '=';
    case 0x3e: // >
      return text[at - 1] === '-' ? '>' : '';
    case 0x25: // %
      return text[at + 1] === '3' && 'aAdD'.includes(text[at + 2] ?? ' ') ? text.slice(at, at + 3) : '';
    default:
      return '';
  }
}

/**
 * Whether a quoted name in front of a comma and the text behind it belong together, as in `set("password", "…")` and
 * `["X-Api-Key", "…"]`. In a longer list they are names, and so is a word of letters alone in a list of two.
 */
function isPair(text: string, at: number, name: PairName, { start, end }: { start: number; end: number }): boolean {
  const value = text.slice(start, end);
  if (name.text.includes(' ') || secrecyOf(value) !== 'public') return false;
  const before = BEGINS_PAIR.exec(
    text.slice(Math.max(0, at - name.text.length - 24), at - name.text.length - name.quote.length),
  );
  if (before === null) return false;
  return before[1] === '(' || (ENDS_PAIR.test(text.slice(end, end + 24)) && !/^[a-z]+(?:_[a-z]+)*$/.test(value));
}

/** Whether it is a letter of ASCII, a digit or `_`: a call has no blank between its name and its arguments. */
function isWordCharacter(code: number): boolean {
  return code === 0x5f || (code >= 0x30 && code <= 0x39) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a);
}

/** The mark, quoted as the name is where the value was a list, an object or a number in JSON. */
function markOf(isBare: boolean, { quote }: PairName): string {
  return isBare ? `${quote}${REDACTED}${quote}` : REDACTED;
}
