import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { type Config, parseConfig } from './config/config.ts';
import { readEnvironment } from './config/environment.ts';
import { ConfigurationError } from './config/error.ts';
import { logTo } from './observability/log/outputs.ts';
import { writeTo } from './observability/log/writer.ts';
import type { StartSandbox } from './server/sandbox.ts';
import { endProcess, stopOnSignal } from './server/signals.ts';
import { start } from './server/start.ts';
import { catalogue } from './tools/index.ts';

/** The exit code of a wrong configuration (`EX_CONFIG` in sysexits.h). */
const EXIT_CONFIG = 78;
/** Tells this script that it runs as a worker. */
const WORKER = '--worker';

/** Loaded when it is needed only: production images do not hold what it is made of. */
const startSandbox: StartSandbox = async (options) => (await import('./sandbox/start.ts')).startSandbox(options);

const stdout = writeTo(process.stdout.fd);
const stderr = writeTo(process.stderr.fd);
const isTerminal = process.stdout.isTTY === true;
const writeError = (line: string) => process.stderr.write(line);

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

/** Serves in this process. */
async function serve(config: Config): Promise<void> {
  const { log, flush } = await logTo(stdout, config, isTerminal, writeError);
  const starting = start({ config, log, stderr, catalogue, startSandbox });
  const stop = async () => {
    await (await starting).stop();
    log.info('stopped');
  };
  stopOnSignal({ log, stop, flush, onFailure: fail });
  await starting;
}

/** Serves in several processes, whose primary this one is. */
async function serveWithWorkers(config: Config, variables: ReturnType<typeof readEnvironment>): Promise<void> {
  const { startPrimary } = await import('./server/workers/primary.ts');
  const { log, flush } = await logTo(stdout, config, isTerminal, writeError);
  const primary = startPrimary({
    config,
    variables,
    log,
    script: fileURLToPath(import.meta.url),
    argument: WORKER,
    startSandbox,
    onFailure: (error) => {
      fail(error);
      endProcess({ stop, flush }).catch(fail);
    },
  });
  const stop = async () => {
    await primary.stop();
    log.info('stopped');
  };
  stopOnSignal({ log, stop, flush, kill: primary.kill, onFailure: fail });
  await primary.ready.catch(async (error: unknown) => {
    await primary.stop();
    throw error;
  });
}

/** Serves as one of the processes of a primary. */
async function runAsWorker(): Promise<void> {
  const { runWorker } = await import('./server/workers/worker.ts');
  await runWorker({ catalogue, stdout, stderr, isTerminal, writeError }).catch((error: unknown) => {
    fail(error);
    // Its channel to the primary would keep it.
    process.exit();
  });
}

/** Says why this process ends, and with which code it will. */
function fail(error: unknown): void {
  const isKnown =
    error instanceof ConfigurationError || (error instanceof Error && ('code' in error || 'exitCode' in error));
  writeError(`${isKnown ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = exitCodeOf(error);
}

/** A worker says with its own code what was wrong with it. */
function exitCodeOf(error: unknown): number {
  const isConfiguration =
    error instanceof ConfigurationError || (error as { readonly exitCode?: unknown }).exitCode === EXIT_CONFIG;
  return isConfiguration ? EXIT_CONFIG : 1;
}

main().catch(fail);
