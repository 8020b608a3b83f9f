import { ToolError } from '../core/errors.ts';
import { cancelled, type Deadline } from './deadline.ts';

/** With less time than this a request that has waited is not sent: the API might act on it, and nobody would know. */
const LEAST_LEFT_MS = 1_000;

/**
 * Gives each person a share of the connections to a host. Without it, one person whose calls hang would take all of them,
 * and everybody else would wait behind that person. What is above the share waits in a queue of that person alone.
 */
export class Shares {
  readonly #places: number;
  /** The places that are taken, by person; nobody who has none. */
  readonly #taken = new Map<string, number>();
  /** Those who wait for a place, in order; nobody for whom none waits. Each is called when a place is handed over. */
  readonly #waiting = new Map<string, Set<() => void>>();

  /** @param places how many requests of one person may be under way at the same time */
  constructor(places: number) {
    this.#places = places;
  }

  /**
   * Takes a place, which must be given back with `give`.
   * @param person identifies who calls, the same through all clients
   * @returns undefined when there was one; otherwise a promise that resolves when one was handed over, and rejects with a
   *   `ToolError`, without a place, when the call is over before
   */
  take(person: string, deadline: Deadline): Promise<void> | undefined {
    const taken = this.#taken.get(person) ?? 0;
    if (taken >= this.#places) return this.#wait(person, deadline);
    this.#taken.set(person, taken + 1);
    return undefined;
  }

  /** Gives a place back, to the request of the same person that has waited longest, if one waits. */
  give(person: string): void {
    const [next] = this.#waiting.get(person) ?? [];
    const taken = this.#taken.get(person) ?? 0;
    if (next !== undefined) {
      this.#leave(person, next);
      next();
    } else if (taken > 1) this.#taken.set(person, taken - 1);
    else this.#taken.delete(person);
  }

  async #wait(person: string, deadline: Deadline): Promise<void> {
    let next: () => void = () => undefined;
    const handedOver = new Promise<void>((resolve) => {
      next = resolve;
    });
    this.#waiting.set(person, (this.#waiting.get(person) ?? new Set()).add(next));
    await deadline.wait(handedOver).catch(() => undefined);
    const isWorthwhile = !deadline.signal.aborted && deadline.remainingMs() >= LEAST_LEFT_MS;
    // The call may be over in the same moment in which a place was handed to it.
    const hasPlace = !this.#leave(person, next);
    if (hasPlace && isWorthwhile) return;
    if (hasPlace) this.give(person);
    throw deadline.signal.aborted ? cancelled() : notSent();
  }

  /** @returns whether it was still waiting */
  #leave(person: string, waiting: () => void): boolean {
    const queue = this.#waiting.get(person);
    const wasWaiting = queue?.delete(waiting) === true;
    if (queue?.size === 0) this.#waiting.delete(person);
    return wasWaiting;
  }
}

function notSent(): ToolError {
  const message =
    'Scalekit did not answer your other calls in time, so this request was not sent to it. Repeat the call in a moment, with fewer calls at the same time.';
  return new ToolError('upstream_timeout', message, { retryable: true });
}
