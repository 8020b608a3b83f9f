import type { LimitsConfig } from '../config/limits.ts';
import { ConcurrencyLimit } from './concurrency.ts';
import type { NewCounter } from './counter.ts';
import { type AuthenticationFailures, failuresByAddress, unlimitedFailures } from './failures.ts';
import { type Rates, ratesByCaller, unlimitedRates } from './rates.ts';

/** All limits on what callers may use. */
export interface Limits {
  readonly rates: Rates;
  readonly failures: AuthenticationFailures;
  readonly concurrency: ConcurrencyLimit;
}

/** Creates the limits of a configuration. `newCounter` decides where they are counted: in this process or in Redis. */
export function createLimits(config: LimitsConfig, newCounter: NewCounter): Limits {
  const concurrency = new ConcurrencyLimit(config.calls, config.callsPerCaller);
  if (config.rates === undefined) return { rates: unlimitedRates, failures: unlimitedFailures, concurrency };
  return {
    rates: ratesByCaller(config.rates, newCounter),
    failures: failuresByAddress(newCounter('failures', config.rates.failures)),
    concurrency,
  };
}
