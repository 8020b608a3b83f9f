import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Allowance } from '../config/limits.ts';

/** Counts the points that keys use up, each in a window that opens with its first use. */
export interface Counter {
  /**
   * Uses up points of a key. What goes beyond the allowance counts as well.
   * @returns milliseconds until the window closes when the key is over its allowance, else undefined
   */
  spend(key: string, points: number): Promise<number | undefined>;
}

/** Makes a counter for an allowance; counters of different names do not know each other's keys. */
export type NewCounter = (name: string, allowance: Allowance) => Counter;

/** Keys of one counter in this process: about 10 MB at most. */
const MAX_KEYS = 20_000;

/**
 * Counts in this process. With more keys than `maxKeys` the one whose window closes next is forgotten: it is the one
 * that gains least by it.
 */
export function memoryCounter(allowance: Allowance, maxKeys = MAX_KEYS): Counter {
  const { points: allowed, seconds } = allowance;
  const limiter = new RateLimiterMemory({ points: allowed, duration: seconds, keyPrefix: '' });
  /** The limiter holds any number of keys. These are set when their windows open, so that the first to close goes. */
  const keys = new LRUCache<string, true>({ max: maxKeys, dispose: forget });

  function forget(_value: true, key: string, reason: LRUCache.DisposeReason): void {
    if (reason === 'evict') limiter.delete(key);
  }

  return {
    spend: async (key, points) => {
      const spent = await outcomeOf(limiter.consume(key, points));
      if (spent.isFirstInDuration) keys.set(key, true);
      return overBy(spent, allowed);
    },
  };
}

/** The limiters of the library reject with what they count; anything else that they reject with is a failure. */
export function outcomeOf(consumed: Promise<RateLimiterRes>): Promise<RateLimiterRes> {
  return consumed.catch((reason: unknown) => {
    if (reason instanceof RateLimiterRes) return reason;
    throw reason;
  });
}

export function overBy({ consumedPoints, msBeforeNext }: RateLimiterRes, allowed: number): number | undefined {
  return consumedPoints > allowed ? Math.max(msBeforeNext, 1) : undefined;
}
