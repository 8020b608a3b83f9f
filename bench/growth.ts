import { setTimeout as pause } from 'node:timers/promises';
import { sendLoad } from './generator.ts';
import { prepareAt } from './prepared-request.ts';
import type { Stage } from './stage.ts';
import { median } from './statistics.ts';

const CONNECTIONS = 64;
const WARM_UP_CALLS = 20_000;
const CALLS = 100_000;
/** How many calls are made in one era before those in the other. */
const ROUND = 10_000;
const SAMPLES = 20;
const SAMPLE_MS = 25;

/** Memory of the idle server before and after many calls, each time after garbage collection. In megabytes. */
export interface Growth {
  readonly calls: number;
  readonly before: Memory;
  readonly after: Memory;
  readonly failures: number;
  readonly seconds: number;
}

interface Memory {
  readonly resident: number;
  readonly heap: number;
}

/**
 * Measures with calls that use the API, in both eras. It also warms the server up, so it comes before everything else.
 * @param part the fraction of the usual number of calls
 */
export async function measureGrowth(stage: Stage, part = 1): Promise<Growth> {
  await stage.upstream.ask('delay', 0);
  let failures = await call(stage, WARM_UP_CALLS * part);
  const before = await memoryOf(stage);
  const started = performance.now();
  failures += await call(stage, CALLS * part);
  const seconds = (performance.now() - started) / 1000;
  return { calls: CALLS * part, before, after: await memoryOf(stage), failures, seconds };
}

/** @returns how many answers were not the right one */
async function call({ live, exercises, answers }: Stage, calls: number): Promise<number> {
  const preparedRequests = exercises.flatMap(({ name, question }, i) => {
    const answer = answers[i];
    return name === 'call, API 0 ms' && answer !== undefined ? [prepareAt(`${live.url}/mcp`, question, answer)] : [];
  });
  let failures = 0;
  for (let done = 0; done < calls; ) {
    for (const prepared of preparedRequests) {
      const requests = Math.min(ROUND, calls - done);
      if (requests > 0) failures += (await sendLoad(prepared, CONNECTIONS, { requests })).failures;
      done += requests;
    }
  }
  return failures;
}

async function memoryOf({ live }: Stage): Promise<Memory> {
  const heap = (await live.ask<number>('liveHeap')) / 1024 ** 2;
  const samples: number[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    await pause(SAMPLE_MS);
    samples.push(live.residentMb());
  }
  return { resident: median(samples), heap };
}
