import type { LRUCache } from 'lru-cache';
// The two files alone, as the library's README imports them: its index loads a limiter for each of a dozen databases.
import RateLimiterMemory from 'rate-limiter-flexible/lib/RateLimiterMemory.js';
import RateLimiterRes from 'rate-limiter-flexible/lib/RateLimiterRes.js';
import type { Allowance } from '../config/limits.ts';
import { boundedMap } from '../core/bounded-map.ts';

/** What a key has left in its window. */
export interface Spent {
  readonly isOver: boolean;
  readonly left: number;
  /** Milliseconds until the window closes. */
  readonly closesInMs: number;
}

/** Counts the points that each key spends in a fixed window, which opens when the key is first used. */
export interface Counter {
  /** Spends points of a key. Points above the allowance are counted as well. */
  spend(key: string, points: number): Promise<Spent>;
}

/** Makes a counter for an allowance. Counters with different names do not share keys. */
export type NewCounter = (name: string, allowance: Allowance) => Counter;

/** The most keys that one counter in this process holds, which takes at most about 10 MB. */
const MAX_KEYS = 20_000;

/**
 * Counts in the memory of this process. Above `maxKeys` the key whose window closes next is removed, because that
 * caller gains the least from it.
 */
export function memoryCounter(allowance: Allowance, maxKeys = MAX_KEYS): Counter {
  const { points: allowed, seconds } = allowance;
  const limiter = new RateLimiterMemory({ points: allowed, duration: seconds, keyPrefix: '' });
  /**
   * The limiter itself does not bound its keys. They are added here when their windows open, so that the oldest is
   * evicted.
   */
  const keys = boundedMap<string, true>(maxKeys, forget);

  function forget(_value: true, key: string, reason: LRUCache.DisposeReason): void {
    if (reason === 'evict') limiter.delete(key);
  }

  return {
    spend: async (key, points) => {
      const spent = await outcomeOf(limiter.consume(key, points));
      if (spent.isFirstInDuration) keys.set(key, true);
      return spentOf(spent, allowance);
    },
  };
}

/**
 * The library's limiters reject with a `RateLimiterRes` when a key is over its limit; any other reason is a failure.
 */
export function outcomeOf(consumed: Promise<RateLimiterRes>): Promise<RateLimiterRes> {
  return consumed.catch((reason: unknown) => {
    if (reason instanceof RateLimiterRes) return reason;
    throw reason;
  });
}

/**
 * What is left of the allowed points.
 * @throws Error when a store says what no count can be
 */
export function spentOf(
  { consumedPoints, msBeforeNext }: RateLimiterRes,
  { points: allowed, seconds }: Allowance,
): Spent {
  const isCount = Number.isSafeInteger(consumedPoints) && consumedPoints > 0;
  if (!isCount || !(msBeforeNext <= seconds * 1_000)) {
    throw new Error('The store of rate limits has answered with what is no count.');
  }
  return {
    isOver: consumedPoints > allowed,
    left: Math.max(allowed - consumedPoints, 0),
    closesInMs: Math.max(msBeforeNext, 1),
  };
}
