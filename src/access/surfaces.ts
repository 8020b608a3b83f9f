import { LRUCache } from 'lru-cache';
import { type Content, NO_CONTENT } from '../core/content.ts';
import { once } from '../core/once.ts';
import type { Tool } from '../core/tool.ts';
import { EVERYTHING, type Selection } from './selection.ts';
import { narrow, type OperatorBound, type Realm, type Surface } from './surface.ts';

/** Callers choose selections, so the number that is kept is bounded. Others are made again when they are asked for. */
const MAX_SURFACES = 200;
/** The same for those who only look, who need no token: pages, metadata and challenges. */
const MAX_LOOKED_AT = 50;

type Kept = LRUCache<string, Surface>;

/** The surfaces of a process, one for each selection. */
export class Surfaces {
  /** What a request without a selection sees. */
  readonly whole: Surface;
  /** The same for a client that shows views. Made when it is first needed: not every process meets such a client. */
  readonly #wholeWithViews: () => Surface;
  readonly #narrow: (selection: Selection, views: boolean) => Surface;
  readonly #known: Kept = new LRUCache({ max: MAX_SURFACES });
  readonly #lookedAt: Kept = new LRUCache({ max: MAX_LOOKED_AT });

  /** @throws Error when two tools of the catalogue share a name */
  constructor(catalogue: readonly Tool[], realm: Realm, bound: OperatorBound, content: Content = NO_CONTENT) {
    this.#narrow = (selection, views) => narrow(catalogue, realm, bound, selection, content, views);
    this.whole = this.#narrow(EVERYTHING, false);
    this.#wholeWithViews = once(() => this.#narrow(EVERYTHING, true));
  }

  /**
   * What a signed-in caller with this selection sees. In whichever environment, surfaces of otherwise the same selection
   * share everything but the id: callers make ids up, and whatever else is made for a surface is found by what it shares.
   * @param views whether its client shows views
   */
  of(selection: Selection, views = false): Surface {
    return this.#keptIn(this.#known, this.#lookedAt, selection, views);
  }

  /** What somebody without a token is shown of it. Whatever strangers ask for, what callers use stays kept. */
  shownTo(selection: Selection): Surface {
    return this.#keptIn(this.#lookedAt, this.#known, selection, false);
  }

  /** @param other where it may be found, without counting as used there */
  #keptIn(own: Kept, other: Kept, selection: Selection, views: boolean): Surface {
    if (selection === EVERYTHING) return views ? this.#wholeWithViews() : this.whole;
    const key = keyOf(selection, views);
    let surface = own.get(key);
    if (surface === undefined) {
      surface = other.peek(key) ?? this.#narrow(selection, views);
      own.set(key, surface);
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
