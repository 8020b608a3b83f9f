/** How long no call is made after a circuit has opened; doubled whenever a probe fails. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** When a probe has not ended after this time, the next call becomes a probe. */
const PROBE_MS = 5_000;

/** What a call proves about its host. `nothing`: for instance, a call whose client has disconnected. */
export type Evidence = 'alive' | 'dead' | 'nothing';

/** A call that was let through an open circuit to find out whether the host answers again. */
export interface Probe {
  readonly circuit: OpenCircuit;
}

/** An open circuit: no call is made for a pause, then one call at a time as a probe. */
export class OpenCircuit {
  #pauseMs = FIRST_PAUSE_MS;
  /** When the next call may pass as a probe (`performance.now()`). */
  #retryAt: number;
  #probe: Probe | undefined;

  /** @param openedAt when its first pause began (`performance.now()`) */
  constructor(openedAt: number) {
    this.#retryAt = openedAt + FIRST_PAUSE_MS;
  }

  /** How long it lasts from one probe to the next, in milliseconds. */
  get pauseMs(): number {
    return this.#pauseMs;
  }

  /** Milliseconds until a call may pass; zero or less when one may pass now. */
  waitMs(): number {
    return this.#retryAt - performance.now();
  }

  /** Lets a call pass as the probe, which nobody else is until it has ended or takes too long. */
  probe(): Probe {
    this.#probe = { circuit: this };
    this.#retryAt = performance.now() + PROBE_MS;
    return this.#probe;
  }

  /**
   * Takes note of a probe that did not find the host alive. One that took too long, and was replaced, is ignored.
   * @returns whether the pause begins anew, twice as long
   */
  ended(probe: Probe, evidence: Exclude<Evidence, 'alive'>): boolean {
    if (probe !== this.#probe) return false;
    const isDead = evidence === 'dead';
    if (isDead) this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
    this.#retryAt = performance.now() + (isDead ? this.#pauseMs : 0);
    return isDead;
  }
}
