import type { Log } from '../observability/log/log.ts';

/** The texts of the log when the store of the shared state is lost, and when it is back. */
export interface StoreNotices {
  readonly lost: string;
  readonly back: string;
}

/** How many reasons are logged while the store is lost. */
const MAX_REASONS = 10;

/** Knows whether the store of the shared state is available, and logs each change once. */
export class Availability {
  readonly #log: Log;
  readonly #notices: StoreNotices;
  /** Why the store is lost, as far as it was logged. */
  readonly #reasons = new Set<string>();
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
    const reason = reasonOf(error);
    this.#reasons.add(reason);
    this.#log.warn('limits_store_lost', { error: reason, notice: this.#notices.lost });
  }

  /**
   * The store could not be connected to. While it is lost, each new reason is logged once: what keeps it away may not be
   * what took it away, such as a password that was changed meanwhile.
   */
  failed(error: unknown): void {
    this.lost(error);
    const reason = reasonOf(error);
    if (this.#hasEnded || this.#reasons.has(reason) || this.#reasons.size >= MAX_REASONS) return;
    this.#reasons.add(reason);
    this.#log.warn('limits_store_reason', { error: reason });
  }

  /** The store has answered. */
  back(): void {
    if (!this.#isLost || this.#hasEnded) return;
    this.#isLost = false;
    this.#reasons.clear();
    this.#log.warn('limits_store_back', { notice: this.#notices.back });
  }

  /** The store is being closed on purpose: nothing is logged any more. */
  end(): void {
    this.#hasEnded = true;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
