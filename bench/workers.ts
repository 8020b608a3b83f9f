import { cpus } from 'node:os';
import { hasRedis, startRedis } from '../tests/fixtures/redis.ts';
import { answerFrom, prepareAt } from './prepared-request.ts';
import { canPin, standAside, startProcess } from './processes.ts';
import { type Figures, race } from './race.ts';
import { liveEnvironment, type Stage } from './stage.ts';

const CORES = 2;
const COURSE = { connections: 64, warmUpSeconds: 6, slices: 5, sliceSeconds: 1.5 };

/** One worker on its own core, compared with two workers on two cores that they share with the load. */
export interface Scaling {
  readonly one: Figures;
  readonly two: Figures;
  /** The throughput of two workers divided by that of one. */
  readonly raw: number;
  /** The same, corrected for the CPU time that the load used on the two cores. */
  readonly freed: number;
}

/** Why scaling cannot be measured on this machine; undefined if it can. */
export function scalingObstacle(): string | undefined {
  if (!hasRedis) return 'redis-server is not installed, which several workers need';
  return canPin && cpus().length >= CORES ? undefined : `there are no ${CORES} cores to bind processes to`;
}

/** @returns undefined if it cannot be measured; `scalingObstacle` says why */
export async function measureScaling({ upstream }: Stage, quick: boolean): Promise<Scaling | undefined> {
  if (scalingObstacle() !== undefined) return undefined;
  const redis = await startRedis();
  // Also stops Redis when a failed measurement ends the process.
  process.once('exit', redis.stop);
  try {
    return await measureWith(redis.url, upstream, quick);
  } finally {
    await redis.stop();
    process.off('exit', redis.stop);
  }
}

async function measureWith(
  redisUrl: string,
  upstream: Stage['upstream'],
  quick: boolean,
): Promise<Scaling | undefined> {
  const env = { ...liveEnvironment(upstream), AUDIT_LOG: 'off', REDIS_URL: redisUrl };
  const single = await startProcess('dist/main.js', { env: { ...env, WORKERS: '1' } });
  const pair = await startProcess('dist/main.js', { env: { ...env, WORKERS: String(CORES) }, place: 'anywhere' });
  try {
    // `whoami` does not call the API, which would use some of the cores as well.
    const params = { name: 'whoami', arguments: {} };
    const token = String(upstream.ready['token']);
    const question = { era: 'modern', method: 'tools/call', params, token } as const;
    const answer = await answerFrom(`${single.url}/mcp`, question);
    const course = quick ? { ...COURSE, warmUpSeconds: 1, slices: 1 } : COURSE;
    const [one, two] = await race(course, [
      { server: single, prepared: prepareAt(`${single.url}/mcp`, question, answer), beforeSlice: () => standAside() },
      { server: pair, prepared: prepareAt(`${pair.url}/mcp`, question, answer), beforeSlice: () => standAside(false) },
    ]);
    if (one === undefined || two === undefined) return undefined;
    const raw = two.perSecond / one.perSecond;
    return { one, two, raw, freed: raw * (CORES / (CORES - two.loadCores)) };
  } finally {
    standAside();
    await Promise.all([single.stop(), pair.stop()]);
  }
}
