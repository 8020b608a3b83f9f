import type { ObservabilityConfig } from '../config/observability.ts';
import { type MetricsServer, serveMetrics } from '../http/metrics-server.ts';
import type { Log } from '../observability/log/log.ts';
import { countedLog, type Metrics, NO_METRICS } from '../observability/metrics/metrics.ts';

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
 * Counts where metrics are configured, and otherwise loads nothing for it.
 * @param isWorker what a worker counts is served by its primary, which asks for it
 */
export async function startMetrics(
  where: ObservabilityConfig['metrics'],
  log: Log,
  tools: readonly string[],
  isWorker: boolean,
): Promise<Counting> {
  if (where === undefined) {
    return { metrics: NO_METRICS, log, serve: () => Promise.resolve(), close: () => Promise.resolve() };
  }
  const { prometheusMetrics } = await import('../observability/metrics/prometheus.ts');
  const { metrics, registry } = prometheusMetrics({ tools });
  if (isWorker) (await import('../observability/metrics/cluster.ts')).answerPrimary(registry);
  let server: MetricsServer | undefined;
  return {
    metrics,
    log: countedLog(log, metrics),
    serve: async () => {
      if (isWorker) return;
      server = await serveMetrics(where, registry);
      log.info('metrics', { url: server.url });
    },
    close: async () => server?.close(),
  };
}

/**
 * Serves what the workers of this primary count, where metrics are configured.
 * @throws Error with the `code` of the network error
 */
export async function startPrimaryMetrics(
  where: ObservabilityConfig['metrics'],
  log: Log,
): Promise<{ workerDied(): void; close(): Promise<void> }> {
  if (where === undefined) return { workerDied: () => undefined, close: () => Promise.resolve() };
  const { primaryMetrics } = await import('../observability/metrics/cluster.ts');
  const counted = primaryMetrics();
  const server = await serveMetrics(where, counted);
  log.info('metrics', { url: server.url });
  return { workerDied: counted.workerDied, close: server.close };
}
