import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { Counter, Gauge, type Registry } from 'prom-client';

/** The timer that measures the delay; it is a part of what is measured. */
const RESOLUTION_MS = 10;

/**
 * Watches this process: how long its event loop is held up, processor time, memory. Read whenever somebody asks.
 * @returns stops it
 */
export function watchProcess(registry: Registry): () => void {
  watchMemory(registry);
  watchProcessor(registry);
  watchUtilization(registry);
  return watchDelay(registry);
}

function watchDelay(registry: Registry): () => void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const gaugeOf = (name: string, collect?: () => void) =>
    new Gauge({
      name: `nodejs_eventloop_delay_${name}_seconds`,
      help: `Event loop delay since the last reading (${name}), the ${RESOLUTION_MS} ms between two measurements included.`,
      registers: [registry],
      aggregator: name === 'min' ? 'min' : 'max',
      ...(collect !== undefined && { collect }),
    });
  // Gauges are read in the order in which they were made: the first one reads for all, so that none misses anything.
  const min = gaugeOf('min', () => {
    const set = (gauge: Gauge, nanoseconds: number) => gauge.set(delay.count === 0 ? 0 : nanoseconds / 1e9);
    set(min, delay.min);
    for (const [gauge, read] of others) set(gauge, read());
    delay.reset();
  });
  const others: readonly (readonly [Gauge, () => number])[] = [
    [gaugeOf('max'), () => delay.max],
    [gaugeOf('mean'), () => delay.mean],
    [gaugeOf('stddev'), () => delay.stddev],
    [gaugeOf('p50'), () => delay.percentile(50)],
    [gaugeOf('p90'), () => delay.percentile(90)],
    [gaugeOf('p99'), () => delay.percentile(99)],
  ];
  return () => delay.disable();
}

function watchUtilization(registry: Registry): void {
  let before = performance.eventLoopUtilization();
  const gauge = new Gauge({
    name: 'nodejs_eventloop_utilization_ratio',
    help: 'Share of the time since the last reading in which the event loop was busy.',
    registers: [registry],
    aggregator: 'average',
    collect: () => {
      const now = performance.eventLoopUtilization();
      gauge.set(performance.eventLoopUtilization(now, before).utilization);
      before = now;
    },
  });
}

function watchMemory(registry: Registry): void {
  const gauges = {
    rss: gaugeOf(registry, 'process_resident_memory_bytes', 'Memory that the process holds.', () => {
      const usage = process.memoryUsage();
      for (const [kind, gauge] of Object.entries(gauges)) gauge.set(usage[kind as keyof typeof gauges]);
    }),
    heapUsed: gaugeOf(registry, 'nodejs_heap_size_used_bytes', 'JavaScript objects, garbage included.'),
    heapTotal: gaugeOf(registry, 'nodejs_heap_size_total_bytes', 'Memory that V8 has taken for them.'),
    external: gaugeOf(registry, 'nodejs_external_memory_bytes', 'Memory of objects that live outside of V8.'),
  };
}

function watchProcessor(registry: Registry): void {
  const counter = new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time, of the user and of the system.',
    registers: [registry],
    collect: () => {
      const { user, system } = process.cpuUsage();
      counter.reset();
      counter.inc((user + system) / 1e6);
    },
  });
  const start = gaugeOf(registry, 'process_start_time_seconds', 'When the process began, in seconds since the epoch.');
  start.set(performance.timeOrigin / 1000);
}

function gaugeOf(registry: Registry, name: string, help: string, collect?: () => void): Gauge {
  const aggregator = name === 'process_start_time_seconds' ? 'min' : 'sum';
  return new Gauge({ name, help, registers: [registry], aggregator, ...(collect !== undefined && { collect }) });
}
