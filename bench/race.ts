import { sendLoad } from './generator.ts';
import type { PreparedRequest } from './prepared-request.ts';
import type { Measured } from './processes.ts';
import { median, quantile } from './statistics.ts';

/** The figures of a server under load. Times in milliseconds; medians of the slices. */
export interface Figures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly cpuPerRequest: number;
  /** How many cores the load itself used. */
  readonly loadCores: number;
  /** All answered requests, those of the warm-up included. */
  readonly requests: number;
  readonly failures: number;
}

/** A server to measure, and the request to send to it. */
export interface Contestant {
  readonly server: Measured;
  readonly prepared: PreparedRequest;
  /** Called before each of its slices. */
  readonly beforeSlice?: () => void;
}

/** How the load is sent: connections, warm-up and slices. */
export interface Course {
  readonly connections: number;
  readonly warmUpSeconds: number;
  readonly slices: number;
  readonly sliceSeconds: number;
}

/**
 * Measures several servers in turn, in short slices. So other work on the machine affects all of them, and a short
 * disturbance does not change the medians.
 */
export async function race(course: Course, contestants: readonly Contestant[]): Promise<Figures[]> {
  const { connections, warmUpSeconds, slices, sliceSeconds } = course;
  const warmUps: Figures[] = [];
  for (const contestant of contestants) warmUps.push(await slice(contestant, connections, warmUpSeconds));
  const figures: Figures[][] = contestants.map(() => []);
  for (let round = 0; round < slices; round++) {
    for (const [i, contestant] of contestants.entries()) {
      figures[i]?.push(await slice(contestant, connections, sliceSeconds));
    }
  }
  return figures.map((of, i) => summary(of, warmUps[i]));
}

async function slice(
  { server, prepared, beforeSlice }: Contestant,
  connections: number,
  duration: number,
): Promise<Figures> {
  beforeSlice?.();
  const [cpu, own] = [server.cpuMs(), process.cpuUsage()];
  const { requests, seconds, latencies, failures } = await sendLoad(prepared, connections, { seconds: duration });
  const { user, system } = process.cpuUsage(own);
  return {
    perSecond: requests / seconds,
    p50: quantile(latencies, 0.5),
    p95: quantile(latencies, 0.95),
    p99: quantile(latencies, 0.99),
    cpuPerRequest: (server.cpuMs() - cpu) / requests,
    loadCores: (user + system) / 1e6 / seconds,
    requests,
    failures,
  };
}

function summary(slices: readonly Figures[], warmUp: Figures | undefined): Figures {
  const middle = (of: (figures: Figures) => number) => median(slices.map(of));
  const sum = (of: (figures: Figures) => number) =>
    slices.reduce((total, figures) => total + of(figures), warmUp === undefined ? 0 : of(warmUp));
  return {
    perSecond: middle(({ perSecond }) => perSecond),
    p50: middle(({ p50 }) => p50),
    p95: middle(({ p95 }) => p95),
    p99: middle(({ p99 }) => p99),
    cpuPerRequest: middle(({ cpuPerRequest }) => cpuPerRequest),
    loadCores: middle(({ loadCores }) => loadCores),
    requests: sum(({ requests }) => requests),
    failures: sum(({ failures }) => failures),
  };
}
