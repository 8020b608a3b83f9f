import type { Allowance, RateLimits } from '../config/limits.ts';
import { digestOf } from '../core/digest.ts';
import { BUDGETS, type Budget, type Charge } from './budgets.ts';
import type { Counter, NewCounter } from './counter.ts';
import { type TieredCaller, type TieredTool, tierRule } from './tiers.ts';

/** The facts about a caller that limits use. */
interface Caller extends TieredCaller {
  /** The same for the same person, through whichever client. */
  readonly person: string;
}

/** How a person stands with a budget. */
export interface Standing {
  /** Seconds until the person may send again if they are over the limit, otherwise undefined. */
  readonly wait: number | undefined;
  /** The value of `RateLimit-Policy`: what each budget allows (draft-ietf-httpapi-ratelimit-headers). */
  readonly policy: string;
  /** The value of `RateLimit`: what is left of the budget that was drawn on. */
  readonly state: string;
}

/** Limits how many points each person may spend. */
export interface Rates {
  /**
   * How a caller stands that is known to be over its limit, otherwise undefined. Counts nothing.
   * @param budget left out: over the limits of all budgets
   */
  over(caller: Caller, budget?: Budget): Standing | undefined;
  /** Charges a message to the person who sent it. */
  charge(caller: Caller, charge: Charge): Promise<Standing | undefined>;
}

/** Used when rates are not limited. */
export const unlimitedRates: Rates = { over: () => undefined, charge: () => Promise.resolve(undefined) };

/** The counters of a tier, one for each budget. */
interface Tier {
  readonly policy: string;
  readonly counters: Readonly<Record<Budget, Counter>>;
}

/** The tier of a caller, and the person's key there. Determined once for each token, as callers are built. */
interface Account extends Tier {
  readonly key: string;
  /** Until when the caller is over its limit, in milliseconds since the epoch. */
  readonly until: Record<Budget, number>;
}

/** The names of the budgets for clients. Both parts of talk have the same limit. */
const NAMES: Readonly<Record<Budget, string>> = { work: 'work', connections: 'talk', lists: 'talk' };

/**
 * Limits rates by person, with the allowance of the first tier that names the caller, or the default. All clients of a
 * person share the allowance of a tier: anybody can register as many clients as they like.
 * @param tools the tools of this server, which a token may reach by their names
 */
export function ratesByPerson(limits: RateLimits, newCounter: NewCounter, tools: readonly TieredTool[]): Rates {
  const counted = (name: string, { points, seconds }: Allowance): Tier => {
    const counter = (budget: string) => newCounter(`${budget}:${name}`, { points, seconds });
    return {
      policy: ['work', 'talk'].map((named) => `"${named}";q=${points};w=${seconds}`).join(', '),
      counters: { work: counter('rate'), connections: counter('connections'), lists: counter('lists') },
    };
  };
  const tiers = limits.tiers.map((tier) => ({ tier, of: counted(tier.name, tier) }));
  const usual = counted('default', limits.default);
  const names = tierRule(tools);
  const accounts = new WeakMap<Caller, Account>();

  function accountOf(caller: Caller): Account {
    const known = accounts.get(caller);
    if (known !== undefined) return known;
    const tier = tiers.find(({ tier }) => names(tier, caller))?.of ?? usual;
    const account = { ...tier, key: digestOf(caller.person), until: { work: 0, connections: 0, lists: 0 } };
    accounts.set(caller, account);
    return account;
  }

  return {
    over: (caller, budget) => {
      const { policy, until } = accountOf(caller);
      const now = Date.now();
      const time = budget === undefined ? Math.min(...BUDGETS.map((one) => until[one])) : until[budget];
      if (time <= now) return undefined;
      const wait = secondsUntil(time);
      const drained: readonly Budget[] = budget === undefined ? ['work', 'lists'] : [budget];
      return { wait, policy, state: drained.map((one) => stateOf(one, 0, wait)).join(', ') };
    },
    charge: async (caller, { budget, points }) => {
      const { policy, counters, key, until } = accountOf(caller);
      const { isOver, left, closesInMs } = await counters[budget].spend(key, points);
      const closes = Date.now() + closesInMs;
      const seconds = secondsUntil(closes);
      if (isOver) until[budget] = closes;
      return { wait: isOver ? seconds : undefined, policy, state: stateOf(budget, left, seconds) };
    },
  };
}

function stateOf(budget: Budget, left: number, seconds: number): string {
  return `"${NAMES[budget]}";r=${left};t=${seconds}`;
}

/**
 * Whole seconds until a time, rounded up and at least 1, for `Retry-After`. `time` is in milliseconds since the epoch.
 */
export function secondsUntil(time: number): number {
  return Math.max(Math.ceil((time - Date.now()) / 1000), 1);
}
