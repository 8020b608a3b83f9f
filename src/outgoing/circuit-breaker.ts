import { LRUCache } from 'lru-cache';
import { ToolError } from '../core/errors.ts';
import { subjectOf } from '../core/person.ts';
import type { Log } from '../observability/log/log.ts';
import { plainText } from '../observability/plain-text.ts';
import { type Evidence, OpenCircuit, type Probe } from './circuit.ts';

/** A circuit opens after this many failures in a row. */
const FAILURES_TO_OPEN = 5;
/** How many of them may be of one person where the circuit of everybody is concerned. */
const FAILURES_PER_PERSON = 3;
/** How many persons whose last call failed are remembered: those who called last. */
const MAX_PERSONS = 1_000;

export interface CircuitBreakerOptions {
  /** The name of the host, for the log. */
  readonly host: string;
  readonly log: Log;
}

/** A person whose last call failed, or who called while the circuit was open for all. */
interface Failing {
  /** Failures in a row. */
  failures: number;
  circuit: OpenCircuit | undefined;
}

/**
 * A circuit breaker: calls to a host that does not answer fail at once, instead of each waiting for its timeout.
 * Closed: every call is made. After several failures in a row the circuit opens: no call is made for a pause. Then one
 * call at a time is made as a probe; an answer closes the circuit, a failure doubles the pause.
 *
 * A host may fail for one person alone, for instance because an environment sleeps. So each person has a circuit, whose
 * pauses and probes nobody else notices. When several persons fail and nobody gets an answer, it opens for all: everyone
 * else begins with a pause, too. The first answer to anybody closes it for all.
 *
 * Failures are counted by call, not by attempt: a call that succeeds after a retry is not a failure.
 */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  readonly #persons = new LRUCache<string, Failing>({ max: MAX_PERSONS });
  /** Failures since the last answer to anybody, by person. There are never more than open the circuit for all. */
  readonly #failures = new Map<string, number>();
  /** When the circuit was opened for all (`performance.now()`); undefined while it is not. */
  #openedForAll: number | undefined;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
  }

  /**
   * Makes a call, unless the circuit is open.
   * @param call must reject only with a `ToolError`
   * @param reads whether the call changes nothing. Only then does a timeout count as a failure of the host: a write may
   *   wait for a third party, which the caller has chosen
   * @param person identifies who calls, the same through all clients
   * @throws ToolError of the call, or `upstream_unavailable` if it was not made
   */
  async through<T>(call: () => Promise<T>, reads: boolean, person: string): Promise<T> {
    const probe = this.#pass(person);
    try {
      const answer = await call();
      this.#answered(person);
      return answer;
    } catch (error) {
      const evidence = evidenceOf(error, reads);
      if (evidence === 'alive') this.#answered(person);
      else this.#notAnswered(person, probe, evidence);
      throw error;
    }
  }

  /** Whose calls are held up at the moment. After its pause a circuit lets a call through, and holds up nobody. */
  get holdsUp(): 'all' | 'some' | 'nobody' {
    const waits = [...this.#persons.values()].some(({ circuit }) => circuit !== undefined && circuit.waitMs() > 0);
    if (this.#openedForAll === undefined) return waits ? 'some' : 'nobody';
    return waits || new OpenCircuit(this.#openedForAll).waitMs() > 0 ? 'all' : 'nobody';
  }

  /**
   * Checks whether a call may be made.
   * @returns the probe that the call is, or undefined while the circuit is closed
   * @throws ToolError when it may not
   */
  #pass(person: string): Probe | undefined {
    if (this.#openedForAll === undefined && this.#persons.size === 0) return undefined;
    const circuit = this.#circuitOf(person);
    if (circuit === undefined) return undefined;
    const waitMs = circuit.waitMs();
    if (waitMs > 0) throw notAsked(waitMs);
    if (this.#openedForAll === undefined) this.#tell('circuit_half_open', ofPerson(person));
    return circuit.probe();
  }

  #circuitOf(person: string): OpenCircuit | undefined {
    const known = this.#persons.get(person);
    if (known?.circuit !== undefined || this.#openedForAll === undefined) return known?.circuit;
    const circuit = new OpenCircuit(this.#openedForAll);
    this.#persons.set(person, { failures: known?.failures ?? 0, circuit });
    return circuit;
  }

  #answered(person: string): void {
    this.#failures.clear();
    if (this.#openedForAll !== undefined) {
      this.#openedForAll = undefined;
      this.#persons.clear();
      this.#tell('circuit_closed', { of: 'all' });
    } else if (this.#persons.size > 0) {
      const wasOpen = this.#persons.get(person)?.circuit !== undefined;
      this.#persons.delete(person);
      if (wasOpen) this.#tell('circuit_closed', ofPerson(person));
    }
  }

  #notAnswered(person: string, probe: Probe | undefined, evidence: 'dead' | 'nothing'): void {
    // Failures of calls from before the circuit opened, and of probes that took too long, lengthen no pause.
    if (probe?.circuit.ended(probe, evidence) === true) this.#tellPause(probe.circuit, person);
    if (evidence === 'nothing') return;
    this.#countForPerson(person);
    this.#countForAll(person);
  }

  #countForPerson(person: string): void {
    const failing = this.#persons.get(person) ?? { failures: 0, circuit: undefined };
    this.#persons.set(person, failing);
    failing.failures += 1;
    if (failing.circuit !== undefined || failing.failures < FAILURES_TO_OPEN) return;
    failing.circuit = new OpenCircuit(performance.now());
    this.#tellPause(failing.circuit, person);
  }

  #countForAll(person: string): void {
    if (this.#openedForAll !== undefined) return;
    const before = this.#failures.get(person) ?? 0;
    this.#failures.set(person, Math.min(before + 1, FAILURES_PER_PERSON));
    const total = [...this.#failures.values()].reduce((sum, failures) => sum + failures, 0);
    if (total < FAILURES_TO_OPEN) return;
    this.#failures.clear();
    this.#openedForAll = performance.now();
    this.#options.log.warn('circuit_open', { host: this.#options.host, of: 'all' });
  }

  /** While the circuit is open for all, the pauses of each person are no news. */
  #tellPause({ pauseMs }: OpenCircuit, person: string): void {
    if (this.#openedForAll !== undefined) return;
    const { host, log } = this.#options;
    log.warn('circuit_open', { host, ...ofPerson(person), pauseMs });
  }

  #tell(event: 'circuit_half_open' | 'circuit_closed', whose: Whose): void {
    const { host, log } = this.#options;
    log.info(event, { host, ...whose });
  }
}

/** Whose circuit a line of the log is about. */
interface Whose {
  readonly of: 'person' | 'all';
  /** As in the lines of their requests; undefined for what this server asks by itself. */
  readonly caller?: string | undefined;
}

function ofPerson(person: string): Whose {
  const subject = subjectOf(person);
  return { of: 'person', caller: subject && plainText(subject) };
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
