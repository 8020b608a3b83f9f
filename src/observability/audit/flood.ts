import type { RequestFacts } from '../request-facts.ts';
import type { Facts } from './chain.ts';

/**
 * How many anonymous records are written one by one in each window. Enough to see who tries what. More would let
 * clients without a token fill the ledger, until the records of others are rotated out.
 */
const ONE_BY_ONE = 600;
const WINDOW_MS = 60_000;

const ANONYMOUS_EVENTS: ReadonlySet<string> = new Set(['mcp_auth_failure', 'mcp_limit']);

/** Whether a record is about a refusal without an authenticated caller, which any client can cause. */
export function isAnonymous(event: string, { caller }: RequestFacts): boolean {
  return caller === undefined && ANONYMOUS_EVENTS.has(event);
}

/** Limits anonymous records. Those of a minute that are too many are not written; one record has their number. */
export class AnonymousRecords {
  readonly #now: () => number;
  readonly #writeSum: (facts: Facts) => void;
  /** When the window began, in milliseconds since the epoch. Unset: the next anonymous record begins one. */
  #since: number | undefined;
  #count = 0;

  /**
   * @param now milliseconds since the epoch
   * @param writeSum writes the one record for all those that were not written
   */
  constructor(now: () => number, writeSum: (facts: Facts) => void) {
    this.#now = now;
    this.#writeSum = writeSum;
  }

  /** @returns whether this record is to be written; otherwise it is only counted */
  admits(): boolean {
    this.endIfOver();
    this.#since ??= this.#now();
    this.#count++;
    return this.#count <= ONE_BY_ONE;
  }

  /** Ends the window if its time is over. Called before every record, so that the sum precedes later records. */
  endIfOver(): void {
    if (this.#since === undefined) return;
    const elapsedMs = this.#now() - this.#since;
    // A negative time means that the clock was set back, which would keep the window open too long.
    if (elapsedMs >= WINDOW_MS || elapsedMs < 0) this.end();
  }

  /** Ends the window, and writes the sum if any record was left out. */
  end(): void {
    const { since, count } = { since: this.#since, count: this.#count - ONE_BY_ONE };
    this.#since = undefined;
    this.#count = 0;
    if (since !== undefined && count > 0) this.#writeSum({ count, since: new Date(since).toISOString() });
  }
}
