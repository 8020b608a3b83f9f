import { hash } from 'node:crypto';

/** SHA-256 in lower-case hexadecimal digits, the form that the audit ledger uses. */
export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data);
}

/**
 * SHA-256 in base64url: the key of an identity or a token in caches and in Redis. It is short, of fixed length, and
 * does not reveal the text.
 */
export function digestOf(text: string): string {
  return hash('sha256', text, 'base64url');
}
