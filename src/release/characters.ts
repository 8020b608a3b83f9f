import { asciiFor, LETTER_SURROGATES } from './look-alikes.ts';

/*
 * The characters of a text as a set of bits, which one pass collects: each letter of ASCII without its case, and a few
 * marks. A text that lacks a character of something does not hold it, so that most texts need not be searched at all.
 */

/** What stands between a name and a value: `:`, `=`, `<`, `->` and brackets, or `%` and a backslash, which may encode one. */
export const SEPARATOR = 1 << 26;
/** What a parameter of a URL may stand behind, and what an entity of HTML is written with. */
export const PARAMETER = 1 << 27;
/** What an option of a command begins with. */
export const HYPHEN = 1 << 28;
const UNDERSCORE = 1 << 29;
/** Anything but printable ASCII: what may be invisible. */
export const BEYOND_PLAIN = 1 << 30;
const AT = 1 << 31;
const ANY_LETTER = (1 << 26) - 1;

const BITS = new Int32Array(128).map((_, code) => {
  const letter = code | 0x20;
  if (code > 0x40 && letter > 0x60 && letter < 0x7b) return 1 << (letter - 0x61);
  return code < 0x20 || code === 0x7f ? BEYOND_PLAIN : 0;
});
for (const [marks, bit] of [
  [':=<>%\\([{', SEPARATOR],
  ['?&#;%', PARAMETER],
  ['-', HYPHEN],
  ['_', UNDERSCORE],
  ['@', AT],
] as const) {
  for (const mark of marks) BITS[mark.charCodeAt(0)] = (BITS[mark.charCodeAt(0)] as number) | bit;
}

/** The set of the characters of a text. */
export function charactersOf(text: string): number {
  let found = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    found |= code < 128 ? (BITS[code] as number) : beyondPlain(code);
  }
  return found;
}

/** The bits of a character beyond ASCII: those of what it looks like as well. */
function beyondPlain(code: number): number {
  if (LETTER_SURROGATES.has(code)) return BEYOND_PLAIN | ANY_LETTER;
  return BEYOND_PLAIN | (BITS[asciiFor(code)] as number);
}

/** The sets that hold none of the others, which are enough to find out whether all of any set are there. */
export function smallest(sets: readonly number[]): readonly number[] {
  const different = [...new Set(sets)];
  return different.filter((set) => !different.some((other) => other !== set && (set & other) === other));
}

/** Whether a set has all characters of at least one other set. */
export function hasAnyOf(characters: number, sets: readonly number[]): boolean {
  for (let i = 0; i < sets.length; i++) {
    const needed = sets[i] as number;
    if ((characters & needed) === needed) return true;
  }
  return false;
}
