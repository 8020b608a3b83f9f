import { quantile } from '../statistics.ts';

/** How many different reasons are kept and printed. */
const MAX_REASONS = 20;

/** The outcome of the requests of one scenario. Latencies in milliseconds. */
export class Tally {
  requests = 0;
  wrong = 0;
  /** 5xx and 429 that the scenario expects. */
  intendedRefusals = 0;
  /** Connections that were closed early, and how many of them before the answer. */
  closedEarly = 0;
  closedUnanswered = 0;
  readonly statuses = new Map<number, number>();
  readonly reasons = new Map<string, number>();
  readonly #latencies: number[] = [];

  /** The requests of several scenarios together. */
  static of(tallies: Iterable<Tally>): Tally {
    const all = new Tally();
    for (const tally of tallies) {
      all.requests += tally.requests;
      all.wrong += tally.wrong;
      all.intendedRefusals += tally.intendedRefusals;
      for (const [status, times] of tally.statuses) all.statuses.set(status, (all.statuses.get(status) ?? 0) + times);
      for (const [reason, times] of tally.reasons) all.reasons.set(reason, (all.reasons.get(reason) ?? 0) + times);
      for (const latency of tally.#latencies) all.#latencies.push(latency);
    }
    return all;
  }

  answered(status: number, latencyMs: number): void {
    this.requests++;
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    this.#latencies.push(latencyMs);
  }

  intended(status: number): void {
    if (status >= 500 || status === 429) this.intendedRefusals++;
  }

  left(unanswered: boolean): void {
    this.requests++;
    this.closedEarly++;
    if (unanswered) this.closedUnanswered++;
  }

  countWrong(reason: string): void {
    this.wrong++;
    if (this.reasons.has(reason) || this.reasons.size < MAX_REASONS) {
      this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
    }
  }

  latency(fraction: number): number {
    return quantile(this.#latencies, fraction);
  }

  /** 5xx and 429 that no scenario expects. */
  get unintendedRefusals(): number {
    let all = 0;
    for (const [status, times] of this.statuses) if (status >= 500 || status === 429) all += times;
    return all - this.intendedRefusals;
  }
}
