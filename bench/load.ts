import autocannon from 'autocannon';
import type { Measured } from './processes.ts';

export interface Request {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** What a server did under load. Times in milliseconds. */
export interface Figures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuPerRequest: number;
  readonly peakMb: number;
  readonly failures: number;
}

const WARM_UP_SECONDS = 2;
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 5);

/** Sends one request over and over on so many connections, after a warm-up that does not count. */
export async function load(server: Measured, request: Request, connections: number): Promise<Figures> {
  const run = (duration: number) => autocannon({ ...request, method: 'POST', connections, duration });
  await run(WARM_UP_SECONDS);
  const before = server.cpuMs();
  const { requests, latency, non2xx, errors } = await run(SECONDS);
  const cpu = server.cpuMs() - before;
  return {
    perSecond: requests.average,
    p50: latency.p50,
    p99: latency.p99,
    cpuPerRequest: cpu / requests.total,
    peakMb: server.peakMb(),
    failures: non2xx + errors,
  };
}
