import { boundedMap } from '../core/bounded-map.ts';
import { digestOf } from '../core/digest.ts';
import { networkOf } from './address.ts';
import type { Counter } from './counter.ts';
import { secondsUntil } from './rates.ts';

/** Limits how often authentication may fail from one client address. */
export interface AuthenticationFailures {
  /**
   * Counts an invalid token.
   * @returns seconds until the client may try again, if there were too many; otherwise undefined
   */
  count(address: string): Promise<number | undefined>;
}

/** Used when rates are not limited. */
export const unlimitedFailures: AuthenticationFailures = {
  count: () => Promise.resolve(undefined),
};

/**
 * How many networks are remembered as over the limit. Above that, the one that was used longest ago is forgotten, and
 * its next failure is counted by the counter again.
 */
const MAX_NETWORKS = 10_000;

/** Limits authentication failures by client address (see `networkOf`), with the allowance of the counter. */
export function failuresByAddress(counter: Counter, maxNetworks = MAX_NETWORKS): AuthenticationFailures {
  /** When a network is below the limit again, in milliseconds since the epoch. */
  const until = boundedMap<string, number>(maxNetworks);

  function endOf(network: string): number | undefined {
    const end = until.get(network);
    if (end === undefined || end > Date.now()) return end;
    until.delete(network);
    return undefined;
  }

  return {
    count: async (address) => {
      const network = networkOf(address);
      const known = endOf(network);
      if (known !== undefined) return secondsUntil(known);
      const { isOver, closesInMs } = await counter.spend(digestOf(network), 1);
      if (!isOver) return undefined;
      const end = Date.now() + closesInMs;
      until.set(network, end);
      return secondsUntil(end);
    },
  };
}
