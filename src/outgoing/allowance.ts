import { LRUCache } from 'lru-cache';
import { ToolError } from '../core/errors.ts';

/** So many requests may follow each other at once, and so many a second go on. */
const AT_ONCE = 150;
const PER_SECOND = 3;
/** Whoever has none left waits until there are as many again, so that what they do next gets to its end. */
const ENOUGH = 50;
const MAX_PERSONS = 10_000;

/** What somebody had left, and when. */
interface Left {
  readonly requests: number;
  readonly at: number;
}

/**
 * Allows each person so many requests to strangers. One call may send dozens of them to an address that its caller has
 * chosen: without this, calls that cost their caller little would be a burden to whoever is there.
 */
export class Allowance {
  readonly #left = new LRUCache<string, Left>({ max: MAX_PERSONS });
  readonly #now: () => number;

  /** @param now milliseconds, from any start */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /**
   * Takes one request of a person.
   * @throws ToolError `rate_limited` when there is none left
   */
  take(person: string): void {
    const now = this.#now();
    const { requests, at } = this.#left.get(person) ?? { requests: AT_ONCE, at: now };
    const left = Math.min(AT_ONCE, requests + ((now - at) / 1_000) * PER_SECOND);
    this.#left.set(person, { requests: left < 1 ? left : left - 1, at: now });
    if (left < 1) throw tooMany(Math.ceil(((ENOUGH - left) / PER_SECOND) * 1_000));
  }
}

function tooMany(retryAfterMs: number): ToolError {
  const message = `This server has sent many requests to other servers for you, and sends no more for now. Repeat the call in ${Math.ceil(retryAfterMs / 1_000)} seconds.`;
  return new ToolError('rate_limited', message, { retryable: true, retryAfterMs });
}
