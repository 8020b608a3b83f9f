import { LRUCache } from 'lru-cache';
import { type Content, NO_CONTENT } from '../core/content.ts';
import { once } from '../core/once.ts';
import type { Tool } from '../core/tool.ts';
import { EVERYTHING, type Selection } from './selection.ts';
import { narrow, type OperatorBound, type Realm, type Surface } from './surface.ts';

/** Callers choose selections, so the number that is kept is bounded. Others are made again when they are asked for. */
const MAX_SURFACES = 200;

/** The surfaces of a process, one for each selection. */
export class Surfaces {
  /** What a request without a selection sees. */
  readonly whole: Surface;
  /** The same for a client that shows views. Made when it is first needed: not every process meets such a client. */
  readonly #wholeWithViews: () => Surface;
  readonly #narrow: (selection: Selection, views: boolean) => Surface;
  readonly #known = new LRUCache<string, Surface>({ max: MAX_SURFACES });

  /** @throws Error when two tools of the catalogue share a name */
  constructor(catalogue: readonly Tool[], realm: Realm, bound: OperatorBound, content: Content = NO_CONTENT) {
    this.#narrow = (selection, views) => narrow(catalogue, realm, bound, selection, content, views);
    this.whole = this.#narrow(EVERYTHING, false);
    this.#wholeWithViews = once(() => this.#narrow(EVERYTHING, true));
  }

  /**
   * What a request with this selection sees. In whichever environment, surfaces of otherwise the same selection share
   * everything but the id: callers make ids up, and whatever else is made for a surface is found by what it shares.
   * @param views whether its client shows views
   */
  of(selection: Selection, views = false): Surface {
    if (selection === EVERYTHING) return views ? this.#wholeWithViews() : this.whole;
    const key = keyOf(selection, views);
    let surface = this.#known.get(key);
    if (surface === undefined) {
      surface = this.#narrow(selection, views);
      this.#known.set(key, surface);
    }
    const { fence } = surface;
    return fence === undefined || fence === selection.environment
      ? surface
      : Object.freeze({ ...surface, fence: selection.environment });
  }
}

/** The cache key of a selection. The order of names does not matter, nor which environment it is. */
function keyOf({ named = [], readOnly = false, environment }: Selection, views: boolean): string {
  const sides = named.map(({ toolsets, tools }) => [toolsets.toSorted(), tools.toSorted()]);
  return JSON.stringify([sides, readOnly, environment !== undefined, views]);
}
