import type { Availability } from '../shared/availability.ts';
import type { Counter } from './counter.ts';

/**
 * A shared counter with a local one as fallback, which counts while the shared one fails. The library has such a
 * fallback (`insuranceLimiter`), but it does not report when and why it is used.
 */
export function withFallback(shared: Counter, local: Counter, availability: Availability): Counter {
  return {
    spend: (key, points) =>
      shared.spend(key, points).then(
        (spent) => {
          availability.back();
          return spent;
        },
        (error: unknown) => {
          availability.lost(error);
          return local.spend(key, points);
        },
      ),
  };
}
