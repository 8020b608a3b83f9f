import { readAs } from './look-alikes.ts';

/** A text as somebody reads it who decodes it once or several times. */
export interface Reading {
  readonly text: string;
  /** The index in the original text for one in this text. */
  readonly originalAt: (index: number) => number;
}

/** So many times percent-encoding that was encoded itself is decoded. */
const MAX_LEVELS = 3;

/**
 * What stands for another character: a percent sign that is encoded, letters and digits that need not be, entities of
 * HTML, escapes of JSON and of source code with all their backslashes, and characters that look like those of ASCII.
 * Quotes, separators and blanks that are percent-encoded once stay as they are: they may be in a value.
 */
const OTHERWISE =
  /%(?:25)+(?=[\da-fA-F]{2})|%(?:[46][1-9a-fA-F]|[57][\daA]|3\d|5[bBdDfF]|2[deDE])|&(?:amp;)*(?:quot|apos|lt|gt|#[xX]0{0,4}[2-7][\da-fA-F]|#0{0,4}\d{2,3});|(?<!\\)\\+(?:u0{0,2}[2-7][\da-fA-F]|u\{0{0,4}[2-7][\da-fA-F]\}|x[2-7][\da-fA-F]|[nrt])|\P{ASCII}/gu;

const NONE: readonly Reading[] = [];
/** What each of them begins with. */
const MAY_DIFFER = /[%&\\\u0080-\uffff]/;

/** How a text is to be read otherwise than as it is; nothing for most texts. Linear in its length. */
export function readingsOf(text: string): readonly Reading[] {
  if (!MAY_DIFFER.test(text)) return NONE;
  const readings: Reading[] = [];
  let last = text;
  for (let level = 1; level <= MAX_LEVELS; level++) {
    const reading = decoded(text, level);
    if (reading.text === last) break;
    readings.push(reading);
    last = reading.text;
  }
  return readings;
}

function decoded(text: string, level: number): Reading {
  /** Where the text behind each character of another length begins, in the reading and in the original. */
  const read = [0];
  const original = [0];
  let shift = 0;
  const result = text.replace(OTHERWISE, (spelt, at: number) => {
    const meant = meaningOf(spelt, level);
    if (meant.length !== spelt.length) {
      shift += spelt.length - meant.length;
      original.push(at + spelt.length);
      read.push(at + spelt.length - shift);
    }
    return meant;
  });
  const originalAt = (index: number) => {
    const from = lastUpTo(read, index);
    return (original[from] as number) + index - (read[from] as number);
  };
  return { text: result, originalAt };
}

const ENTITIES: Readonly<Record<string, string>> = { quot: '"', apos: "'", lt: '<', gt: '>' };
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\n', t: '\t' };

function meaningOf(spelt: string, level: number): string {
  switch (spelt[0]) {
    case '%':
      return /^%25/.test(spelt) ? `%${spelt.slice(1 + 2 * level)}` : character(spelt.slice(1), 16, spelt);
    case '&': {
      const name = spelt
        .slice(1, -1)
        .replace(/^(?:amp;)+/i, '')
        .toLowerCase();
      if (name[0] !== '#') return ENTITIES[name] as string;
      return name[1] === 'x' ? character(name.slice(2), 16, spelt) : character(name.slice(1), 10, spelt);
    }
    case '\\': {
      const escaped = spelt.replace(/^\\+/, '');
      return ESCAPES[escaped] ?? character(escaped.replace(/[^\da-f]/gi, ''), 16, spelt);
    }
    default:
      return readAs(spelt);
  }
}

function character(digits: string, base: number, otherwise: string): string {
  const code = Number.parseInt(digits, base);
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : otherwise;
}

/** The index of the last number that is not above a value, in a list in order that begins with 0. */
function lastUpTo(numbers: readonly number[], value: number): number {
  let low = 0;
  let high = numbers.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] as number) <= value) low = middle;
    else high = middle;
  }
  return low;
}
