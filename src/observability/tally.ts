/**
 * How many events of clients without a known caller are written one by one in each minute, in all. Enough to see what they
 * try. More would let them fill what is written.
 */
export const ANONYMOUS_ONE_BY_ONE = 600;

/** What was only counted. */
export type Counted = {
  readonly count: number;
  /** The same by their outcomes. */
  readonly errors: Readonly<Record<string, number>>;
};

/** Counts equal events, of which the first ones are written one by one. */
export class Tally {
  #oneByOne: number;
  #count = 0;
  readonly #errors = new Map<string, number>();

  /** @param oneByOne how many are written before they are only counted */
  constructor(oneByOne: number) {
    this.#oneByOne = oneByOne;
  }

  /** @returns whether this event is to be written; otherwise it is counted */
  count(error: string): boolean {
    if (this.#oneByOne-- > 0) return true;
    this.#count++;
    this.#errors.set(error, (this.#errors.get(error) ?? 0) + 1);
    return false;
  }

  /** What was counted and not written; undefined if there is nothing. */
  leftOut(): Counted | undefined {
    return this.#count === 0 ? undefined : { count: this.#count, errors: Object.fromEntries(this.#errors) };
  }
}
