import { ToolError } from '../core/errors.ts';
import type { Log } from '../observability/log/log.ts';

/** The circuit opens after this many failures in a row. */
const FAILURES_TO_OPEN = 5;
/** How long no call is made after the circuit has opened; doubled whenever a probe fails. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** When a probe has not ended after this time, the next call becomes a probe. */
const PROBE_MS = 5_000;

/** What a call proves about its host. `nothing`: for instance, a call whose client has disconnected. */
type Evidence = 'alive' | 'dead' | 'nothing';

export interface CircuitBreakerOptions {
  /** The name of the host, for the log. */
  readonly host: string;
  readonly log: Log;
}

/** The state of an open circuit. */
interface Open {
  readonly pauseMs: number;
  /** When the next call may pass as a probe (`performance.now()`). */
  retryAt: number;
  /** Identifies the call that is the current probe. */
  probe: object | undefined;
}

/**
 * A circuit breaker: calls to a host that does not answer fail at once, instead of each waiting for its timeout.
 * Closed: every call is made. After several failures in a row the circuit opens: no call is made for a pause. Then one
 * call at a time is made as a probe; an answer closes the circuit, a failure doubles the pause.
 *
 * Failures are counted by call, not by attempt: a call that succeeds after a retry is not a failure.
 */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  #failures = 0;
  #open: Open | undefined;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
  }

  /**
   * Makes a call, unless the circuit is open.
   * @param call must reject only with a `ToolError`
   * @param reads whether the call changes nothing. Only then does a timeout count as a failure of the host: a write may
   *   wait for a third party, which the caller has chosen
   * @throws ToolError of the call, or `upstream_unavailable` if it was not made
   */
  async through<T>(call: () => Promise<T>, reads: boolean): Promise<T> {
    const probe = this.#pass();
    try {
      const answer = await call();
      this.#record('alive', probe);
      return answer;
    } catch (error) {
      this.#record(evidenceOf(error, reads), probe);
      throw error;
    }
  }

  /**
   * Checks whether a call may be made.
   * @returns the probe that the call is, or undefined while the circuit is closed
   * @throws ToolError when it may not
   */
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

  #record(evidence: Evidence, probe: object | undefined): void {
    const open = this.#open;
    if (evidence === 'alive') this.#close();
    else if (open === undefined) this.#count(evidence);
    // Failures of calls from before the circuit opened, and of probes that took too long, are ignored.
    else if (probe !== undefined && probe === open.probe) {
      if (evidence === 'dead') this.#pause(Math.min(open.pauseMs * 2, LONGEST_PAUSE_MS));
      else open.retryAt = performance.now();
    }
  }

  #count(evidence: Evidence): void {
    if (evidence === 'nothing') return;
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

/** What a failed call proves about its host. Any answer of the host itself proves that it is alive, also a refusal. */
function evidenceOf(error: unknown, reads: boolean): Evidence {
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
