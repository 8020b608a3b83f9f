/**
 * Whether a text is an absolute URL, or one relative to a base (WHATWG URL). `URL.canParse` of Node.js 20 denies it to every text
 * with a letter of Latin-1, such as a host with an umlaut, as soon as it has been called some thousand times.
 */
export function isUrl(text: string, base?: string): boolean {
  try {
    return new URL(text, base) !== undefined;
  } catch {
    return false;
  }
}
