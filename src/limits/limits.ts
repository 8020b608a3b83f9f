import type { LimitsConfig } from '../config/limits.ts';
import { BodyBudget } from './bodies.ts';
import { ConcurrencyLimit } from './concurrency.ts';
import { memoryCounter, type NewCounter } from './counter.ts';
import { type AuthenticationFailures, failuresByAddress, unlimitedFailures } from './failures.ts';
import { Patience } from './patience.ts';
import { type Rates, ratesByPerson, unlimitedRates } from './rates.ts';
import type { TieredTool } from './tiers.ts';

/** All limits on what callers may use. */
export interface Limits {
  readonly rates: Rates;
  readonly failures: AuthenticationFailures;
  readonly concurrency: ConcurrencyLimit;
  readonly bodies: BodyBudget;
  readonly patience: Pick<Patience, 'hold'>;
}

/** Used when rates are not limited: refusals are answered at once. */
export const noPatience: Limits['patience'] = { hold: () => undefined };

/**
 * Creates the limits of a configuration.
 * @param newCounter decides where rates are counted: in this process or in Redis
 * @param tools the tools of this server
 */
export function createLimits(config: LimitsConfig, newCounter: NewCounter, tools: readonly TieredTool[]): Limits {
  const concurrency = new ConcurrencyLimit(config.calls, config.callsPerCaller);
  const bodies = new BodyBudget(config.bytesInFlight, config.bytesInFlightPerCaller);
  if (config.rates === undefined) {
    return { rates: unlimitedRates, failures: unlimitedFailures, concurrency, bodies, patience: noPatience };
  }
  return {
    rates: ratesByPerson(config.rates, newCounter, tools),
    // Anybody can fail from as many addresses as they like. In Redis each would leave a key, beside confirmations.
    failures: failuresByAddress(memoryCounter(config.rates.failures)),
    concurrency,
    bodies,
    patience: new Patience(),
  };
}
