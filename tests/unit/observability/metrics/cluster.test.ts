import { AggregatorRegistry } from 'prom-client';
import { expect } from 'vitest';
import { primaryMetrics } from '../../../../src/observability/metrics/cluster.ts';
import { prometheusMetrics } from '../../../../src/observability/metrics/prometheus.ts';
import { parseExposition } from '../../../fixtures/metrics.ts';
import { verifies } from '../../../verifies.ts';

/** What the primary makes of a gauge that two workers report. */
async function together(name: string, values: readonly [number, number]): Promise<number | undefined> {
  const { registry } = prometheusMetrics({ tools: [] });
  const metrics = await registry.getMetricsAsJSON();
  const of = (value: number) =>
    metrics
      .filter((metric) => metric.name === name)
      .map((metric) => ({ ...metric, values: [{ value, labels: {} }] })) as typeof metrics;
  const text = await AggregatorRegistry.aggregate(values.map(of)).metrics();
  return parseExposition(text).sum(name);
}

verifies.each('workers.metrics', [
  ['process_resident_memory_bytes', [3, 4], 7],
  ['http_server_active_requests', [3, 4], 7],
  ['process_cpu_seconds_total', [3, 4], 7],
  ['nodejs_eventloop_lag_p99_seconds', [1, 5], 5],
  ['nodejs_eventloop_lag_mean_seconds', [1, 5], 5],
  ['nodejs_eventloop_lag_max_seconds', [1, 5], 5],
  ['nodejs_eventloop_lag_min_seconds', [1, 5], 1],
  ['process_start_time_seconds', [10, 20], 10],
  ['scalekit_mcp_keys_timestamp_seconds', [10, 20], 10],
] as const)('%s of two workers, %j, is %d', async (name, values, sum) => {
  expect(await together(name, values)).toBe(sum);
});

verifies('workers.metrics', 'a primary without workers serves what it counts itself', async () => {
  const primary = primaryMetrics();
  const deaths = async () => parseExposition(await primary.metrics()).sum('scalekit_mcp_worker_deaths_total');
  expect(await deaths()).toBe(0);
  primary.workerDied();
  expect(await deaths()).toBe(1);
  expect(primary.contentType).toMatch(/^text\/plain; version=0\.0\.4/);
});
