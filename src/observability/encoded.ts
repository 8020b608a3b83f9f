/** How often a text is decoded. A secret that was encoded more often is not recognized. */
const MAX_ROUNDS = 3;

/**
 * Redacts secrets in a text from a request that may be percent-encoded (RFC 3986 §2.1), such as a path. If only the
 * decoded text shows a secret, the decoded text is returned, redacted.
 * @param clean redacts secrets in plain text
 */
export function cleanEncoded(text: string, clean: (text: string) => string): string {
  let cleaned = clean(text);
  if (!text.includes('%')) return cleaned;
  let decoded = cleaned;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = decode(decoded);
    if (next === decoded) break;
    decoded = clean(next);
    if (decoded !== next) cleaned = decoded;
  }
  return cleaned;
}

const OCTETS = /(?:%[0-9a-f]{2})+/gi;

/** Decodes what can be decoded, and leaves the rest as it is. */
function decode(text: string): string {
  return text.replace(OCTETS, (octets) => Buffer.from(octets.replaceAll('%', ''), 'hex').toString());
}
