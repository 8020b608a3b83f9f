import type { ServerResponse } from 'node:http';
import { boundedMap } from '../core/bounded-map.ts';

/** So many refusals in a window are answered at once. No client that heeds them gets as many. */
const FREE = 20;
const WINDOW_MS = 10_000;
/** How long each further one is held back. */
export const HOLD_MS = 250;
/** Above so many, refusals are answered at once again, so that nobody fills the memory with them. */
const MAX_HELD = 500;
/** Whoever was refused longest ago is forgotten above this. */
const MAX_REMEMBERED = 10_000;

/**
 * Slows down those who go on although they are refused. A connection carries one request at a time, so that somebody who
 * repeats what was refused gets four refusals in a second on each, where they would get thousands, whose sum takes the
 * processor away from everybody else.
 */
export class Patience {
  readonly #refusals = boundedMap<string, { count: number; readonly until: number }>(MAX_REMEMBERED);
  readonly #now: () => number;
  #held = 0;

  /** @param now the time in milliseconds */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /**
   * Counts a refusal.
   * @param who is refused: a person, or the network of an address that nobody vouches for
   * @returns resolves when it may be sent: at once, or after `HOLD_MS`, or when its client is gone
   */
  hold(who: string, response: ServerResponse): Promise<void> | undefined {
    if (!this.#isTooOften(who) || this.#held >= MAX_HELD || response.closed) return undefined;
    this.#held++;
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        response.removeListener('close', end);
        this.#held--;
        resolve();
      };
      const timer = setTimeout(end, HOLD_MS);
      response.once('close', end);
    });
  }

  #isTooOften(who: string): boolean {
    const now = this.#now();
    const known = this.#refusals.get(who);
    if (known === undefined || known.until <= now) {
      this.#refusals.set(who, { count: 1, until: now + WINDOW_MS });
      return false;
    }
    known.count++;
    return known.count > FREE;
  }
}
