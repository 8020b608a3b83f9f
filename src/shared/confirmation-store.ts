import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';

export const KEY_BYTES = 32;

/**
 * The outcome of an attempt to use a confirmation: it is the first use, it was used before, the person uses too many,
 * the keys have changed since it was opened, or the store did not answer.
 */
export type Use = 'first' | 'used' | 'too-many' | 'outdated' | 'unknown';

/** A confirmation that is about to be used. */
export interface Mark {
  /** Who uses it, whichever client it comes from: `Caller.person`. */
  readonly person: string;
  /** Unique for each confirmation. */
  readonly id: string;
  /** How long the confirmation is still valid, in milliseconds. */
  readonly ttlMs: number;
}

/**
 * Shared state of all instances: a confirmation that one instance has sealed can be used at any of them, but only once.
 */
export interface ConfirmationStore {
  /** The first key seals confirmations, all keys open them. Empty while the instances have no common key. */
  keys(): readonly KeyObject[];
  /**
   * Reads the current keys from the store.
   * @returns whether the store answered
   */
  renew(): Promise<boolean>;
  /** Uses a confirmation up. Of parallel attempts, at whichever instances, exactly one gets `first`. */
  use(mark: Mark): Promise<Use>;
}

/**
 * How many used confirmations are remembered for each person: far more than one confirms in ten minutes. Above that,
 * the person has to wait, so that memory is bounded.
 */
export const MAX_USED = 1_000;

/**
 * The keys that seal and open confirmations. A random key is part of each of them. It is stored with the marks of used
 * confirmations and is lost together with them: then no older confirmation opens, so that none can be used twice.
 * @param configured the operator's keys; undefined: the random key alone
 */
export function sealingKeys(configured: readonly KeyObject[] | undefined, random: Buffer): readonly KeyObject[] {
  if (configured === undefined) return [createSecretKey(random)];
  return configured.map((key) => createSecretKey(createHmac('sha256', key).update(random).digest()));
}

/** Remembers used confirmations in this process. */
export class MemoryConfirmationStore implements ConfirmationStore {
  readonly #keys: readonly KeyObject[];
  readonly #now: () => number;
  /** Used confirmations of each person, with the time at which they expire, by a clock that is never set. */
  readonly #used = new Map<string, Map<string, number>>();

  constructor(configured?: readonly KeyObject[], now: () => number = () => performance.now()) {
    this.#keys = sealingKeys(configured, randomBytes(KEY_BYTES));
    this.#now = now;
  }

  keys(): readonly KeyObject[] {
    return this.#keys;
  }

  renew(): Promise<boolean> {
    return Promise.resolve(true);
  }

  use({ person, id, ttlMs }: Mark): Promise<Use> {
    this.#forgetExpired();
    const used = this.#used.get(person) ?? new Map<string, number>();
    if (used.has(id)) return Promise.resolve('used');
    if (used.size >= MAX_USED) return Promise.resolve('too-many');
    this.#used.set(person, used.set(id, this.#now() + ttlMs));
    return Promise.resolve('first');
  }

  #forgetExpired(): void {
    const now = this.#now();
    for (const [person, used] of this.#used) {
      for (const [id, expires] of used) if (expires <= now) used.delete(id);
      if (used.size === 0) this.#used.delete(person);
    }
  }
}
