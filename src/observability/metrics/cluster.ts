import { AggregatorRegistry, Counter, type PrometheusContentType, type Registry } from 'prom-client';

// Metrics of several worker processes: prom-client requests the metrics of each worker and adds them up.

/** The metrics that a primary serves: the sum of its workers, and what the primary counts itself. */
export interface PrimaryMetrics {
  /** The metrics that the primary counts itself. */
  readonly registry: Registry;
  readonly contentType: string;
  /**
   * All metrics in the text format of Prometheus.
   * @throws Error when a running worker does not answer within five seconds
   */
  metrics(): Promise<string>;
  workerDied(): void;
}

/** Creates the metrics of a primary. */
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

/** Makes this worker answer when its primary requests the metrics of a registry. */
export function answerPrimary(registry: Registry): void {
  AggregatorRegistry.setRegistries(registry);
  // Its constructor adds the listener for the primary's requests.
  new AggregatorRegistry();
}
