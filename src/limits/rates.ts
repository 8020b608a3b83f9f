import type { Allowance, RateLimits, Tier } from '../config/limits.ts';
import { digestOf } from '../core/digest.ts';
import type { Effect } from '../core/tool.ts';
import type { Counter, NewCounter } from './counter.ts';

/** The facts about a caller that limits use. */
interface Caller {
  /** The same for the same person through the same client. */
  readonly key: string;
  readonly clientId: string | undefined;
  readonly grant: { readonly raw: readonly string[]; readonly scopes: ReadonlySet<string> };
}

/** Limits how many points each caller may spend. */
export interface Rates {
  /** Seconds until a caller that is known to be over its limit may send again, otherwise undefined. Counts nothing. */
  wait(caller: Caller): number | undefined;
  /**
   * Charges a message to its caller.
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
 * The counter of a caller, and its key there. Determined once for each token, because callers are built once for each.
 */
interface Account {
  readonly counter: Counter;
  readonly key: string;
  /** Until when the caller is over its limit, in milliseconds since the epoch. */
  until: number;
}

/** Limits rates by caller, with the allowance of the first tier that names the caller, or the default. */
export function ratesByCaller(limits: RateLimits, newCounter: NewCounter): Rates {
  const counterOf = ({ name, ...allowance }: Allowance & { name: string }) => newCounter(`rate:${name}`, allowance);
  const tiers = limits.tiers.map((tier) => ({ tier, counter: counterOf(tier) }));
  const usual = counterOf({ name: 'default', ...limits.default });
  const accounts = new WeakMap<Caller, Account>();

  function accountOf(caller: Caller): Account {
    const known = accounts.get(caller);
    if (known !== undefined) return known;
    const counter = tiers.find(({ tier }) => names(tier, caller))?.counter ?? usual;
    const account = { counter, key: digestOf(caller.key), until: 0 };
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

function names({ clients, scopes }: Tier, { clientId, grant }: Caller): boolean {
  if (clientId !== undefined && clients.includes(clientId)) return true;
  return scopes.some((scope) => grant.scopes.has(scope) || grant.raw.includes(scope));
}
