/** So many requests of one person begin in one turn of the event loop. */
export const AT_ONCE = 8;

/**
 * Shares this process among persons. Requests that arrive together would be worked on in the order of their arrival, so that
 * somebody who spends a whole allowance at once, over a thousand connections, stands in front of everybody else. So a
 * few of each person's requests begin in one turn of the event loop; the others wait for the next turns, and between two of
 * them the requests of others are read.
 */
export class FairShare {
  /** How many requests of a person have begun in this turn. */
  readonly #begun = new Map<string, number>();
  /** What waits, by person, in the order of arrival. */
  readonly #waiting = new Map<string, (() => void)[]>();
  #isScheduled = false;

  /**
   * Asks whether a request may begin.
   * @param person whose request it is
   * @returns undefined when it may begin at once; otherwise a promise, which resolves when it may. It never rejects
   */
  turn(person: string): Promise<void> | undefined {
    this.#schedule();
    const begun = this.#begun.get(person) ?? 0;
    if (begun < AT_ONCE && !this.#waiting.has(person)) {
      this.#begun.set(person, begun + 1);
      return undefined;
    }
    return new Promise((resolve) => {
      const queue = this.#waiting.get(person);
      if (queue === undefined) this.#waiting.set(person, [resolve]);
      else queue.push(resolve);
    });
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#next());
  }

  /** A new turn of the event loop: a few of each person who waits begin. */
  #next(): void {
    this.#isScheduled = false;
    this.#begun.clear();
    for (const [person, queue] of this.#waiting) {
      const now = queue.slice(0, AT_ONCE);
      this.#begun.set(person, now.length);
      if (now.length === queue.length) this.#waiting.delete(person);
      else this.#waiting.set(person, queue.slice(AT_ONCE));
      for (const begin of now) begin();
    }
    if (this.#begun.size > 0) this.#schedule();
  }
}
