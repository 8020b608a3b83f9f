import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { type Config, parseConfig } from './config/config.ts';
import { readEnvironment } from './config/environment.ts';
import { ConfigurationError } from './config/error.ts';
import { lastWords } from './core/shutdown-hooks.ts';
import { type Logging, logTo } from './observability/log/outputs.ts';
import { writeTo } from './observability/log/writer.ts';
import type { StartSandbox } from './server/sandbox.ts';
import { start } from './server/start.ts';
import { catalogue } from './tools/index.ts';

/** The exit code of a wrong configuration (`EX_CONFIG` in sysexits.h). */
const EXIT_CONFIG = 78;
/** Tells this script that it runs as a worker. */
const WORKER = '--worker';

/** Loaded when it is needed only: production images do not hold what it is made of. */
const startSandbox: StartSandbox = async (options) => (await import('./sandbox/start.ts')).startSandbox(options);

const complain = (line: string) => process.stderr.write(line);
const isTerminal = process.stdout.isTTY === true;

// V8 lets garbage grow to a multiple of what lives before it collects, more the more memory the machine has. What lives
// here is small, and a container's limit may be: collecting earlier costs nothing measurable and saves a third.
setFlagsFromString('--heap-growing-percent=60');

async function main(): Promise<void> {
  if (process.argv.includes(WORKER)) return runAsWorker();
  const problems: string[] = [];
  const variables = readEnvironment(problems);
  const config = parseConfig(variables, problems);
  return config.instances.workers === 1 ? serve(config) : serveWithWorkers(config, variables);
}

async function serve(config: Config): Promise<void> {
  const logging = await logTo(writeTo(process.stdout.fd), config, isTerminal, complain);
  const stderr = writeTo(process.stderr.fd);
  const starting = start({ config, log: logging.log, stderr, catalogue, startSandbox });
  stopOnSignal({ ...logging, stop: async () => (await starting).stop() });
  await starting;
}

async function serveWithWorkers(config: Config, variables: ReturnType<typeof readEnvironment>): Promise<void> {
  const [{ startPrimary }, { inTurn }] = await Promise.all([
    import('./server/workers/primary.ts'),
    import('./server/workers/in-turn.ts'),
  ]);
  const stdout = inTurn(writeTo(process.stdout.fd));
  const logging = await logTo(stdout, config, isTerminal, complain);
  const primary = startPrimary({
    config,
    variables,
    log: logging.log,
    stdout,
    stderr: inTurn(writeTo(process.stderr.fd)),
    isTerminal,
    script: fileURLToPath(import.meta.url),
    argument: WORKER,
    startSandbox,
    onFailure: (error) => {
      fail(error);
      end({ ...logging, stop: primary.stop });
    },
  });
  stopOnSignal({ ...logging, stop: primary.stop, kill: primary.kill });
  await primary.ready.catch(async (error: unknown) => {
    await primary.stop();
    throw error;
  });
}

async function runAsWorker(): Promise<void> {
  const { runWorker } = await import('./server/workers/worker.ts');
  await runWorker({ catalogue, complain }).catch((error: unknown) => {
    fail(error);
    // Its primary would keep it.
    process.exit();
  });
}

/** What ends with this process. */
interface Ending extends Logging {
  /** Ends it in order. */
  readonly stop: () => Promise<void>;
  /** Ends other processes that belong to this one at once. */
  readonly kill?: () => void;
}

/** The first signal stops in order, the second one at once. */
function stopOnSignal(ending: Ending): void {
  const signals = ['SIGTERM', 'SIGINT'] as const;
  const stop = (signal: NodeJS.Signals) => {
    for (const each of signals) process.off(each, stop).on(each, stopAtOnce);
    ending.log.info('stopping', { signal });
    end(ending).catch(fail);
  };
  const stopAtOnce = (signal: NodeJS.Signals) => {
    ending.kill?.();
    // Not by the signal itself: the first process of a container does not end by one.
    process.exit(128 + constants.signals[signal]);
  };
  for (const each of signals) process.on(each, stop);
}

async function end({ log, flush, stop }: Ending): Promise<void> {
  await stop();
  log.info('stopped');
  await Promise.all([flush(), lastWords()]);
  // Whatever is left, a timer of a call that was cut or a connection of its own, must not keep the process.
  process.exit();
}

function fail(error: unknown): void {
  const isKnown =
    error instanceof ConfigurationError || (error instanceof Error && ('code' in error || 'exitCode' in error));
  complain(`${isKnown ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = exitCodeOf(error);
}

/** A worker says with its own code what was wrong with it. */
function exitCodeOf(error: unknown): number {
  const isConfiguration =
    error instanceof ConfigurationError || (error as { readonly exitCode?: unknown }).exitCode === EXIT_CONFIG;
  return isConfiguration ? EXIT_CONFIG : 1;
}

main().catch(fail);
