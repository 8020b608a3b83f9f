import type { ServerResponse } from 'node:http';
import { boundedMap } from '../core/bounded-map.ts';

/** So many refusals in a window are answered at once. No client that heeds them gets as many. */
const FREE = 20;
/** So many notifications. Clients send one when they connect, which some do for each call. */
const FREE_NOTIFICATIONS = 200;
const WINDOW_MS = 10_000;
/** How long each further one is held back at least. */
export const HOLD_MS = 250;
/** And how long after the one before it is due: over all connections of somebody, some 30 in a second. */
export const SPACING_MS = 33;
/** So many of somebody wait at the same time. The connections of further ones are ended. */
export const MAX_HELD_EACH = 1_000;
/** So many wait in all. Further ones are answered at once, so that nobody fills the memory with them. */
const MAX_HELD = 10_000;
/** Whoever was refused longest ago is forgotten above this. */
const MAX_REMEMBERED = 10_000;

/** What is known of somebody. */
interface Standing {
  count: number;
  until: number;
  /** When the last one that was held back is due. */
  due: number;
  held: number;
}

/** How much is let through before somebody is slowed down, and what tells the time. */
interface PatienceOptions {
  readonly free?: number;
  /** The time in milliseconds. */
  readonly now?: () => number;
}

/**
 * Slows down those who go on although they are refused, or who send what costs them nothing. They would get thousands of
 * answers in a second, whose sum takes the processor away from everybody else. What they get is the same however many
 * connections they have.
 */
export class Patience {
  readonly #known = boundedMap<string, Standing>(MAX_REMEMBERED);
  readonly #free: number;
  readonly #now: () => number;
  #held = 0;

  constructor({ free = FREE, now = Date.now }: PatienceOptions = {}) {
    this.#free = free;
    this.#now = now;
  }

  /** The patience with notifications. */
  static withNotifications(): Patience {
    return new Patience({ free: FREE_NOTIFICATIONS });
  }

  /**
   * Counts a refusal, or whatever this is for.
   * @param who gets it: a person, or the network of an address that nobody vouches for
   * @returns resolves when it may be sent: at once, when it is due, or when its client is gone
   */
  hold(who: string, response: ServerResponse): Promise<void> | undefined {
    const standing = this.#count(who);
    if (standing.count <= this.#free || this.#held >= MAX_HELD || response.closed) return undefined;
    if (standing.held >= MAX_HELD_EACH) {
      response.destroy();
      return undefined;
    }
    const now = this.#now();
    standing.due = Math.max(now + HOLD_MS, standing.due + SPACING_MS);
    return this.#wait(standing, standing.due - now, response);
  }

  #wait(standing: Standing, ms: number, response: ServerResponse): Promise<void> {
    this.#held++;
    standing.held++;
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        response.removeListener('close', end);
        this.#held--;
        standing.held--;
        resolve();
      };
      const timer = setTimeout(end, ms);
      response.once('close', end);
    });
  }

  #count(who: string): Standing {
    const now = this.#now();
    const known = this.#known.get(who) ?? { count: 0, until: 0, due: 0, held: 0 };
    if (known.until <= now) {
      // Those who still wait have not stopped going on.
      known.count = known.held > 0 ? this.#free : 0;
      known.until = now + WINDOW_MS;
    }
    known.count++;
    this.#known.set(who, known);
    return known;
  }
}
