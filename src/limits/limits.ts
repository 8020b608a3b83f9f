import type { LimitsConfig } from '../config-limits.ts';
import type { Log } from '../observability/log.ts';
import { memoryCounter, type NewCounter } from './counter.ts';
import { type AuthenticationFailures, failuresByAddress, unlimitedFailures } from './failures.ts';
import { type Rates, ratesByCaller, unlimitedRates } from './rates.ts';
import { Seats } from './seats.ts';

/** How much of this server its callers may use. */
export interface Limits {
  readonly rates: Rates;
  readonly failures: AuthenticationFailures;
  readonly seats: Seats;
  close(): void;
}

/** Sets up the limits of a configuration. The client of Redis is loaded only where Redis is used. */
export async function createLimits(config: LimitsConfig, log: Log): Promise<Limits> {
  const seats = new Seats(config.calls, config.callsPerCaller);
  if (config.rates === undefined) {
    return { rates: unlimitedRates, failures: unlimitedFailures, seats, close: () => undefined };
  }
  const { newCounter, close } = await countersOf(config.redisUrl, log);
  return {
    rates: ratesByCaller(config.rates, newCounter),
    failures: failuresByAddress(newCounter('failures', config.rates.failures)),
    seats,
    close,
  };
}

async function countersOf(
  redisUrl: string | undefined,
  log: Log,
): Promise<{ readonly newCounter: NewCounter; close(): void }> {
  if (redisUrl === undefined) {
    return { newCounter: (_name, allowance) => memoryCounter(allowance), close: () => undefined };
  }
  const { redisCounters } = await import('./redis-counter.ts');
  return redisCounters(redisUrl, log);
}
