import type { Config } from '../config/config.ts';
import { type MetricsServer, serveMetrics } from '../http/metrics-server.ts';
import type { Log } from '../observability/log/log.ts';
import { countedLog, type Metrics, NO_METRICS } from '../observability/metrics/metrics.ts';

/** What says where metrics are served, if anywhere, and how long an answer may take to leave. */
type MetricsSettings = Pick<Config, 'observability' | 'limits'>;

/** The metrics of this process; all of it does nothing when metrics are off. */
export interface Counting {
  readonly metrics: Metrics;
  /** A log whose warnings and errors are counted. */
  readonly log: Log;
  /**
   * Serves the metrics on their port, unless this is a worker.
   * @throws Error with the `code` of the network error
   */
  serve(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Creates the metrics of this process. If metrics are not configured, their packages are not loaded.
 * @param tools the names of all tools
 * @param isWorker whether this process is a worker; its primary then requests and serves its metrics
 */
export async function startMetrics(
  { observability: { metrics: where }, limits: { answerTimeoutMs: timeoutMs } }: MetricsSettings,
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
      server = await serveMetrics(where, registry, { timeoutMs });
      log.info('metrics', { url: server.url });
    },
    close: async () => server?.close(),
  };
}

/**
 * Serves the metrics of all workers of this primary, if metrics are configured.
 * @throws Error with the `code` of the network error
 */
export async function startPrimaryMetrics(
  { observability: { metrics: where }, limits: { answerTimeoutMs: timeoutMs } }: MetricsSettings,
  log: Log,
): Promise<{ workerDied(): void; close(): Promise<void> }> {
  if (where === undefined) return { workerDied: () => undefined, close: () => Promise.resolve() };
  const { primaryMetrics } = await import('../observability/metrics/cluster.ts');
  const counted = primaryMetrics();
  const server = await serveMetrics(where, counted, { timeoutMs });
  log.info('metrics', { url: server.url });
  return { workerDied: counted.workerDied, close: server.close };
}
