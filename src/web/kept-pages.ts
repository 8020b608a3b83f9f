import { boundedMap } from '../core/bounded-map.ts';
import type { Front } from './front.ts';

/** So many are kept, of some 30 kB each. */
export const MAX_KEPT = 64;

/**
 * What the front page has said, as it was sent. Making it takes longer than a call of a tool, and whoever has no token may
 * ask for it: so it is made once for all who are told the same.
 */
export class KeptPages {
  readonly #kept = boundedMap<string, Buffer>(MAX_KEPT);

  /**
   * The bytes that say to a request what there is to say.
   * @param form the form in which they say it
   * @param make makes them, from nothing but `front`
   */
  of(form: 'html' | 'markdown', front: Front, make: () => Buffer): Buffer {
    // All else that is said follows from the URL, or never changes while this process runs.
    const key = JSON.stringify([form, front.endpoint, front.problem, front.health.services]);
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const bytes = make();
    this.#kept.set(key, bytes);
    return bytes;
  }
}
