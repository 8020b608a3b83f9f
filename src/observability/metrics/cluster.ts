import { AggregatorRegistry, Counter, type PrometheusContentType, type Registry } from 'prom-client';

// Several processes on one machine: prom-client asks the workers of this process for what they count, and adds it up.

/** What a primary serves: the sum of its workers, and what only the primary sees. */
export interface PrimaryMetrics {
  /** What the primary counts itself. */
  readonly registry: Registry;
  readonly contentType: string;
  /**
   * @throws Error when a worker that is there does not answer within five seconds
   */
  metrics(): Promise<string>;
  workerDied(): void;
}

/** Starts to count in a primary. */
export function primaryMetrics(): PrimaryMetrics {
  const registry = new AggregatorRegistry<PrometheusContentType>();
  const deaths = new Counter({
    name: 'scalekit_mcp_worker_deaths_total',
    help: 'Workers that have ended without being told to.',
    registers: [registry],
  });
  return {
    registry,
    contentType: registry.contentType,
    metrics: async () => `${await registry.clusterMetrics()}${await registry.metrics()}`,
    workerDied: () => deaths.inc(),
  };
}

/** Lets the primary of this process ask for what is in a registry. */
export function answerPrimary(registry: Registry): void {
  AggregatorRegistry.setRegistries(registry);
  // Listens for the questions from now on.
  new AggregatorRegistry();
}
