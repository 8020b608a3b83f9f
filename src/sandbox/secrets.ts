import { createHash, timingSafeEqual } from 'node:crypto';

/** A secret as the API lists it. */
interface ListedSecret {
  readonly id: string;
  readonly status: string;
  readonly expire_time?: string | undefined;
}

/** The secrets that this sandbox has made. Of those of the seed data nobody knows the text. */
export class Secrets {
  readonly #hashes = new Map<string, Buffer>();

  /** Keeps the hash of a new secret, by its id. */
  keep(id: string, text: string): void {
    this.#hashes.set(id, hashOf(text));
  }

  /** Whether a text is one of a client's secrets, and that one is active still. */
  isOneOf(secrets: readonly ListedSecret[], text: string): boolean {
    const hash = hashOf(text);
    return secrets.some(({ id, status, expire_time }) => {
      const known = this.#hashes.get(id);
      const isGood = status === 'ACTIVE' && (expire_time === undefined || Date.parse(expire_time) > Date.now());
      return known !== undefined && isGood && timingSafeEqual(known, hash);
    });
  }
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
