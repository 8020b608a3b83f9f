/**
 * A text as a URL, absolute or relative to a base (WHATWG URL); undefined where it is none. `URL.canParse` of Node.js 20 denies
 * it to every text with a letter of Latin-1, such as a host with an umlaut, as soon as it has been called some thousand times.
 */
export function parseUrl(text: string, base?: string): URL | undefined {
  // Where it exists: an exception takes ten times as long, and lists of strangers hold many texts that are none.
  if (typeof URL.parse === 'function') return URL.parse(text, base) ?? undefined;
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}

/** Whether a text is a URL, absolute or relative to a base. */
export function isUrl(text: string, base?: string): boolean {
  return parseUrl(text, base) !== undefined;
}
