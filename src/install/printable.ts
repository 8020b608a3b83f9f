/** Control and format characters, such as those that move the cursor or turn the direction of text, and line breaks. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/gu;
/** Letters, marks, numbers, punctuation and symbols alone: what people see as it is. */
const VISIBLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]+$/u;

/**
 * A name or a path out of a file that a project brings along, as it may stand in a sentence: as it is when all of it is seen,
 * and otherwise quoted, with escapes for what is not.
 */
export function printable(text: string): string {
  return VISIBLE.test(text) ? text : JSON.stringify(text).replace(INVISIBLE, escaped);
}

function escaped(char: string): string {
  return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}
