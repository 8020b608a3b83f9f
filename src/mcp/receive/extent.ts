import { MAX_DEPTH } from '../../core/json.ts';

/**
 * More values than any message needs; a list or object that is empty counts twice. Each is looked at many times on its
 * way, and everybody waits meanwhile.
 */
export const MAX_VALUES = 10_000;

/** The shortest text that can hold too many: a digit and a comma for each. */
const LONG = 2 * MAX_VALUES;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * How a text, were it parsed, would be more than any message: parsing a megabyte of brackets holds up everybody for
 * longer than the whole of a usual call. Linear in the length of the text, and nothing at all for one of usual length,
 * which may still be too deep. Text that is no JSON may pass.
 */
export function excessOf(text: string): 'deep' | 'many' | undefined {
  if (text.length < LONG) return undefined;
  let depth = 0;
  let values = 1;
  for (let i = 0; i < text.length; i++) {
    // Written out, since a table of characters takes ten times as long.
    switch (text.charCodeAt(i)) {
      case QUOTE:
        i = endOfString(text, i);
        break;
      case 0x2c: // ,
        values++;
        break;
      case 0x5b: // [
      case 0x7b: // {
        values++;
        depth++;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth--;
    }
    if (depth > MAX_DEPTH + 1) return 'deep';
    if (values > MAX_VALUES) return 'many';
  }
  return undefined;
}

/** Where the string ends that begins there; the end of the text, where it does not end. */
function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text.charCodeAt(i) !== QUOTE) i += text.charCodeAt(i) === BACKSLASH ? 2 : 1;
  return i;
}
