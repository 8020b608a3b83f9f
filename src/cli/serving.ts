import { parseConfig } from '../config/config.ts';
import type { Log } from '../observability/log/log.ts';
import { logTo } from '../observability/log/outputs.ts';
import { content } from '../resources/index.ts';
import { FirstWords } from '../server/first-words.ts';
import { unsupportedSince } from '../server/node-support.ts';
import { logNodeWarnings } from '../server/node-warnings.ts';
import { endProcess, stopOnSignal } from '../server/signals.ts';
import { start } from '../server/start.ts';
import { catalogue } from '../tools/index.ts';
import { checkedConfig } from './checked-config.ts';
import type { Host } from './command.ts';
import { readSettings, type Settings } from './settings.ts';

const LEDGER_BETWEEN_LINES =
  'AUDIT_LOG: the audit ledger is written to this terminal, between the lines of the log. Name a file.';

/**
 * Serves MCP over HTTP, in this process or in several workers, until a signal stops it.
 * @throws ConfigurationError, or the error with which starting has failed
 */
export async function serve(host: Host): Promise<void> {
  const settings = onTerminal(readSettings('server'), host);
  await (settings.config.scaling.workers === 1 ? serveHere(settings, host) : serveWithWorkers(settings, host));
}

/**
 * Says what the settings mean, and starts nothing.
 * @throws ConfigurationError with every problem
 */
export function checkSettings(host: Host): void {
  const settings = onTerminal(readSettings('server'), host);
  const { warnings } = settings.config;
  host.output.result({ usable: true, warnings }, checkedConfig(settings));
}

/** Whether the log and what goes to stderr are read by a person together. */
function sharesTerminal({ isTerminal }: Host): boolean {
  return isTerminal.stdout && isTerminal.stderr;
}

/**
 * On a terminal, the ledger of the sandbox is off unless it was asked for: its JSON would stand between the lines that a
 * newcomer reads, and what it records is fiction. A real deployment keeps it in any case.
 */
function onTerminal(settings: Settings, host: Host): Settings {
  const { config, variables } = settings;
  const isAskedFor = Boolean(variables['AUDIT_LOG']?.trim() || variables['AUDIT_REQUIRED']?.trim());
  if (!sharesTerminal(host) || config.scalekit.kind === 'live' || isAskedFor) return settings;
  const quiet = { ...variables, AUDIT_LOG: 'off' };
  return { ...settings, variables: quiet, config: parseConfig(quiet) };
}

/** Serves in this process. */
async function serveHere(settings: Settings, host: Host): Promise<void> {
  const { config } = settings;
  const { write, isTerminal, fail } = host;
  const firstWords = new FirstWords();
  const { log, flush } = await logTo(write.stdout, config, isTerminal.stdout, (line) => host.output.say(line));
  logNodeWarnings(log);
  const stopping = new AbortController();
  const { signal } = stopping;
  const startSandbox = firstWords.watching(host.startSandbox);
  const starting = start({
    config,
    log,
    stderr: write.stderr,
    catalogue,
    content,
    startSandbox,
    stopping: signal,
  }).catch((error: unknown) => {
    if (signal.aborted && error === signal.reason) return undefined;
    throw error;
  });
  const stop = async () => {
    stopping.abort();
    await (await starting)?.stop();
    log.info('stopped');
  };
  stopOnSignal({ log, stop, flush, onFailure: fail });
  const server = await starting;
  void server?.prepared.then(host.started);
  if (!signal.aborted) sayHowItRuns(log, settings, host, firstWords);
}

/** Serves in several worker processes; this process is their primary. */
async function serveWithWorkers(settings: Settings, host: Host): Promise<void> {
  const { config, variables } = settings;
  const { write, isTerminal, fail, script, workerArgument } = host;
  const { startPrimary } = await import('../server/workers/primary.ts');
  const firstWords = new FirstWords();
  const { log, flush } = await logTo(write.stdout, config, isTerminal.stdout, (line) => host.output.say(line));
  logNodeWarnings(log);
  const giveUp = (error: unknown, end: () => Promise<void>) => {
    fail(error);
    return endProcess({ stop: end, flush }).catch(fail);
  };
  const primary = startPrimary({
    config,
    variables,
    log,
    stderr: write.stderr,
    script,
    argument: workerArgument,
    startSandbox: firstWords.watching(host.startSandbox),
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
    () => isStopping || sayHowItRuns(log, settings, host, firstWords),
    (error: unknown) => giveUp(error, primary.stop),
  );
}

/** Says where the settings are from, what is doubtful in them, and on a terminal what to do next. */
function sayHowItRuns(log: Log, { config, envFile }: Settings, host: Host, firstWords: FirstWords): void {
  const { path, isRead } = envFile;
  log.info('configuration', isRead ? { env_file: path } : { env_file: 'none', looked_for: path });
  const isBetweenLines = sharesTerminal(host) && config.audit.to === 'stderr';
  const warnings = isBetweenLines ? [...config.warnings, LEDGER_BETWEEN_LINES] : config.warnings;
  for (const warning of warnings) log.warn('configuration', { warning });
  warnOfOldNode(log);
  if (host.isTerminal.stdout) firstWords.say(log, { ledger: config.audit.to === 'off' ? 'off' : 'kept' });
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
