/**
 * Characters that no reader sees and every model reads: controls, format characters (zero-width, bidirectional, soft
 * hyphen, tags), whatever else Unicode wants ignored (variation selectors, fillers), lone surrogates and noncharacters.
 * Variation selectors go although emoji use them: there are enough of them to write anything in.
 */
const INVISIBLE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/gu;
/** Line breaks of other kinds than `\n`, some of them invisible. */
const LINE_BREAK = /\r\n?|[\u0085\u2028\u2029]/g;
const BEYOND_PLAIN = /[^\x20-\x7e]/;

/** The text as a person would see it: what is invisible is gone, every line break is `\n`. */
export function withoutInvisible(text: string): string {
  if (!BEYOND_PLAIN.test(text)) return text;
  return text.replace(LINE_BREAK, '\n').replace(INVISIBLE, '');
}
