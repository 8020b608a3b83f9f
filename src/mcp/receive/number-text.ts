import { endOfString } from '../../core/extent.ts';

const QUOTE = 0x22;
/** What follows a name: a colon, and the value if that is a number. A string that is a value has no colon behind it. */
const VALUE = /[\t\n\r ]*:[\t\n\r ]*(-?\d[\d.eE+-]*)?/y;
const NUMBER = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/**
 * The number that a member of an object has, as a JSON text writes it. `JSON.parse` keeps only the nearest number that
 * JavaScript has. Linear in the length of the text.
 * @param text an object in valid JSON
 * @returns undefined when the member is no number; of several members of that name the last counts, as for `JSON.parse`
 */
export function numberOf(text: string, name: string): string | undefined {
  let depth = 0;
  let found: string | undefined;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case QUOTE: {
        const end = endOfString(text, i);
        VALUE.lastIndex = end + 1;
        const value = depth === 1 && isName(text, i, end, name) ? VALUE.exec(text) : null;
        if (value !== null) found = value[1];
        i = end;
        break;
      }
      case 0x5b: // [
      case 0x7b: // {
        depth++;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth--;
    }
  }
  return found;
}

/** Whether the string between two quotes is this name. Each of its characters may be written as `\uXXXX`. */
function isName(text: string, start: number, end: number, name: string): boolean {
  return end - start <= 1 + 6 * name.length && JSON.parse(text.slice(start, end + 1)) === name;
}

/** Whether a number, as JSON writes it, is a whole number: 1.0, 1e3 and 10e-1 are. Linear in its length. */
export function isWholeNumber(written: string): boolean {
  const [, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(written) ?? [];
  const digits = whole + fraction;
  let significant = digits.length;
  while (significant > 0 && digits[significant - 1] === '0') significant--;
  return significant === 0 || Number(exponent) + whole.length - significant >= 0;
}
