import { cpus } from 'node:os';
import { hasRedis, startRedis } from '../tests/fixtures/redis.ts';
import { canPin, standAside, startProcess } from './processes.ts';
import { type Figures, race } from './race.ts';
import { answerFrom, shotAt } from './shot.ts';
import { liveEnvironment, type Stage } from './stage.ts';

const CORES = 2;
const COURSE = { connections: 64, warmUpSeconds: 6, slices: 5, sliceSeconds: 1.5 };

/** One worker on a core of its own, against two on two cores which they share with the load. */
export interface Scaling {
  readonly one: Figures;
  readonly two: Figures;
  /** Throughput of two by that of one, as it was. */
  readonly raw: number;
  /** The same, had the load left both cores to the two workers: it has measured how much of them it took. */
  readonly freed: number;
}

/** Why it cannot be measured here; undefined where it can. */
export function scalingObstacle(): string | undefined {
  if (!hasRedis) return 'redis-server is not installed, which several workers need';
  return canPin && cpus().length >= CORES ? undefined : `there are no ${CORES} cores to bind processes to`;
}

/** @returns nothing where something stands in the way, which `scalingObstacle` names */
export async function measureScaling({ upstream }: Stage, quick: boolean): Promise<Scaling | undefined> {
  if (scalingObstacle() !== undefined) return undefined;
  const redis = await startRedis();
  // Where a measurement ends everything at once, too.
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
    // A call that stays in the process: an API that answers would take a part of the cores, too.
    const params = { name: 'whoami', arguments: {} };
    const token = String(upstream.ready['token']);
    const question = { era: 'modern', method: 'tools/call', params, token } as const;
    const answer = await answerFrom(`${single.url}/mcp`, question);
    const course = quick ? { ...COURSE, warmUpSeconds: 1, slices: 1 } : COURSE;
    const [one, two] = await race(course, [
      { server: single, shot: shotAt(`${single.url}/mcp`, question, answer), prepare: () => standAside() },
      { server: pair, shot: shotAt(`${pair.url}/mcp`, question, answer), prepare: () => standAside(false) },
    ]);
    if (one === undefined || two === undefined) return undefined;
    const raw = two.perSecond / one.perSecond;
    return { one, two, raw, freed: raw * (CORES / (CORES - two.loadCores)) };
  } finally {
    standAside();
    await Promise.all([single.stop(), pair.stop()]);
  }
}
