import type { ServerResponse } from 'node:http';

/** How many calls may run at the same time, in all and for each caller. */
export class Seats {
  readonly #all: number;
  readonly #perCaller: number;
  readonly #taken = new Map<string, number>();
  #sum = 0;

  constructor(all: number, perCaller: number) {
    this.#all = all;
    this.#perCaller = perCaller;
  }

  /**
   * Takes a seat for a caller until the response closes, however that comes about.
   * @returns who has taken all seats, when there is none left
   */
  take(callerKey: string, response: ServerResponse): 'caller' | 'everybody' | undefined {
    // The client is gone already: a seat would never be freed again, and nobody waits for the answer.
    if (response.closed) return undefined;
    const own = this.#taken.get(callerKey) ?? 0;
    if (own >= this.#perCaller) return 'caller';
    if (this.#sum >= this.#all) return 'everybody';
    this.#taken.set(callerKey, own + 1);
    this.#sum++;
    response.once('close', () => this.#free(callerKey));
    return undefined;
  }

  #free(callerKey: string): void {
    const own = this.#taken.get(callerKey) ?? 0;
    if (own > 1) this.#taken.set(callerKey, own - 1);
    else this.#taken.delete(callerKey);
    this.#sum--;
  }
}
