import { REDACTED } from './known-secrets.ts';
import { nameBefore, type PairName } from './pair-names.ts';
import { valueAfter } from './pair-values.ts';

/** What every JSON Web Key holds (RFC 7517). No `includes`, which V8 may move into a loop that uses what it says. */
const KEY_TYPE = /kty/;

/**
 * Redacts values by the names in front of them in a text: in URLs, forms, cookies, headers, environment files, YAML,
 * source code, and JSON, however often it was quoted. Linear in the length of the text: before each separator a bounded
 * number of characters is read, and behind it only what is redacted then.
 */
export function withoutPairs(text: string): string {
  const holdsKey = KEY_TYPE.test(text);
  let clean = '';
  let done = 0;
  for (let at = 0; at < text.length; at++) {
    const separator = separatorAt(text, at);
    if (separator === '') continue;
    const name = nameBefore(text, at, done);
    if (name === undefined || (name.isOfKey && !holdsKey)) continue;
    const value = valueAfter(text, at + separator.length, { separator, name });
    if (value === undefined) continue;
    clean += text.slice(done, value.start) + markOf(value.isList, name);
    done = value.end;
    at = done - 1;
  }
  return done === 0 ? text : clean + text.slice(done);
}

/** What stands between a name and its value, as it is or percent-encoded; empty if nothing of that begins here. */
function separatorAt(text: string, at: number): string {
  switch (text.charCodeAt(at)) {
    case 0x3a: // :
      return ':';
    case 0x3d: // =
      return '=';
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
