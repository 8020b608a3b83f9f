import { inBase64 } from './base64.ts';

/**
 * The parts and spellings of a token that are as good as the token, or tell what is in it: the token itself, its payload
 * and its signature alone (RFC 7515), and its base64, wherever it begins in what was encoded. The header is not among
 * them, since all tokens of a key share it.
 */
export function tokenParts(token: string): string[] {
  const [, ...parts] = token.split('.');
  return [token, ...parts, ...inBase64(token)];
}
