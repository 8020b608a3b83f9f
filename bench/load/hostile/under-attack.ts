import { startProcess } from '../../processes.ts';
import type { Row } from '../../table.ts';
import { signInOpponents } from '../callers.ts';
import { Client } from '../client.ts';
import { drive } from '../drive.ts';
import { MemoryObserver } from '../observer.ts';
import { Random } from '../random.ts';
import { calls } from '../reads.ts';
import { collectReferences } from '../references.ts';
import type { Delay } from '../report.ts';
import { PLENTY, startUnderLoad } from '../server-under-load.ts';
import { Tally } from '../tally.ts';
import { writes } from '../writes.ts';
import type { Plan } from './attackers.ts';
import { callsOf } from './ledger.ts';
import { report } from './report.ts';

/** All are calls of tools, so that each has a record. */
const SCENARIOS = [...calls, ...writes];
/** The honest caller is one program with a few connections. */
const HONEST_CONNECTIONS = 4;
/** The attackers leave the core that they share with the honest caller and the API to these, as other machines would. */
const POLITELY = ['nice', '-n', '15'];
/** Each attacker has what a caller has by default. The honest caller works without a pause. */
const RATE_LIMIT = JSON.stringify({
  default: { points: 1000, seconds: 900 },
  tiers: [{ name: 'honest', scopes: ['organization:write'], points: PLENTY, seconds: 900 }],
});

/**
 * Puts the built server under attack by three callers, beside an honest caller whose every answer is checked.
 * @returns whether every limit was kept
 */
export async function underAttack(options: {
  /** The length of the attack. */
  readonly seconds: number;
  /** The length of the warm-up, and of the time without an attack after it, in seconds. */
  readonly warmUp: number;
  readonly seed: number;
}): Promise<boolean> {
  const { seconds, warmUp, seed } = options;
  const { server, sandbox, ledger, stop } = await startUnderLoad(RATE_LIMIT);
  const besiegers = await startProcess('bench/load/hostile/attackers.ts', { place: 'beside', through: POLITELY });
  try {
    const { honest, attackers } = await signInOpponents({
      url: sandbox.url,
      serverId: String(sandbox.ready['serverId']),
    });
    const endpoint = `${server.url}/mcp`;
    const callers = { writers: [honest], reader: honest, greedy: honest, foreign: '' };
    const references = await collectReferences(endpoint, callers);
    const clients = Array.from({ length: HONEST_CONNECTIONS }, (_, number) => {
      return new Client(number, endpoint, { random: new Random(seed + number), callers, references });
    });
    const recorded = callsOf(ledger, honest.subject);
    const work = async (forSeconds: number) => Tally.of((await drive(clients, SCENARIOS, forSeconds)).values());
    console.log(`On ${endpoint}: warm-up of ${warmUp} s, ${warmUp} s in peace, ${seconds} s under attack.\n`);
    const warm = await work(warmUp);
    const peace = await work(warmUp);
    await server.ask('watchDelay');
    const plan: Plan = { port: Number(new URL(endpoint).port), callers: attackers, seed };
    await besiegers.ask('begin', plan);
    const memory = new MemoryObserver(server);
    const early = await work(seconds / 2);
    const earlyMb = memory.settle(1 / 2);
    const late = await work(seconds / 2);
    const lateMb = memory.settle(1 / 2);
    memory.stop();
    const delay = await server.ask<Delay>('delay');
    const attacks = await besiegers.ask<Row[]>('end');
    for (const { connection } of clients) connection.close();
    const records = callsOf(ledger, honest.subject) - recorded;
    const attack = Tally.of([early, late]);
    return await report({
      attacks,
      delay,
      warm,
      peace,
      attack,
      earlyMb,
      lateMb,
      peakMb: server.peakMb(),
      records,
      ledger,
    });
  } finally {
    await Promise.all([besiegers.stop(), stop()]);
  }
}
