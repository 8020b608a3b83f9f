import { hash } from 'node:crypto';

/** SHA-256 in lower-case hexadecimal digits, as documents and ledgers show it. */
export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data);
}

/**
 * What stands for an identity or a secret as a key of a cache, here or in Redis: short, of one length, and nobody can
 * read it back. SHA-256 in base64url.
 */
export function digestOf(text: string): string {
  return hash('sha256', text, 'base64url');
}
