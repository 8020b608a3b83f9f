/**
 * Whether a text has more than so many characters: code points, as the API counts them, and not the units of UTF-16, of
 * which an emoji takes two. Takes no longer than the limit is.
 */
export function isLonger(text: string, max: number): boolean {
  if (text.length <= max) return false;
  if (text.length > 2 * max) return true;
  return [...text].length > max;
}
