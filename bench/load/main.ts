import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { standAside } from '../processes.ts';
import { signIn } from './callers.ts';
import { Client } from './client.ts';
import { drive } from './drive.ts';
import { earlyCloses } from './early-closes.ts';
import { MemoryObserver, openConnections } from './observer.ts';
import { Random } from './random.ts';
import { reads } from './reads.ts';
import { collectReferences } from './references.ts';
import { refusals } from './refusals.ts';
import { type Delay, report } from './report.ts';
import { startUnderLoad } from './server-under-load.ts';
import { writes } from './writes.ts';

const USAGE = `Usage: npm run bench:load -- [--seconds 60] [--connections 64] [--warm-up 20] [--seed 1]

Puts the built server under a mixed load, checks every answer, and exits with 1 when a limit is missed.
Needs Linux, and npm run build before it.`;

const SCENARIOS = [...reads, ...writes, ...refusals, ...earlyCloses];
/** How long the server may take to notice that all clients have disconnected. */
const DISCONNECT_TIMEOUT_MS = 5_000;

interface Options {
  readonly seconds: number;
  readonly connections: number;
  readonly warmUp: number;
  readonly seed: number;
}

/** @returns undefined for options that cannot be used, or for --help */
function readOptions(): Options | undefined {
  const text = (value: number) => ({ type: 'string', default: String(value) }) as const;
  const { values } = parseArgs({
    options: {
      seconds: text(60),
      connections: text(64),
      'warm-up': text(20),
      seed: text(1),
      help: { type: 'boolean' },
    },
  });
  if (values.help) return undefined;
  const [seconds = 0, connections = 0, warmUp = 0, seed = 0] = [
    values.seconds,
    values.connections,
    values['warm-up'],
    values.seed,
  ].map(Number);
  const isUsable = seconds > 0 && connections > 0 && warmUp > 0 && Number.isInteger(connections) && seed >= 0;
  return isUsable ? { seconds, connections, warmUp, seed } : undefined;
}

/** @returns whether every limit was kept */
async function load({ seconds, connections, warmUp, seed }: Options): Promise<boolean> {
  standAside();
  const { server, sandbox, said, ledger, stop } = await startUnderLoad();
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

const options = readOptions();
if (options === undefined) console.log(USAGE);
process.exitCode = options !== undefined && (await load(options)) ? 0 : 1;
