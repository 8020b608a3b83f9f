import type { Log } from '../observability/log/log.ts';

/** What the log says of a store that instances share. */
export interface StoreNotices {
  readonly lost: string;
  readonly back: string;
}

/** Whether a store that instances share can be counted on, said in the log once for each change. */
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

  /** From now on the store is meant to be gone. */
  end(): void {
    this.#hasEnded = true;
  }
}
