import { REDACTED } from '../release/known-secrets.ts';

/** How often a text is decoded. A secret that was encoded more often is not recognized. */
const MAX_ROUNDS = 3;

/** So many times as long as what is kept of a text is the beginning of it that is read. */
const READ = 5;

/** How many characters of a text `beginningOfEncoded` reads. */
export function charactersRead(text: string, longest: number): number {
  return Math.min(text.length, READ * longest);
}

/**
 * The beginning of a text from a request, cleaned as by `cleanEncoded`, in a time that does not depend on how long the
 * text is. It is cut before it is cleaned, and most of what was read is left out again: a secret that the cut halves,
 * and that would be recognized by its end alone, is not among what is kept. Where the cut is in a secret that was
 * recognized, there is no other.
 */
export function beginningOfEncoded(text: string, longest: number, clean: (text: string) => string): string {
  if (text.length <= READ * longest) return cleanEncoded(text, clean).slice(0, longest);
  const read = cleanEncoded(text.slice(0, READ * longest), clean);
  return read.slice(0, read.endsWith(REDACTED) ? longest : Math.min(longest, read.length / READ));
}

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
