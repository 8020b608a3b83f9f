import type { Log } from '../observability/log/log.ts';

/** The texts of the log when the store of the shared state is lost, and when it is back. */
export interface StoreNotices {
  readonly lost: string;
  readonly back: string;
}

/** Knows whether the store of the shared state is available, and logs each change once. */
export class Availability {
  readonly #log: Log;
  readonly #notices: StoreNotices;
  #isLost = false;
  #hasEnded = false;

  constructor(log: Log, notices: StoreNotices) {
    this.#log = log;
    this.#notices = notices;
  }

  /** The store did not answer. */
  lost(error: unknown): void {
    if (this.#isLost || this.#hasEnded) return;
    this.#isLost = true;
    this.#log.warn('limits_store_lost', {
      error: error instanceof Error ? error.message : String(error),
      notice: this.#notices.lost,
    });
  }

  /** The store has answered. */
  back(): void {
    if (!this.#isLost || this.#hasEnded) return;
    this.#isLost = false;
    this.#log.warn('limits_store_back', { notice: this.#notices.back });
  }

  /** The store is being closed on purpose: nothing is logged any more. */
  end(): void {
    this.#hasEnded = true;
  }
}
