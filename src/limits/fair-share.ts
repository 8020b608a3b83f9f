/** So many requests of one person begin in one turn of the event loop, as long as turns are short. */
export const AT_ONCE = 8;
/** A turn that takes longer is long, in milliseconds: whoever needs several turns waits for all of them. */
export const LONG_TURN_MS = 5;

/**
 * Shares this process among persons. Requests that arrive together would be worked on in the order of their arrival, so that
 * somebody who spends a whole allowance at once, over a thousand connections, stands in front of everybody else. So a
 * few of each person's requests begin in one turn of the event loop; the others wait for the next turns, and between two of
 * them the requests of others are read. What a request costs is not known before. So after a long turn half as many begin,
 * down to one, and after a short one twice as many. Strangers have as many addresses as they like, so that all of them together
 * count as one person, and the turns of that one go round among their networks.
 */
export class FairShare {
  /** How many requests of a person have begun in this turn. */
  readonly #begun = new Map<string, number>();
  /** What waits, by person, in the order of arrival. */
  readonly #waiting = new Map<string, (() => void)[]>();
  /** How many requests of strangers have begun in this turn. */
  #strangersBegun = 0;
  /** What waits of theirs, by network: the one whose turn it is first. */
  readonly #strangers = new Map<string, (() => void)[]>();
  #isScheduled = false;
  /** When the turn that is going on began, by `now`. */
  #since = 0;
  #atOnce = AT_ONCE;
  readonly #now: () => number;

  /** @param now in milliseconds, of any clock that only goes forward */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /**
   * Asks whether a request may begin.
   * @param person whose request it is
   * @returns undefined when it may begin at once; otherwise a promise, which resolves when it may. It never rejects
   */
  turn(person: string): Promise<void> | undefined {
    this.#schedule();
    const begun = this.#begun.get(person) ?? 0;
    if (begun < this.#atOnce && !this.#waiting.has(person)) {
      this.#begun.set(person, begun + 1);
      return undefined;
    }
    return queuedIn(this.#waiting, person);
  }

  /** The same for a request of somebody without a token, by the network of their address. */
  strangersTurn(network: string): Promise<void> | undefined {
    this.#schedule();
    if (this.#strangersBegun < this.#atOnce && this.#strangers.size === 0) {
      this.#strangersBegun++;
      return undefined;
    }
    return queuedIn(this.#strangers, network);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#since = this.#now();
    setImmediate(() => this.#next());
  }

  /** A new turn of the event loop: a few of each person who waits begin. */
  #next(): void {
    this.#isScheduled = false;
    this.#begun.clear();
    const isLong = this.#now() - this.#since > LONG_TURN_MS;
    this.#atOnce = isLong ? Math.ceil(this.#atOnce / 2) : Math.min(this.#atOnce * 2, AT_ONCE);
    for (const [person, queue] of this.#waiting) {
      const now = queue.slice(0, this.#atOnce);
      this.#begun.set(person, now.length);
      if (now.length === queue.length) this.#waiting.delete(person);
      else this.#waiting.set(person, queue.slice(this.#atOnce));
      for (const begin of now) begin();
    }
    this.#beginOfStrangers();
    if (this.#begun.size > 0 || this.#strangersBegun > 0) this.#schedule();
  }

  #beginOfStrangers(): void {
    this.#strangersBegun = 0;
    // A network that is set again comes last.
    for (const [network, queue] of this.#strangers) {
      if (this.#strangersBegun === this.#atOnce) return;
      this.#strangersBegun++;
      this.#strangers.delete(network);
      queue.shift()?.();
      if (queue.length > 0) this.#strangers.set(network, queue);
    }
  }
}

function queuedIn(waiting: Map<string, (() => void)[]>, whose: string): Promise<void> {
  return new Promise((resolve) => {
    const queue = waiting.get(whose);
    if (queue === undefined) waiting.set(whose, [resolve]);
    else queue.push(resolve);
  });
}
