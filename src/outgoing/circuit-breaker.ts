import { ToolError } from '../core/errors.ts';
import type { Log } from '../observability/log/log.ts';

/** So many calls in a row must fail before the next ones are spared the wait. */
const FAILURES_TO_OPEN = 5;
/** How long nothing is sent after that; doubled whenever a probe fails. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** A probe that has shown nothing for so long no longer keeps others from trying. */
const PROBE_MS = 5_000;

/** What a call has shown of its host; `nothing` if it proved neither, such as one whose client left. */
type Observation = 'alive' | 'dead' | 'nothing';

export interface CircuitBreakerOptions {
  /** For the log. */
  readonly host: string;
  readonly log: Log;
}

/** Absent while the circuit is closed. */
interface Open {
  readonly pauseMs: number;
  /** From this moment on (`performance.now()`), the next call may pass, as a probe. */
  retryAt: number;
  /** The call that is probing now. */
  probe: object | undefined;
}

/**
 * Lets calls to a host that does not answer fail at once, instead of each waiting for itself to find that out. Closed:
 * every call passes. After several failures in a row it opens: for a pause, none does. Then one call at a time passes
 * as a probe; an answer closes the circuit, a failure doubles the pause.
 *
 * Calls count, not their attempts: a connection that is lost and made again is no failure.
 */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  #failures = 0;
  #open: Open | undefined;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
  }

  /**
   * Makes a call, unless the host is known not to answer.
   * @param call fails with a `ToolError` only
   * @param reads whether the call changes nothing: only then does running out of time count against the host, since a
   *   write may wait for a third party, which its caller has chosen
   * @throws ToolError of the call, or `upstream_unavailable` without having made it
   */
  async through<T>(call: () => Promise<T>, reads: boolean): Promise<T> {
    const probe = this.#pass();
    try {
      const answer = await call();
      this.#observe('alive', probe);
      return answer;
    } catch (error) {
      this.#observe(observationOf(error, reads), probe);
      throw error;
    }
  }

  /** Lets a call pass, and tells it whether it is a probe. */
  #pass(): object | undefined {
    const open = this.#open;
    if (open === undefined) return undefined;
    const { host, log } = this.#options;
    const waitMs = open.retryAt - performance.now();
    if (waitMs > 0) throw notAsked(waitMs);
    open.probe = {};
    open.retryAt = performance.now() + PROBE_MS;
    log.info('circuit_half_open', { host });
    return open.probe;
  }

  #observe(seen: Observation, probe: object | undefined): void {
    const open = this.#open;
    if (seen === 'alive') this.#close();
    else if (open === undefined) this.#count(seen);
    // Calls from before the circuit opened, and probes that took too long, have nothing to add.
    else if (probe !== undefined && probe === open.probe) {
      if (seen === 'dead') this.#pause(Math.min(open.pauseMs * 2, LONGEST_PAUSE_MS));
      else open.retryAt = performance.now();
    }
  }

  #count(seen: Observation): void {
    if (seen === 'nothing') return;
    this.#failures += 1;
    if (this.#failures >= FAILURES_TO_OPEN) this.#pause(FIRST_PAUSE_MS);
  }

  #pause(pauseMs: number): void {
    const { host, log } = this.#options;
    this.#open = { pauseMs, retryAt: performance.now() + pauseMs, probe: undefined };
    log.warn('circuit_open', { host, pauseMs });
  }

  #close(): void {
    const { host, log } = this.#options;
    if (this.#open !== undefined) log.info('circuit_closed', { host });
    this.#open = undefined;
    this.#failures = 0;
  }
}

/** Any answer of the host's own shows that it is there, also one that refuses. */
function observationOf(error: unknown, reads: boolean): Observation {
  if (!(error instanceof ToolError)) return 'nothing';
  const { code, recovery } = error;
  if (code === 'cancelled') return 'nothing';
  if ((recovery.upstream?.status ?? 500) < 500) return 'alive';
  if (code === 'upstream_unavailable') return 'dead';
  if (code !== 'upstream_timeout') return 'alive';
  return reads ? 'dead' : 'nothing';
}

function notAsked(waitMs: number): ToolError {
  const message =
    'Scalekit has not been answering, so this request was not sent to it. Repeat the call after retryAfterMs.';
  return new ToolError('upstream_unavailable', message, { retryable: true, retryAfterMs: Math.ceil(waitMs) });
}
