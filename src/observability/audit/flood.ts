import type { RequestFacts } from '../request-facts.ts';
import type { Facts } from './chain.ts';

/** Enough to see who tries what; whoever needs no token must not push out what others did. */
const ONE_BY_ONE = 600;
const WINDOW_MS = 60_000;

const ANONYMOUS_EVENTS: ReadonlySet<string> = new Set(['mcp_auth_failure', 'mcp_limit']);

/** Whether anybody at all can cause such a record: it is a refusal, and no token has said whose. */
export function isAnonymous(event: string, { caller }: RequestFacts): boolean {
  return caller === undefined && ANONYMOUS_EVENTS.has(event);
}

/** Counts anonymous records, and sums up those of a minute that are too many to be written one by one. */
export class AnonymousRecords {
  readonly #now: () => number;
  readonly #writeSum: (facts: Facts) => void;
  /** Of the window; unset: there is none, until the next anonymous record begins one. */
  #since: number | undefined;
  #count = 0;

  /**
   * @param now milliseconds since the epoch
   * @param writeSum writes the one record for all that was not written by itself
   */
  constructor(now: () => number, writeSum: (facts: Facts) => void) {
    this.#now = now;
    this.#writeSum = writeSum;
  }

  /** @returns whether this one is written by itself; else it is counted */
  admits(): boolean {
    this.endIfOver();
    this.#since ??= this.#now();
    this.#count++;
    return this.#count <= ONE_BY_ONE;
  }

  /** Comes before every record, so that the sum stands in front of what happened after its window. */
  endIfOver(): void {
    if (this.#since === undefined) return;
    const elapsedMs = this.#now() - this.#since;
    // A clock that was set back would keep the window open for as long.
    if (elapsedMs >= WINDOW_MS || elapsedMs < 0) this.end();
  }

  /** Ends the window, and writes what it has summed up. */
  end(): void {
    const { since, count } = { since: this.#since, count: this.#count - ONE_BY_ONE };
    this.#since = undefined;
    this.#count = 0;
    if (since !== undefined && count > 0) this.#writeSum({ count, since: new Date(since).toISOString() });
  }
}
