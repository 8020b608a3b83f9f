import type { ObservabilityConfig } from '../config/observability.ts';
import { type MetricsServer, serveMetrics } from '../http/metrics-server.ts';
import type { Log } from '../observability/log/log.ts';
import { countedLog, type Metrics, NO_METRICS } from '../observability/metrics/metrics.ts';
import type { Snapshot } from '../observability/metrics/workers.ts';

/** Counting, or the absence of it. */
export interface Counting {
  readonly metrics: Metrics;
  /** The log that counts its warnings and errors. */
  readonly log: Log;
  /**
   * Takes the port for metrics.
   * @throws Error with the `code` of the network error
   */
  serve(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Counts where metrics are configured, and otherwise loads nothing for it. What a worker counts, its primary serves.
 */
export async function startMetrics(
  where: ObservabilityConfig['metrics'],
  log: Log,
  tools: readonly string[],
  onCollect?: (collect: () => Promise<Snapshot>) => void,
): Promise<Counting> {
  if (where === undefined) {
    return { metrics: NO_METRICS, log, serve: () => Promise.resolve(), close: () => Promise.resolve() };
  }
  const { prometheusMetrics } = await import('../observability/metrics/prometheus.ts');
  const { metrics, registry, close } = prometheusMetrics({ tools });
  let server: MetricsServer | undefined;
  onCollect?.(() => registry.getMetricsAsJSON());
  return {
    metrics,
    log: countedLog(log, metrics),
    serve: async () => {
      if (onCollect !== undefined) return;
      server = await serveMetrics(where, registry);
      log.info('metrics', { url: server.url });
    },
    close: async () => {
      close();
      await server?.close();
    },
  };
}

/**
 * Serves what the workers of this primary count, where metrics are configured, and counts what the primary itself warns of.
 * @throws Error with the `code` of the network error
 */
export async function startWorkerMetrics(
  where: ObservabilityConfig['metrics'],
  log: Log,
  collect: () => Promise<ReadonlyMap<number, Snapshot | undefined>>,
): Promise<Pick<Counting, 'close' | 'log'>> {
  if (where === undefined) return { log, close: () => Promise.resolve() };
  const [{ WorkerMetrics }, { LOG_EVENTS, prometheusMetrics }] = await Promise.all([
    import('../observability/metrics/workers.ts'),
    import('../observability/metrics/prometheus.ts'),
  ]);
  const { metrics, registry, close } = prometheusMetrics({ tools: [] });
  // Whatever else it counts says nothing about serving.
  const own = async () => (await registry.getMetricsAsJSON()).filter(({ name }) => name === LOG_EVENTS);
  const server = await serveMetrics(where, new WorkerMetrics(collect, own));
  log.info('metrics', { url: server.url });
  return {
    log: countedLog(log, metrics),
    close: async () => {
      close();
      await server.close();
    },
  };
}
