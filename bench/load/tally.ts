import { quantile } from '../statistics.ts';

/** How many different complaints are printed. */
const MAX_COMPLAINTS = 20;

/** What has become of the requests. Latencies in milliseconds. */
export class Tally {
  requests = 0;
  wrong = 0;
  /** 5xx and 429 that the scenario asked for. */
  intendedRefusals = 0;
  /** Connections that were closed early, and those among them that had no answer yet. */
  closedEarly = 0;
  closedUnanswered = 0;
  readonly statuses = new Map<number, number>();
  readonly complaints = new Map<string, number>();
  readonly #latencies: number[] = [];

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

  complain(complaint: string): void {
    this.wrong++;
    if (this.complaints.has(complaint) || this.complaints.size < MAX_COMPLAINTS) {
      this.complaints.set(complaint, (this.complaints.get(complaint) ?? 0) + 1);
    }
  }

  latency(fraction: number): number {
    return quantile(this.#latencies, fraction);
  }

  /** 5xx and 429 that came without being asked for. */
  get unintendedRefusals(): number {
    let all = 0;
    for (const [status, times] of this.statuses) if (status >= 500 || status === 429) all += times;
    return all - this.intendedRefusals;
  }
}
