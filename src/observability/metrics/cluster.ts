import cluster, { type Worker } from 'node:cluster';
import { AggregatorRegistry, Counter, type PrometheusContentType, Registry } from 'prom-client';

// Metrics of several worker processes. prom-client adds them up. Its own way to request them fails for as long as a
// worker is connected and does not answer, which every worker does while it starts. So they are requested here, and
// only of workers that have said that they answer.

/** How long a worker may take to answer. Then the counts that it sent last are used: a sum without them would fall. */
const ANSWER_MS = 2_000;
/** How long a sum is good for: every scrape asks all workers, and each of them stops its work to count. */
const GOOD_FOR_MS = 1_000;

/** The metrics of one process, as prom-client adds them up. */
type Counts = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/** Messages between a primary and its workers. Others of the same channel have other kinds. */
type FromPrimary = { readonly kind: 'count' };
type FromWorker = { readonly kind: 'counting' } | { readonly kind: 'counts'; readonly counts: Counts };

/** The metrics that a primary serves: the sum of its workers, and what the primary counts itself. */
export interface PrimaryMetrics {
  /** The metrics that the primary counts itself. */
  readonly registry: Registry;
  readonly contentType: string;
  /** How long a text is good for after it was made, in milliseconds. */
  readonly goodForMs: number;
  /**
   * All metrics in the text format of Prometheus. A worker that does not answer in time is there with the counts that it
   * sent last, and one that is still starting is not.
   */
  metrics(): Promise<string>;
  workerDied(): void;
}

/** Creates the metrics of a primary, which requests those of its workers. */
export function primaryMetrics(): PrimaryMetrics {
  const registry = new Registry<PrometheusContentType>();
  const deaths = new Counter({
    name: 'scalekit_mcp_worker_deaths_total',
    help: 'Workers that have ended without being told to.',
    registers: [registry],
  });
  const workers = new Map<Worker, CountingWorker>();
  cluster.on('message', (worker, message: FromWorker) => {
    if (message.kind === 'counting') workers.set(worker, new CountingWorker(worker));
    if (message.kind === 'counts') workers.get(worker)?.receive(message.counts);
  });
  cluster.on('exit', (worker) => {
    workers.get(worker)?.end();
    workers.delete(worker);
  });
  return {
    registry,
    contentType: registry.contentType,
    goodForMs: GOOD_FOR_MS,
    metrics: async () => {
      const counts = await Promise.all([...workers.values()].map((worker) => worker.counts()));
      const known = counts.filter((each) => each !== undefined);
      const sum = known.length === 0 ? '' : await AggregatorRegistry.aggregate(known).metrics();
      return `${sum}${await registry.metrics()}`;
    },
    workerDied: () => deaths.inc(),
  };
}

/** A worker that answers when its metrics are requested. */
class CountingWorker {
  readonly #worker: Worker;
  #latest: Counts | undefined;
  /** Those who wait for its answer, or have waited too long for it. */
  #waiting: (() => void)[] = [];
  #isGone = false;

  constructor(worker: Worker) {
    this.#worker = worker;
  }

  /** Its metrics now, or those that it sent last if it does not answer; undefined if it has sent none or has ended. */
  async counts(): Promise<Counts | undefined> {
    const request: FromPrimary = { kind: 'count' };
    // An error means that it has just died; `exit` follows.
    if (this.#worker.isConnected()) this.#worker.send(request, () => undefined);
    await new Promise<void>((resolve) => {
      const deadline = setTimeout(resolve, ANSWER_MS);
      this.#waiting.push(() => {
        clearTimeout(deadline);
        resolve();
      });
    });
    return this.#isGone ? undefined : this.#latest;
  }

  receive(counts: Counts): void {
    this.#latest = counts;
    this.#tell();
  }

  end(): void {
    this.#isGone = true;
    this.#tell();
  }

  #tell(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const tell of waiting) tell();
  }
}

/** Makes this worker answer when its primary requests the metrics of a registry. */
export function answerPrimary(registry: Registry): void {
  const send = (message: FromWorker) => process.send?.(message, undefined, undefined, () => undefined);
  process.on('message', (message: FromPrimary) => {
    if (message.kind !== 'count') return;
    registry.getMetricsAsJSON().then(
      (counts) => send({ kind: 'counts', counts }),
      () => undefined,
    );
  });
  send({ kind: 'counting' });
}
