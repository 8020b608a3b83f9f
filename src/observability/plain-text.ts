/** The longest text of a request in a record, in characters. */
export const MAX_TEXT = 200;
const BEYOND_PLAIN = /[^\x20-\x7e]/;
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * A text that a caller or an issuer chose, as records show it: at most 200 characters, so that a record is one short
 * line, and without control and format characters, which could change how the text around it is displayed.
 */
export function plainText(text: string): string {
  const short = text.slice(0, MAX_TEXT);
  return BEYOND_PLAIN.test(short) ? short.replace(INVISIBLE, '') : short;
}
