/** So many small ones more than those of each body are taken in a second, in all. */
export const CHUNKS_A_SECOND = 50_000;

/** Counts the small chunks of all bodies of a server, because one address may have a thousand connections. */
export class SmallChunks {
  readonly #now: () => number;
  #left = CHUNKS_A_SECOND;
  #until = 0;

  /** @param now in milliseconds, of any clock that only goes forward */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Whether one more may be taken. */
  take(): boolean {
    const now = this.#now();
    if (now >= this.#until) {
      this.#left = CHUNKS_A_SECOND;
      this.#until = now + 1_000;
    }
    this.#left--;
    return this.#left >= 0;
  }
}
