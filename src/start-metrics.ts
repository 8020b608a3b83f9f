import type { ObservabilityConfig } from './config-observability.ts';
import { type MetricsServer, serveMetrics } from './http/metrics-server.ts';
import type { Log } from './observability/log.ts';
import { countedLog, type Metrics, NO_METRICS, openMetrics } from './observability/metrics.ts';

/** Counting, or the absence of it. */
interface Counting {
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

/** Counts where metrics are configured, and otherwise loads nothing for it. */
export async function startMetrics(
  where: ObservabilityConfig['metrics'],
  log: Log,
  tools: readonly string[],
): Promise<Counting> {
  if (where === undefined) {
    return { metrics: NO_METRICS, log, serve: () => Promise.resolve(), close: () => Promise.resolve() };
  }
  const { metrics, registry, close } = await openMetrics({ tools });
  let server: MetricsServer | undefined;
  return {
    metrics,
    log: countedLog(log, metrics),
    serve: async () => {
      server = await serveMetrics(where, registry);
      log.info('metrics', { url: server.url });
    },
    close: async () => {
      close();
      await server?.close();
    },
  };
}
