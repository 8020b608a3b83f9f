import { randomInt } from 'node:crypto';

/** A new id such as `tkn_140218806531907`: randomInt draws below 2^48, and a leading 1 keeps the length fixed. */
export function randomId(prefix: string): string {
  return `${prefix}_1${String(randomInt(1e14)).padStart(14, '0')}`;
}
