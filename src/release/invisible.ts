/**
 * Characters that people do not see but models read: control and format characters (zero-width, bidirectional, soft
 * hyphen, tags), other characters that Unicode says to ignore (variation selectors, fillers), lone surrogates and
 * noncharacters. Variation selectors are removed although emoji use them, because a hidden text can be encoded in them.
 */
const INVISIBLE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/gu;
/** Line breaks other than `\n`. Some of them are invisible. */
const LINE_BREAK = /\r\n?|[\u0085\u2028\u2029]/g;
const BEYOND_PLAIN = /[^\x20-\x7e]/;

/** Removes invisible characters from a text, and makes every line break `\n`. */
export function withoutInvisible(text: string): string {
  if (!BEYOND_PLAIN.test(text)) return text;
  return text.replace(LINE_BREAK, '\n').replace(INVISIBLE, '');
}
