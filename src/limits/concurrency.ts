/** What a place is taken for. */
interface Work {
  readonly isOver: boolean;
  /** Calls back once, when the work is over, whatever becomes of its connection. */
  whenOver(callback: () => void): void;
}

/** The limit that a call would exceed: that of its caller as a person, or that of all callers together. */
export type Exceeded = 'caller' | 'all';

/** Limits how many calls run at the same time, for each caller and for all callers together. */
export class ConcurrencyLimit {
  readonly #max: number;
  readonly #maxPerCaller: number;
  /** Running calls by the key of their caller. */
  readonly #running = new Map<string, number>();
  #sum = 0;

  constructor(max: number, maxPerCaller: number) {
    this.#max = max;
    this.#maxPerCaller = maxPerCaller;
  }

  /**
   * Counts a call as running until it is over. How long its answer takes to leave does not count: a client that reads
   * nothing would keep its place.
   * @returns the limit that it would exceed; then it is not counted and must not run. Otherwise undefined
   */
  acquire(callerKey: string, work: Work): Exceeded | undefined {
    // The client has disconnected already. Nobody waits for its answer.
    if (work.isOver) return undefined;
    const exceeded = this.exceeded(callerKey);
    if (exceeded !== undefined) return exceeded;
    this.#running.set(callerKey, (this.#running.get(callerKey) ?? 0) + 1);
    this.#sum++;
    work.whenOver(() => this.#release(callerKey));
    return undefined;
  }

  /** The limit that one more call of a caller would exceed now; otherwise undefined. Counts nothing. */
  exceeded(callerKey: string): Exceeded | undefined {
    if ((this.#running.get(callerKey) ?? 0) >= this.#maxPerCaller) return 'caller';
    return this.#sum >= this.#max ? 'all' : undefined;
  }

  #release(callerKey: string): void {
    const own = this.#running.get(callerKey) ?? 0;
    if (own > 1) this.#running.set(callerKey, own - 1);
    else this.#running.delete(callerKey);
    this.#sum--;
  }
}
