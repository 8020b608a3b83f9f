import type { AddCut } from './cuts.ts';
import { entryBefore } from './entries.ts';
import { REDACTED } from './known-secrets.ts';
import { nameBefore, type PairName } from './pair-names.ts';
import { valueAfter } from './pair-values.ts';

/** So many characters at the end of a value are read again, for a name whose own value follows. */
export const WITHIN = 80;
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
    if (value === undefined) continue;
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

/** The mark, quoted as the name is where the value was a list, an object or a number in JSON. */
function markOf(isBare: boolean, { quote }: PairName): string {
  return isBare ? `${quote}${REDACTED}${quote}` : REDACTED;
}
