import type { Allowance, RateLimits } from '../config/limits.ts';
import { digestOf } from '../core/digest.ts';
import type { Effect } from '../core/tool.ts';
import type { Counter, NewCounter } from './counter.ts';
import { type TieredCaller, type TieredTool, tierRule } from './tiers.ts';

/** The facts about a caller that limits use. */
interface Caller extends TieredCaller {
  /** The same for the same person, through whichever client. */
  readonly person: string;
}

/** Limits how many points each person may spend. */
export interface Rates {
  /** Seconds until a caller that is known to be over its limit may send again, otherwise undefined. Counts nothing. */
  wait(caller: Caller): number | undefined;
  /**
   * Charges a message to the person who sent it.
   * @returns seconds until the caller may send again if it is now over its limit, otherwise undefined
   */
  charge(caller: Caller, points: number): Promise<number | undefined>;
}

/** The points that a tool call costs, by its effect. Every other message costs `MESSAGE_COST`. */
export const CALL_COSTS: Readonly<Record<Effect, number>> = { read: 1, add: 3, overwrite: 3, destroy: 5 };
export const MESSAGE_COST = 1;

/** Used when rates are not limited. */
export const unlimitedRates: Rates = { wait: () => undefined, charge: () => Promise.resolve(undefined) };

/**
 * The counter of a caller, and the person's key there. Determined once for each token, because callers are built once for each.
 */
interface Account {
  readonly counter: Counter;
  readonly key: string;
  /** Until when the caller is over its limit, in milliseconds since the epoch. */
  until: number;
}

/**
 * Limits rates by person, with the allowance of the first tier that names the caller, or the default. All clients of a
 * person share the allowance of a tier: anybody can register as many clients as they like.
 * @param tools the tools of this server, which a token may reach by their names
 */
export function ratesByPerson(limits: RateLimits, newCounter: NewCounter, tools: readonly TieredTool[]): Rates {
  const counterOf = ({ name, ...allowance }: Allowance & { name: string }) => newCounter(`rate:${name}`, allowance);
  const tiers = limits.tiers.map((tier) => ({ tier, counter: counterOf(tier) }));
  const usual = counterOf({ name: 'default', ...limits.default });
  const names = tierRule(tools);
  const accounts = new WeakMap<Caller, Account>();

  function accountOf(caller: Caller): Account {
    const known = accounts.get(caller);
    if (known !== undefined) return known;
    const counter = tiers.find(({ tier }) => names(tier, caller))?.counter ?? usual;
    const account = { counter, key: digestOf(caller.person), until: 0 };
    accounts.set(caller, account);
    return account;
  }

  return {
    wait: (caller) => {
      const { until } = accountOf(caller);
      return until > Date.now() ? secondsUntil(until) : undefined;
    },
    charge: async (caller, points) => {
      const account = accountOf(caller);
      const over = await account.counter.spend(account.key, points);
      if (over === undefined) return undefined;
      account.until = Date.now() + over;
      return secondsUntil(account.until);
    },
  };
}

/**
 * Whole seconds until a time, rounded up and at least 1, for `Retry-After`. `time` is in milliseconds since the epoch.
 */
export function secondsUntil(time: number): number {
  return Math.max(Math.ceil((time - Date.now()) / 1000), 1);
}
