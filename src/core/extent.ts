import { MAX_DEPTH } from './json.ts';

/**
 * The most JSON values in one message; no message needs so many. An empty list or object counts twice. Each value is
 * visited several times, and all other requests wait meanwhile.
 */
export const MAX_VALUES = 10_000;

/** How many values a text may hold, and in how many levels. */
interface Extent {
  readonly values: number;
  readonly depth: number;
}

const OF_A_MESSAGE: Extent = { values: MAX_VALUES, depth: MAX_DEPTH };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Whether parsing a text would yield too many values, or too deep a nesting. Checked before parsing, because parsing a
 * megabyte of brackets blocks all requests for longer than a usual call takes. Linear in the length of the text. Short
 * texts, which cannot hold too many values because each needs at least a character, are not scanned at all; they
 * can still be nested too deep. Text that is not JSON may pass.
 */
export function excessOf(text: string, most = OF_A_MESSAGE): 'deep' | 'many' | undefined {
  return text.length < most.values ? undefined : excessIn(text, most);
}

/** The same for texts that nobody looks at afterwards: short ones are scanned as well, where they could be too deep. */
export function excessOfAny(text: string, most: Extent): 'deep' | 'many' | undefined {
  return text.length < 2 * most.depth ? undefined : excessIn(text, most);
}

/** What the dearest value takes once it is parsed, in bytes: an object with a name of its own (measured: 92). */
const BYTES_OF_A_VALUE = 96;

/**
 * How much memory a text of a message takes once it is parsed, in bytes: many times its length, where it consists of brackets.
 * What `excessOf` refuses is not counted to its end. Linear in its length.
 * @param bytes its length in bytes
 */
export function parsedSize(text: string, bytes: number): number {
  return bytes + BYTES_OF_A_VALUE * extentOf(text, OF_A_MESSAGE).values;
}

function excessIn(text: string, most: Extent): 'deep' | 'many' | undefined {
  const { values, depth } = extentOf(text, most);
  if (depth > most.depth + 1) return 'deep';
  return values > most.values ? 'many' : undefined;
}

/** How many values a text holds, and in how many levels at its end; it is not read beyond the most of either. */
function extentOf(text: string, most: Extent): Extent {
  let depth = 0;
  let values = 1;
  for (let i = 0; i < text.length; i++) {
    // A `switch` on literals, because a lookup table of characters takes ten times as long.
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
    if (depth > most.depth + 1 || values > most.values) break;
  }
  return { values, depth };
}

/** The index of the quote that ends the string which begins at `start`, or the end of the text if there is none. */
export function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text.charCodeAt(i) !== QUOTE) i += text.charCodeAt(i) === BACKSLASH ? 2 : 1;
  return i;
}
