/** How many bytes in front of a text may shift its base64: three bytes become four characters. */
const SHIFTS = [0, 1, 2] as const;

/** A text in both alphabets of base64 (RFC 4648 §4 and §5), wherever it stands in what was encoded. */
export function inBase64(text: string): string[] {
  const encoded = SHIFTS.map((shift) => base64Within(text, shift));
  return [...encoded, ...encoded.map(urlSafe)];
}

/** The characters of the base64 of a text that depend on nothing before and after it. */
function base64Within(text: string, shift: number): string {
  const bytes = Buffer.from('\0'.repeat(shift) + text);
  return bytes.toString('base64').slice(Math.ceil((shift * 4) / 3), Math.floor((bytes.length * 4) / 3));
}

function urlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_');
}
