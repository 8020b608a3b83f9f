import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { type Config, parseConfig } from './config/config.ts';
import { readEnvironment } from './config/environment.ts';
import { ConfigurationError } from './config/error.ts';
import type { Log } from './observability/log/log.ts';
import { logTo } from './observability/log/outputs.ts';
import { writeTo } from './observability/log/writer.ts';
import { unsupportedSince } from './server/node-support.ts';
import type { StartSandbox } from './server/sandbox.ts';
import { endProcess, stopOnSignal } from './server/signals.ts';
import { start } from './server/start.ts';
import { catalogue } from './tools/index.ts';

/** The exit code of a wrong configuration (`EX_CONFIG` in sysexits.h). */
const EXIT_CONFIG = 78;
/** Tells this script that it runs as a worker. */
const WORKER = '--worker';

/** Loaded only when it is needed: production images do not contain the packages that the sandbox uses. */
const startSandbox: StartSandbox = async (options) => (await import('./sandbox/start.ts')).startSandbox(options);

const stdout = writeTo(process.stdout.fd);
const stderr = writeTo(process.stderr.fd);
const isTerminal = process.stdout.isTTY === true;
const writeError = (line: string) => process.stderr.write(line);

// V8 lets the heap grow to a multiple of the live data before it collects garbage, and the multiple grows with the
// memory of the machine. This flag limits the growth to 60 % between two collections. The live data of this server is
// small, so that earlier collections cost no measurable time, and they save about a third of the memory
// (docs/decisions/0040).
setFlagsFromString('--heap-growing-percent=60');

async function main(): Promise<void> {
  if (process.argv.includes(WORKER)) return runAsWorker();
  const problems: string[] = [];
  const variables = readEnvironment(problems);
  const config = parseConfig(variables, problems);
  return config.scaling.workers === 1 ? serve(config) : serveWithWorkers(config, variables);
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
  warn(log, config);
}

/** Serves in several worker processes; this process is their primary. */
async function serveWithWorkers(config: Config, variables: ReturnType<typeof readEnvironment>): Promise<void> {
  const { startPrimary } = await import('./server/workers/primary.ts');
  const { log, flush } = await logTo(stdout, config, isTerminal, writeError);
  const primary = startPrimary({
    config,
    variables,
    log,
    stderr,
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
  warn(log, config);
}

/** Serves as one of the workers of a primary. */
async function runAsWorker(): Promise<void> {
  const { runWorker } = await import('./server/workers/worker.ts');
  await runWorker({ catalogue, stdout, stderr, isTerminal, writeError }).catch((error: unknown) => {
    fail(error);
    // The open channel to the primary would keep this process running.
    process.exit();
  });
}

/** Says what is doubtful in the configuration and in the process, once the server runs. */
function warn(log: Log, config: Config): void {
  for (const warning of config.warnings) log.warn('configuration', { warning });
  warnOfOldNode(log);
}

/** A line without security fixes still runs this server, but nobody should find out by an incident. */
function warnOfOldNode(log: Log): void {
  const since = unsupportedSince(process.versions.node, new Date());
  if (since === undefined) return;
  log.warn('old_node', {
    node: process.version,
    notice: `This line of Node.js has had no security fixes since ${since}. Use Node.js 24.`,
  });
}

/** Writes why this process ends to stderr, and sets its exit code. A defect is written with its stack. */
function fail(error: unknown): void {
  const isKnown =
    error instanceof ConfigurationError || (error instanceof Error && ('code' in error || 'exitCode' in error));
  writeError(`${isKnown ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = exitCodeOf(error);
}

/** 78 for a wrong configuration, also when a worker has ended with that code; otherwise 1. */
function exitCodeOf(error: unknown): number {
  const isConfiguration =
    error instanceof ConfigurationError || (error as { readonly exitCode?: unknown }).exitCode === EXIT_CONFIG;
  return isConfiguration ? EXIT_CONFIG : 1;
}

main().catch(fail);
