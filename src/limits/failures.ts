import { LRUCache } from 'lru-cache';
import { digestOf } from '../core/digest.ts';
import { networkOf } from './address.ts';
import type { Counter } from './counter.ts';
import { secondsUntil } from './rates.ts';

/** How often authentication may fail from one client address. */
export interface AuthenticationFailures {
  /** Whether so many tokens from there were bad that no keys are to be downloaded for the next one. Counts nothing. */
  areTooMany(address: string): boolean;
  /**
   * Counts a bad token.
   * @returns seconds until another one is looked at, when there were too many
   */
  count(address: string): Promise<number | undefined>;
}

export const unlimitedFailures: AuthenticationFailures = {
  areTooMany: () => false,
  count: () => Promise.resolve(undefined),
};

/** Networks that are known to be over the limit: with more of them, one that was quiet for long is counted again. */
const MAX_NETWORKS = 10_000;

/** Limits by client address, as the counter allows. */
export function failuresByAddress(counter: Counter, maxNetworks = MAX_NETWORKS): AuthenticationFailures {
  /** Milliseconds since the epoch at which a network may fail again. */
  const until = new LRUCache<string, number>({ max: maxNetworks });

  function endOf(network: string): number | undefined {
    const end = until.get(network);
    if (end === undefined || end > Date.now()) return end;
    until.delete(network);
    return undefined;
  }

  return {
    areTooMany: (address) => until.size > 0 && endOf(networkOf(address)) !== undefined,
    count: async (address) => {
      const network = networkOf(address);
      const known = endOf(network);
      if (known !== undefined) return secondsUntil(known);
      const over = await counter.spend(digestOf(network), 1);
      if (over === undefined) return undefined;
      const end = Date.now() + over;
      until.set(network, end);
      return secondsUntil(end);
    },
  };
}
