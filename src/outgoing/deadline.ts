import { ToolError } from '../core/errors.ts';

/**
 * Until when a tool call may wait for others: one moment for all that it waits for, retries and look-ups included, and
 * no longer than its client stays.
 *
 * `AbortSignal.any([signal, AbortSignal.timeout(ms)])` says the same in a line, at seven times the price (13 against
 * 2 µs on Node 24, 38 against 9 on Node 20), and keeps some 5 kB of every call until its time is over, long after it was
 * answered.
 */
export class Deadline {
  /** Aborted when the client leaves. */
  readonly signal: AbortSignal;
  readonly #until: number;

  /**
   * @param ms from now on
   * @param signal of the client
   */
  constructor(ms: number, signal: AbortSignal) {
    this.signal = signal;
    this.#until = performance.now() + ms;
  }

  remainingMs(): number {
    return this.#until - performance.now();
  }

  /** @throws ToolError when the call is over: nothing more must be sent for it */
  check(): void {
    if (this.signal.aborted || this.remainingMs() <= 0) throw this.#error();
  }

  /**
   * Runs what belongs to this call alone.
   * @param work gets a signal that is aborted when the call is over, with a `TimeoutError` or the client's own reason
   */
  async run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this;
    const controller = new AbortController();
    const onTimeout = () => controller.abort(new DOMException('The deadline of the call has passed.', 'TimeoutError'));
    const onAbort = () => controller.abort(signal.reason);
    const timer = setTimeout(onTimeout, this.remainingMs());
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await work(controller.signal);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  }

  /**
   * Waits for what other calls wait for as well: it goes on for them when this call may wait no longer.
   * @throws ToolError when the call is over first
   */
  wait<T>(shared: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(this.#error());
      const timer = setTimeout(giveUp, this.remainingMs());
      this.signal.addEventListener('abort', giveUp, { once: true });
      if (this.signal.aborted) giveUp();
      shared.then(resolve, reject).finally(() => {
        clearTimeout(timer);
        this.signal.removeEventListener('abort', giveUp);
      });
    });
  }

  #error(): ToolError {
    return this.signal.aborted ? cancelled() : timedOut('Repeat the call in a moment.', true);
  }
}

/** Whether an aborted signal was aborted because time was up, and not because the client left. */
export function isTimeout({ reason }: AbortSignal): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError';
}

export function cancelled(): ToolError {
  return new ToolError('cancelled', 'The client ended the call before it was answered.');
}

/** @param whatNow what to do about it, in a sentence */
export function timedOut(whatNow: string, retryable: boolean, cause?: unknown): ToolError {
  return new ToolError('upstream_timeout', `Scalekit did not answer in time. ${whatNow}`, { retryable }, cause);
}
