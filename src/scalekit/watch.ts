import type { ServiceHealth } from '../core/health.ts';
import { within } from '../core/within.ts';
import { type Check, type Metrics, NO_METRICS } from '../observability/metrics/metrics.ts';

/** The pause between two probes, on average; it differs by a fifth, so that instances do not ask in step. */
const PAUSE_MS = { well: 5 * 60_000, failing: 30_000 } as const;
const JITTER = 0.2;
/** While something is wrong, or nothing is known, whoever asks for the state brings the next probe forward to this age. */
const MIN_AGE_MS = 5_000;
/** The longest time that a question for the state waits for a probe. */
const MAX_WAIT_MS = 2_000;

/** What a probe has found. */
export interface Finding {
  readonly health: Exclude<ServiceHealth, 'unknown'>;
  /** What is wrong and what to do, for the log, with the facts. The same notice is logged once. */
  readonly problem?: { readonly notice: string; readonly [fact: string]: unknown };
}

type Fields = Readonly<Record<string, unknown>>;

export interface WatchOptions {
  readonly check: Check;
  /** Never rejects. `undefined`: it cannot be told at the moment, so what was found before remains. */
  readonly probe: () => Promise<Finding | undefined>;
  /** Logs a problem, and that it is over. */
  readonly tell: { failing(fields: Fields): void; back(fields: Fields): void };
  readonly metrics?: Metrics | undefined;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Yields a number from 0 to 1. */
  readonly random?: () => number;
}

/**
 * Watches something that this server depends on, outside of all requests: a probe at start, then one every five minutes,
 * or half a minute while something is wrong. Each change is one line in the log.
 */
export class Watch {
  readonly #options: WatchOptions;
  readonly #now: () => number;
  #finding: Finding | undefined;
  #probedAt: number | undefined;
  #probe: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #start: () => void = () => undefined;
  readonly #started = new Promise<void>((resolve) => {
    this.#start = resolve;
  });

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => Date.now());
  }

  /** Begins to watch. Nothing waits for the first probe. */
  start(): void {
    this.#start();
    void this.#run();
  }

  /** Ends it. A probe that is running has no effect any more. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** The state. Where it is not known to be good, this waits a moment for a probe that is due. */
  async current(): Promise<ServiceHealth> {
    if (this.#finding?.health !== 'healthy')
      await within(
        MAX_WAIT_MS,
        this.#started.then(() => this.suspect()),
      );
    return this.#finding?.health ?? 'unknown';
  }

  /** Something looks wrong, or may be right again: probes now, unless that was done a moment ago. */
  async suspect(): Promise<void> {
    if (this.#probe !== undefined) await this.#probe;
    else if (this.#probedAt === undefined || this.#now() - this.#probedAt >= MIN_AGE_MS) await this.#run();
  }

  /** Takes note of what a call has found. */
  found(finding: Finding): void {
    if (this.#isStopped) return;
    const { check, tell, metrics = NO_METRICS } = this.#options;
    const before = this.#finding;
    this.#finding = finding;
    const { problem } = finding;
    if (problem?.notice !== before?.problem?.notice) {
      if (problem === undefined) tell.back({ check });
      else tell.failing({ check, ...problem });
    }
    metrics.checked(check, problem === undefined);
  }

  #run(): Promise<void> {
    if (this.#isStopped) return Promise.resolve();
    this.#probe ??= this.#once().finally(() => {
      this.#probe = undefined;
    });
    return this.#probe;
  }

  async #once(): Promise<void> {
    clearTimeout(this.#timer);
    this.#probedAt = this.#now();
    const finding = await this.#options.probe();
    if (this.#isStopped) return;
    if (finding !== undefined) this.found(finding);
    const { random = Math.random } = this.#options;
    const pauseMs = this.#finding?.health === 'healthy' ? PAUSE_MS.well : PAUSE_MS.failing;
    this.#timer = setTimeout(() => void this.#run(), pauseMs * (1 + JITTER * (2 * random() - 1))).unref();
  }
}
