import { AggregatorRegistry, Registry } from 'prom-client';

/** What one process counts, as it travels from a worker to its primary. */
export type Snapshot = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/** What only grows: it must not fall because a worker has died, or the fall would be taken for a restart of all. */
const GROWS: ReadonlySet<string> = new Set(['counter', 'histogram']);

/** Adds up what workers count. */
export class WorkerMetrics {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  readonly #collect: () => Promise<ReadonlyMap<number, Snapshot | undefined>>;
  readonly #own: () => Promise<Snapshot>;
  /** The latest of each living worker, by its process id. */
  #latest: ReadonlyMap<number, Snapshot> = new Map();
  /** What those who have died had counted. */
  #left: Snapshot = [];

  /**
   * @param collect asks the workers that serve, each by its process id; undefined for one that is silent
   * @param own what the primary counts itself
   */
  constructor(collect: () => Promise<ReadonlyMap<number, Snapshot | undefined>>, own: () => Promise<Snapshot>) {
    this.#collect = collect;
    this.#own = own;
  }

  async metrics(): Promise<string> {
    const [collected, own] = await Promise.all([this.#collect(), this.#own()]);
    const gone = [...this.#latest].filter(([pid]) => !collected.has(pid)).map(([, snapshot]) => snapshot);
    if (gone.length > 0) this.#left = await sum([this.#left, ...gone.map(growing)]);
    const known = (pid: number, snapshot: Snapshot | undefined) => snapshot ?? this.#latest.get(pid) ?? [];
    this.#latest = new Map([...collected].map(([pid, snapshot]) => [pid, known(pid, snapshot)]));
    return registryOf([...this.#latest.values(), this.#left, own]).metrics();
  }
}

function growing(snapshot: Snapshot): Snapshot {
  return snapshot.filter(({ type }) => GROWS.has(String(type)));
}

async function sum(snapshots: readonly Snapshot[]): Promise<Snapshot> {
  return registryOf(snapshots).getMetricsAsJSON();
}

function registryOf(snapshots: readonly Snapshot[]): Registry {
  return AggregatorRegistry.aggregate([...snapshots]);
}
