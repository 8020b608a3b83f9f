import { ToolError } from '../core/errors.ts';

/**
 * How long one tool call may wait for Scalekit: until one moment for all that it waits for, retries and look-ups
 * included, and no longer than its client wants to.
 */
export class CallLimits {
  /** The client's own wish to stop. */
  readonly wish: AbortSignal;
  readonly #now: () => number;
  readonly #until: number;

  /** @param now milliseconds of a clock that never goes back */
  constructor(timeoutMs: number, wish: AbortSignal, now: () => number) {
    this.wish = wish;
    this.#now = now;
    this.#until = now() + timeoutMs;
  }

  remainingMs(): number {
    return this.#until - this.#now();
  }

  /** @throws ToolError when the call is over: nothing more must be sent for it */
  check(): void {
    if (this.wish.aborted || this.remainingMs() <= 0) throw this.#over();
  }

  /** Waits for what other calls wait for as well: it goes on for them when this call may wait no longer. */
  wait<T>(shared: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(this.#over());
      const timer = setTimeout(giveUp, this.remainingMs());
      this.wish.addEventListener('abort', giveUp, { once: true });
      if (this.wish.aborted) giveUp();
      shared.then(resolve, reject).finally(() => {
        clearTimeout(timer);
        this.wish.removeEventListener('abort', giveUp);
      });
    });
  }

  #over(): ToolError {
    return this.wish.aborted ? cancelled() : timedOut('Repeat the call in a moment.', true);
  }
}

export function cancelled(): ToolError {
  return new ToolError('cancelled', 'The client ended the call before it was answered.');
}

/** @param whatNow what to do about it, in a sentence */
export function timedOut(whatNow: string, retryable: boolean, cause?: unknown): ToolError {
  return new ToolError('upstream_timeout', `Scalekit did not answer in time. ${whatNow}`, { retryable }, cause);
}
