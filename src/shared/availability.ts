import type { Log } from '../observability/log/log.ts';

/** What the log says when the store of the shared state is lost, and when it is back. */
export interface StoreNotices {
  readonly lost: string;
  readonly back: string;
}

/** Whether the store of the shared state answers. Says so in the log, once for each change. */
export class Availability {
  readonly #log: Log;
  readonly #notices: StoreNotices;
  #isLost = false;
  #hasEnded = false;

  constructor(log: Log, notices: StoreNotices) {
    this.#log = log;
    this.#notices = notices;
  }

  lost(error: unknown): void {
    if (this.#isLost || this.#hasEnded) return;
    this.#isLost = true;
    this.#log.warn('limits_store_lost', {
      error: error instanceof Error ? error.message : String(error),
      notice: this.#notices.lost,
    });
  }

  back(): void {
    if (!this.#isLost || this.#hasEnded) return;
    this.#isLost = false;
    this.#log.warn('limits_store_back', { notice: this.#notices.back });
  }

  /** From now on the store is closed on purpose. */
  end(): void {
    this.#hasEnded = true;
  }
}
