import type { AuditConfig } from '../../config/audit.ts';
import { type Config, parseConfig } from '../../config/config.ts';
import { workerLedger } from '../../config/ledger-files.ts';
import type { Content } from '../../core/content.ts';
import type { Tool } from '../../core/tool.ts';
import { isDevice } from '../../observability/log/append.ts';
import { logTo } from '../../observability/log/outputs.ts';
import type { WriteSome } from '../../observability/log/writer.ts';
import { logNodeWarnings } from '../node-warnings.ts';
import type { EmbeddedSandbox } from '../sandbox.ts';
import { endProcess, SIGNALS } from '../signals.ts';
import { start } from '../start.ts';
import type { Assignment, FromWorker } from './messages.ts';
import { wholeLines } from './whole-lines.ts';

export interface WorkerOptions {
  readonly catalogue: readonly Tool[];
  readonly content: Content;
  /** The outputs that all workers share. */
  readonly stdout: WriteSome;
  readonly stderr: WriteSome;
  readonly isTerminal: boolean;
  /** Called with one line when the log cannot be written. */
  readonly writeError: (line: string) => void;
  /** Told when this worker is ready and has prepared what calls need. */
  readonly started: () => void;
}

/**
 * Runs a server as one of several workers, on the port that its primary names, until it is told to stop. Resolves when
 * it takes requests.
 * @throws ConfigurationError, or the error with which starting the server has failed
 */
export async function runWorker({
  catalogue,
  content,
  stdout,
  stderr,
  isTerminal,
  writeError,
  started,
}: WorkerOptions): Promise<void> {
  const { worker, variables, port, sandbox, primary } = await assignment();
  const config = await configOf(parseConfig(variables), worker, port);
  const { log, flush } = await logTo(wholeLines(stdout), config, isTerminal, writeError, worker);
  logNodeWarnings(log);

  // Until it takes requests, this process has nothing to finish.
  let stop = () => Promise.resolve();
  let isStopping = false;
  const stopOnce = () => {
    if (isStopping) return;
    isStopping = true;
    endProcess({ stop: () => stop(), flush });
  };
  // A terminal or a supervisor may send a signal to the primary and its workers at the same time. A second signal ends
  // only the primary at once; a worker ignores it.
  for (const signal of SIGNALS) process.on(signal, stopOnce);

  const server = await start({
    config,
    log,
    stderr: wholeLines(stderr),
    catalogue,
    content,
    startSandbox: () => Promise.resolve(sharedSandbox(sandbox)),
    worker,
    primary,
  });
  const listening = server.written().then((at) => tell({ kind: 'listening', facts: server.facts, at }));
  stop = async () => {
    await server.stop();
    // Its primary records the end only of a worker that it knows to have started.
    await listening;
    await tell({ kind: 'stopped', at: await server.written() });
  };
  await listening;
  void server.prepared.then(started);
  void server.ready.then(() => tell({ kind: 'ready' }));
}

/** Requests the assignment of this worker from the primary. */
function assignment(): Promise<Assignment> {
  return new Promise((resolve) => {
    const onMessage = (message: Assignment) => {
      if (message.kind !== 'assignment') return;
      process.off('message', onMessage);
      resolve(message);
    };
    process.on('message', onMessage);
    void tell({ kind: 'hello' });
  });
}

/** The configuration of one worker. Each has its own ledger file, because only one process may write a chain. */
async function configOf(config: Config, worker: number, port: number): Promise<Config> {
  return { ...config, port, audit: { ...config.audit, to: await ledgerOf(config.audit.to, worker) } };
}

/** The ledger of a worker. A device such as `/dev/null` is not renamed. */
async function ledgerOf(to: AuditConfig['to'], worker: number): Promise<AuditConfig['to']> {
  if (typeof to === 'string' || (await isDevice(to.file))) return to;
  return { file: workerLedger(to.file, worker) };
}

function sharedSandbox(sandbox: Assignment['sandbox']): EmbeddedSandbox {
  if (sandbox === undefined) throw new Error('The primary has started no sandbox.');
  return { ...sandbox, isAnnounced: true, close: () => Promise.resolve() };
}

/** Resolves when the message is on its way. */
function tell(message: FromWorker): Promise<void> {
  return new Promise((resolve) => {
    // An error is ignored: if the channel breaks, Node ends this process.
    if (process.send === undefined) resolve();
    else process.send(message, undefined, undefined, () => resolve());
  });
}
