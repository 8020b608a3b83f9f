import { setTimeout as pause } from 'node:timers/promises';
import { GREEDY_SCOPE, signIn } from './callers.ts';
import { Client } from './client.ts';
import { drive } from './drive.ts';
import { earlyCloses } from './early-closes.ts';
import { MemoryObserver, openConnections } from './observer.ts';
import { Random } from './random.ts';
import { reads } from './reads.ts';
import { collectReferences } from './references.ts';
import { GREEDY_POINTS, refusals } from './refusals.ts';
import { type Delay, report } from './report.ts';
import { PLENTY, startUnderLoad } from './server-under-load.ts';
import { writes } from './writes.ts';

const SCENARIOS = [...reads, ...writes, ...refusals, ...earlyCloses];
/** How long the server may take to notice that all clients have disconnected. */
const DISCONNECT_TIMEOUT_MS = 5_000;

/** Limits are on, but only the greedy caller can reach one. */
const RATE_LIMIT = JSON.stringify({
  default: { points: PLENTY, seconds: 3600 },
  tiers: [{ name: 'greedy', scopes: [GREEDY_SCOPE], points: GREEDY_POINTS, seconds: 3600 }],
  failures: { points: PLENTY, seconds: 3600 },
});

export interface Options {
  readonly seconds: number;
  readonly connections: number;
  readonly warmUp: number;
  readonly seed: number;
}

/**
 * Puts the built server under a mixed load, and checks every answer.
 * @returns whether every limit was kept
 */
export async function mixedLoad({ seconds, connections, warmUp, seed }: Options): Promise<boolean> {
  const { server, sandbox, said, ledger, stop } = await startUnderLoad(RATE_LIMIT);
  try {
    const callers = await signIn({ url: sandbox.url, serverId: String(sandbox.ready['serverId']) });
    const endpoint = `${server.url}/mcp`;
    const references = await collectReferences(endpoint, callers);
    const clients = Array.from({ length: connections }, (_, number) => {
      return new Client(number, endpoint, { random: new Random(seed + number), callers, references });
    });
    const memory = new MemoryObserver(server);
    console.log(`Load on ${endpoint}: ${connections} connections, seed ${seed}.`);
    console.log(`Warm-up of ${warmUp} s, then ${seconds} s.\n`);

    const warm = await drive(clients, SCENARIOS, warmUp);
    const base = { residentMb: memory.settle(), liveHeap: await server.ask<number>('liveHeap') };
    await server.ask('watchDelay');
    const [cpuMs, waitedMs] = [server.cpuMs(), server.waitedMs()];
    const tallies = await drive(clients, SCENARIOS, seconds);
    const used = { cpuMs: server.cpuMs() - cpuMs, waitedMs: server.waitedMs() - waitedMs };
    const delay = await server.ask<Delay>('delay');
    const peakMb = memory.peak;
    memory.stop();
    for (const { connection } of clients) connection.close();
    const left = await connectionsLeft(server.url);
    const liveHeap = await server.ask<number>('liveHeap');
    return await report({ seconds, warm, tallies, base, peakMb, liveHeap, delay, used, left, said, ledger });
  } finally {
    await stop();
  }
}

/** How many connections the server still holds after it has had time to notice that they are closed. */
async function connectionsLeft(url: string): Promise<number> {
  const end = performance.now() + DISCONNECT_TIMEOUT_MS;
  while (openConnections(url) > 0 && performance.now() < end) await pause(50);
  return openConnections(url);
}
