const MINUTE_MS = 60_000;

/** A minute in which events are counted. It begins with the first of them, and whoever counts is told when it ends. */
export class Minute {
  readonly #now: () => number;
  readonly #onEnd: (since: string) => void;
  /** When it began, in milliseconds since the epoch. Unset: the next event begins it. */
  #since: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param now milliseconds since the epoch
   * @param onEnd called with the time at which the minute began (RFC 3339), when it has ended
   */
  constructor(now: () => number, onEnd: (since: string) => void) {
    this.#now = now;
    this.#onEnd = onEnd;
  }

  /** An event is about to be counted: ends the minute before it if that is over, and begins one if there is none. */
  begin(): void {
    this.endIfOver();
    if (this.#since !== undefined) return;
    this.#since = this.#now();
    // The flood may be the last that happens for a long time. `unref`: `end` is called before the process ends.
    this.#timer = setTimeout(() => this.end(), MINUTE_MS).unref();
  }

  endIfOver(): void {
    if (this.#since === undefined) return;
    const elapsedMs = this.#now() - this.#since;
    // A negative time means that the clock was set back, which would keep the minute open too long.
    if (elapsedMs >= MINUTE_MS || elapsedMs < 0) this.end();
  }

  /** Ends the minute, if there is one. */
  end(): void {
    if (this.#since === undefined) return;
    clearTimeout(this.#timer);
    const since = new Date(this.#since).toISOString();
    // First, because whoever is told may ask again whether the minute is over.
    this.#since = undefined;
    this.#onEnd(since);
  }
}
