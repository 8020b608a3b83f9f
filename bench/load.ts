import autocannon from 'autocannon';
import type { Measured } from './processes.ts';

export interface Request {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** What a server did under load. Times in milliseconds; medians of the slices. */
export interface Figures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuPerRequest: number;
  /** All that were answered, those of the warm-up included. */
  readonly requests: number;
  readonly failures: number;
}

export interface Contestant {
  readonly server: Measured;
  readonly request: Request;
}

const WARM_UP_SECONDS = 2;
const SLICE_SECONDS = 1;
const SLICES = Number(process.env['BENCH_SLICES'] ?? 7);

/**
 * Sends each contestant its request over and over on so many connections, slice by slice in turn: what disturbs the
 * machine for a while disturbs them all, and the medians leave out what does not last.
 */
export async function race(connections: number, contestants: readonly Contestant[]): Promise<Figures[]> {
  const warmUps: Figures[] = [];
  for (const contestant of contestants) warmUps.push(await slice(contestant, connections, WARM_UP_SECONDS));
  const slices: Figures[][] = [];
  for (let round = 0; round < SLICES; round++) {
    const figures: Figures[] = [];
    for (const contestant of contestants) figures.push(await slice(contestant, connections, SLICE_SECONDS));
    slices.push(figures);
  }
  return contestants.map((_, i) => {
    const figures = summary(slices.flatMap((round) => round[i] ?? []));
    return { ...figures, requests: figures.requests + (warmUps[i]?.requests ?? 0) };
  });
}

async function slice({ server, request }: Contestant, connections: number, duration: number): Promise<Figures> {
  const before = server.cpuMs();
  const { requests, latency, non2xx, errors } = await autocannon({ ...request, method: 'POST', connections, duration });
  return {
    perSecond: requests.total / duration,
    p50: latency.p50,
    p99: latency.p99,
    cpuPerRequest: (server.cpuMs() - before) / requests.total,
    requests: requests.total,
    failures: non2xx + errors,
  };
}

function summary(slices: readonly Figures[]): Figures {
  const middle = (of: (figures: Figures) => number) => median(slices.map(of));
  const sum = (of: (figures: Figures) => number) => slices.reduce((total, figures) => total + of(figures), 0);
  return {
    perSecond: middle(({ perSecond }) => perSecond),
    p50: middle(({ p50 }) => p50),
    p99: middle(({ p99 }) => p99),
    cpuPerRequest: middle(({ cpuPerRequest }) => cpuPerRequest),
    requests: sum(({ requests }) => requests),
    failures: sum(({ failures }) => failures),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
