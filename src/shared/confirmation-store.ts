import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';

export const KEY_BYTES = 32;

/**
 * What came of the attempt to use a confirmation: it is the first one, it was used before, its caller uses too many, the
 * keys have changed meanwhile, or nobody can tell.
 */
export type Use = 'first' | 'used' | 'too-many' | 'outdated' | 'unknown';

/** A confirmation that is about to be used. */
export interface Mark {
  readonly callerKey: string;
  /** Of this confirmation and no other. */
  readonly id: string;
  /** How long the confirmation would still be good, in milliseconds. */
  readonly ttlMs: number;
}

/** Shared state of all instances of this server: a confirmation that one of them gave is good at all of them, once. */
export interface ConfirmationStore {
  /** The first seals, all open. None while the instances cannot agree. */
  keys(): readonly KeyObject[];
  /**
   * Finds out whether the keys have changed.
   * @returns whether that could be found out
   */
  renew(): Promise<boolean>;
  /** Uses a confirmation up. Of any number of parallel attempts at any instances one is the first. */
  use(mark: Mark): Promise<Use>;
}

/** Far more than one caller confirms while a confirmation is good; beyond it, confirmations wait rather than memory grow. */
export const MAX_USED = 1_000;

/**
 * The keys that seal and open, from those of the operator and a random one that lives exactly as long as the marks of
 * what was used: when the marks are lost, all confirmations are, or one could be used a second time.
 */
export function sealingKeys(configured: readonly KeyObject[] | undefined, random: Buffer): readonly KeyObject[] {
  if (configured === undefined) return [createSecretKey(random)];
  return configured.map((key) => createSecretKey(createHmac('sha256', key).update(random).digest()));
}

/** Keeps what was used in this process. */
export class MemoryConfirmationStore implements ConfirmationStore {
  readonly #keys: readonly KeyObject[];
  readonly #now: () => number;
  /** Used confirmations of each caller, with the moment at which they expire anyway. */
  readonly #used = new Map<string, Map<string, number>>();

  constructor(configured?: readonly KeyObject[], now: () => number = Date.now) {
    this.#keys = sealingKeys(configured, randomBytes(KEY_BYTES));
    this.#now = now;
  }

  keys(): readonly KeyObject[] {
    return this.#keys;
  }

  renew(): Promise<boolean> {
    return Promise.resolve(true);
  }

  use({ callerKey, id, ttlMs }: Mark): Promise<Use> {
    this.#forgetExpired();
    const used = this.#used.get(callerKey) ?? new Map<string, number>();
    if (used.has(id)) return Promise.resolve('used');
    if (used.size >= MAX_USED) return Promise.resolve('too-many');
    this.#used.set(callerKey, used.set(id, this.#now() + ttlMs));
    return Promise.resolve('first');
  }

  #forgetExpired(): void {
    const now = this.#now();
    for (const [caller, used] of this.#used) {
      for (const [id, expires] of used) if (expires <= now) used.delete(id);
      if (used.size === 0) this.#used.delete(caller);
    }
  }
}
