import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { namesOf } from './access/select.ts';
import { checkedConfig } from './cli/checked-config.ts';
import { readOptions } from './cli/options.ts';
import { type Config, parseConfig } from './config/config.ts';
import { type Environment, readEnvironment } from './config/environment.ts';
import { ConfigurationError } from './config/error.ts';
import { Problems } from './config/problems.ts';
import type { Log } from './observability/log/log.ts';
import { logTo } from './observability/log/outputs.ts';
import { writeTo } from './observability/log/writer.ts';
import { content } from './resources/index.ts';
import { FirstWords } from './server/first-words.ts';
import { unsupportedSince } from './server/node-support.ts';
import type { StartSandbox } from './server/sandbox.ts';
import { endProcess, stopOnSignal } from './server/signals.ts';
import { start } from './server/start.ts';
import { catalogue } from './tools/index.ts';

/** The exit code of a wrong configuration (`EX_CONFIG` in sysexits.h). */
const EXIT_CONFIG = 78;
/** The exit code of arguments that are not known. */
const EXIT_USAGE = 2;
const LEDGER_BETWEEN_LINES =
  'AUDIT_LOG: the audit ledger is written to this terminal, between the lines of the log. Name a file.';
/** Tells this script that it runs as a worker. */
const WORKER = '--worker';

/** Loaded only when it is needed: production images do not contain the packages that the sandbox uses. */
const loadSandbox: StartSandbox = async (options) => {
  const { startSandbox } = await import('./sandbox/start.ts');
  return startSandbox(options).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new ConfigurationError(['The sandbox is not installed here: set SCALEKIT_ENV_URL, or run npm ci.']);
  });
};
const firstWords = new FirstWords();
const startSandbox = firstWords.watching(loadSandbox);

const stdout = writeTo(process.stdout.fd);
const stderr = writeTo(process.stderr.fd);
const isTerminal = process.stdout.isTTY === true;
/** Whether the log and what goes to stderr are read by a person together. */
const sharesTerminal = isTerminal && process.stderr.isTTY === true;
const writeError = (line: string) => process.stderr.write(line);

// V8 lets the heap grow to a multiple of the live data before it collects garbage, and the multiple grows with the
// memory of the machine. This flag limits the growth to 60 % between two collections. The live data of this server is
// small, so that earlier collections cost no measurable time, and they save about a third of the memory
// (docs/decisions/0040).
setFlagsFromString('--heap-growing-percent=60');

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes(WORKER) && process.send !== undefined) return runAsWorker();
  const asked = readOptions(args);
  if (asked !== undefined && asked !== 'check') {
    (asked.isRefusal ? process.stderr : process.stdout).write(`${asked.text}\n`);
    process.exitCode = asked.isRefusal ? EXIT_USAGE : 0;
    return;
  }
  const problems = new Problems();
  const environment = readEnvironment(problems);
  const settings = onTerminal({
    ...environment,
    config: parseConfig(environment.variables, problems, environment.envFile, namesOf(catalogue)),
  });
  if (asked === 'check') {
    process.stdout.write(`${checkedConfig(settings)}\n`);
    return;
  }
  await (settings.config.scaling.workers === 1 ? serve(settings) : serveWithWorkers(settings));
}

interface Settings extends Environment {
  readonly config: Config;
}

/**
 * On a terminal, the ledger of the sandbox is off unless it was asked for: its JSON would stand between the lines that a
 * newcomer reads, and what it records is fiction. A real deployment keeps it in any case.
 */
function onTerminal(settings: Settings): Settings {
  const { config, variables } = settings;
  const isAskedFor = Boolean(variables['AUDIT_LOG']?.trim() || variables['AUDIT_REQUIRED']?.trim());
  if (!sharesTerminal || config.scalekit.kind === 'live' || isAskedFor) return settings;
  const quiet = { ...variables, AUDIT_LOG: 'off' };
  return { ...settings, variables: quiet, config: parseConfig(quiet) };
}

/** Serves in this process. */
async function serve(settings: Settings): Promise<void> {
  const { config } = settings;
  const { log, flush } = await logTo(stdout, config, isTerminal, writeError);
  const stopping = new AbortController();
  const { signal } = stopping;
  const starting = start({ config, log, stderr, catalogue, content, startSandbox, stopping: signal }).catch(
    (error: unknown) => {
      if (signal.aborted && error === signal.reason) return undefined;
      throw error;
    },
  );
  const stop = async () => {
    stopping.abort();
    await (await starting)?.stop();
    log.info('stopped');
  };
  stopOnSignal({ log, stop, flush, onFailure: fail });
  await starting;
  if (!signal.aborted) sayHowItRuns(log, settings);
}

/** Serves in several worker processes; this process is their primary. */
async function serveWithWorkers(settings: Settings): Promise<void> {
  const { config, variables } = settings;
  const { startPrimary } = await import('./server/workers/primary.ts');
  const { log, flush } = await logTo(stdout, config, isTerminal, writeError);
  const giveUp = (error: unknown, end: () => Promise<void>) => {
    fail(error);
    return endProcess({ stop: end, flush }).catch(fail);
  };
  const primary = startPrimary({
    config,
    variables,
    log,
    stderr,
    script: fileURLToPath(import.meta.url),
    argument: WORKER,
    startSandbox,
    onFailure: (error) => giveUp(error, stop),
  });
  let isStopping = false;
  const stop = async () => {
    isStopping = true;
    await primary.stop();
    log.info('stopped');
  };
  stopOnSignal({ log, stop, flush, kill: primary.kill, onFailure: fail });
  await primary.ready.then(
    () => isStopping || sayHowItRuns(log, settings),
    (error: unknown) => giveUp(error, primary.stop),
  );
}

/** Serves as one of the workers of a primary. */
async function runAsWorker(): Promise<void> {
  const { runWorker } = await import('./server/workers/worker.ts');
  await runWorker({ catalogue, content, stdout, stderr, isTerminal, writeError }).catch((error: unknown) => {
    fail(error);
    // The open channel to the primary would keep this process running.
    process.exit();
  });
}

/** Says where the settings are from, what is doubtful in them, and on a terminal what to do next. */
function sayHowItRuns(log: Log, { config, envFile }: Settings): void {
  const { path, isRead } = envFile;
  log.info('configuration', isRead ? { env_file: path } : { env_file: 'none', looked_for: path });
  const isBetweenLines = sharesTerminal && config.audit.to === 'stderr';
  const warnings = isBetweenLines ? [...config.warnings, LEDGER_BETWEEN_LINES] : config.warnings;
  for (const warning of warnings) log.warn('configuration', { warning });
  warnOfOldNode(log);
  if (isTerminal) firstWords.say(log, { ledger: config.audit.to === 'off' ? 'off' : 'kept' });
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
