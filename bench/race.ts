import { fire } from './generator.ts';
import type { Measured } from './processes.ts';
import type { Shot } from './shot.ts';
import { median, quantile } from './statistics.ts';

/** What a server did under load. Times in milliseconds; medians of the slices. */
export interface Figures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly cpuPerRequest: number;
  /** Cores that the load took besides. */
  readonly loadCores: number;
  /** All that were answered, those of the warm-up included. */
  readonly requests: number;
  readonly failures: number;
}

export interface Contestant {
  readonly server: Measured;
  readonly shot: Shot;
  /** Called in front of each of its slices. */
  readonly prepare?: () => void;
}

export interface Course {
  readonly connections: number;
  readonly warmUpSeconds: number;
  readonly slices: number;
  readonly sliceSeconds: number;
}

/**
 * Sends each contestant its shot over and over, slice by slice in turn: what disturbs the machine for a while disturbs
 * them all, and the medians leave out what does not last.
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

async function slice({ server, shot, prepare }: Contestant, connections: number, duration: number): Promise<Figures> {
  prepare?.();
  const [cpu, own] = [server.cpuMs(), process.cpuUsage()];
  const { requests, seconds, latencies, failures } = await fire(shot, connections, { seconds: duration });
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
