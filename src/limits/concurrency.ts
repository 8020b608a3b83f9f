import type { ServerResponse } from 'node:http';

/** Which limit a call exceeds: that of its caller, or that of all callers together. */
export type Exceeded = 'caller' | 'all';

/** How many calls may run at the same time, in all and for each caller. */
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
   * Counts a call as running until its response closes, however that comes about.
   * @returns which limit it would exceed; then it is not counted, and must not run
   */
  acquire(callerKey: string, response: ServerResponse): Exceeded | undefined {
    // The client is gone already: the call would never be released again, and nobody waits for the answer.
    if (response.closed) return undefined;
    const own = this.#running.get(callerKey) ?? 0;
    if (own >= this.#maxPerCaller) return 'caller';
    if (this.#sum >= this.#max) return 'all';
    this.#running.set(callerKey, own + 1);
    this.#sum++;
    response.once('close', () => this.#release(callerKey));
    return undefined;
  }

  #release(callerKey: string): void {
    const own = this.#running.get(callerKey) ?? 0;
    if (own > 1) this.#running.set(callerKey, own - 1);
    else this.#running.delete(callerKey);
    this.#sum--;
  }
}
