import type { LimitsConfig } from '../config/limits.ts';
import type { NewCounter } from './counter.ts';
import { type AuthenticationFailures, failuresByAddress, unlimitedFailures } from './failures.ts';
import { type Rates, ratesByCaller, unlimitedRates } from './rates.ts';
import { Seats } from './seats.ts';

/** How much of this server its callers may use. */
export interface Limits {
  readonly rates: Rates;
  readonly failures: AuthenticationFailures;
  readonly seats: Seats;
}

/** Sets up the limits of a configuration, counted by counters of the given kind. */
export function createLimits(config: LimitsConfig, newCounter: NewCounter): Limits {
  const seats = new Seats(config.calls, config.callsPerCaller);
  if (config.rates === undefined) return { rates: unlimitedRates, failures: unlimitedFailures, seats };
  return {
    rates: ratesByCaller(config.rates, newCounter),
    failures: failuresByAddress(newCounter('failures', config.rates.failures)),
    seats,
  };
}
