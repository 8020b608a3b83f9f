import type { ObservabilityConfig } from './config-observability.ts';
import { type MetricsServer, serveMetrics } from './http/metrics-server.ts';
import type { Log } from './observability/log.ts';
import { countedLog, type Metrics, NO_METRICS, openMetrics } from './observability/metrics.ts';

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
  isWorker: boolean,
): Promise<Counting> {
  if (where === undefined) {
    return { metrics: NO_METRICS, log, serve: () => Promise.resolve(), close: () => Promise.resolve() };
  }
  const { metrics, registry, close } = await openMetrics({ tools });
  let server: MetricsServer | undefined;
  if (isWorker) (await import('./observability/worker-metrics.ts')).giveToPrimary(registry);
  return {
    metrics,
    log: countedLog(log, metrics),
    serve: async () => {
      if (isWorker) return;
      server = await serveMetrics(where, registry);
      log.info('metrics', { url: server.url });
    },
    close: async () => {
      close();
      await server?.close();
    },
  };
}

/** Serves what the workers of this primary count, where metrics are configured. */
export async function startWorkerMetrics(
  where: ObservabilityConfig['metrics'],
  log: Log,
): Promise<Pick<Counting, 'close'>> {
  if (where === undefined) return { close: () => Promise.resolve() };
  const { ofAllWorkers } = await import('./observability/worker-metrics.ts');
  const server = await serveMetrics(where, ofAllWorkers());
  log.info('metrics', { url: server.url });
  return server;
}
