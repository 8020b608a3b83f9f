import { parseArgs } from 'node:util';
import { standAside } from '../processes.ts';
import { underAttack } from './hostile/under-attack.ts';
import { mixedLoad, type Options } from './mixed.ts';

const USAGE = `Usage: npm run bench:load -- [--hostile] [--seconds 60] [--connections 64] [--warm-up 20] [--seed 1]

Puts the built server under a mixed load, checks every answer, and exits with 1 when a limit is missed.
Needs Linux, and npm run build before it.
  --hostile  instead of the mixed load: attacks of every kind by three callers, beside an honest caller`;

/** @returns undefined for options that cannot be used, or for --help */
function readOptions(): (Options & { readonly hostile: boolean }) | undefined {
  const text = (value: number) => ({ type: 'string', default: String(value) }) as const;
  const { values } = parseArgs({
    options: {
      hostile: { type: 'boolean', default: false },
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
  return isUsable ? { hostile: values.hostile, seconds, connections, warmUp, seed } : undefined;
}

const options = readOptions();
if (options === undefined) console.log(USAGE);
standAside();
const run = options?.hostile ? underAttack : mixedLoad;
process.exitCode = options !== undefined && (await run(options)) ? 0 : 1;
