import type { Availability } from '../shared/availability.ts';
import type { Counter } from './counter.ts';

/**
 * A counter that instances share, with one in this process that counts while the other cannot: the limit stays. The
 * insurance of the library would tell nobody why, or when, it is used.
 */
export function insured(shared: Counter, local: Counter, availability: Availability): Counter {
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
