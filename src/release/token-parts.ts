/** How many bytes before a token may shift its base64: three bytes become four characters. */
const SHIFTS = [0, 1, 2] as const;

/**
 * The parts and spellings of a token that are as good as the token, or tell what is in it: the token itself, its payload
 * and its signature alone (RFC 7515), and its base64, wherever it begins in what was encoded. The header is not among
 * them, since all tokens of a key share it.
 */
export function tokenParts(token: string): string[] {
  const [, ...parts] = token.split('.');
  const encoded = SHIFTS.map((shift) => base64Within(token, shift));
  return [token, ...parts, ...encoded, ...encoded.map(urlSafe)];
}

/** The characters of the base64 of a text that depend on nothing before and after it. */
function base64Within(text: string, shift: number): string {
  const base64 = Buffer.from('\0'.repeat(shift) + text).toString('base64');
  const first = Math.ceil((shift * 4) / 3);
  const bytes = shift + Buffer.byteLength(text);
  return base64.slice(first, Math.floor((bytes * 4) / 3));
}

function urlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_');
}
