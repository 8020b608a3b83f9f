import type { Availability } from '../shared/availability.ts';
import type { Counter } from './counter.ts';

/**
 * A counter in the shared state, with one in this process that counts while the other cannot: the limit stays. The
 * library has a fallback of its own (`insuranceLimiter`), but would tell nobody why, or when, it is used.
 */
export function withFallback(shared: Counter, local: Counter, availability: Availability): Counter {
  return {
    spend: (key, points) =>
      shared.spend(key, points).then(
        (over) => {
          availability.back();
          return over;
        },
        (error: unknown) => {
          availability.lost(error);
          return local.spend(key, points);
        },
      ),
  };
}
