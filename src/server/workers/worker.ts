import { basename, dirname, extname, join } from 'node:path';
import type { AuditConfig } from '../../config/audit.ts';
import { type Config, parseConfig } from '../../config/config.ts';
import { lastWords } from '../../core/shutdown-hooks.ts';
import type { Tool } from '../../core/tool.ts';
import { isDevice } from '../../observability/log/append.ts';
import { logTo } from '../../observability/log/outputs.ts';
import type { EmbeddedSandbox } from '../sandbox.ts';
import { start } from '../start.ts';
import { PrimaryLink } from './link.ts';

export interface WorkerOptions {
  readonly catalogue: readonly Tool[];
  /** Told in one line that the log cannot be written. */
  readonly complain: (line: string) => void;
}

/**
 * Serves as one of several workers: on the primary's port, with what the primary shares, until it is told to stop. Yields
 * when it serves.
 */
export async function runWorker({ catalogue, complain }: WorkerOptions): Promise<void> {
  const link = await PrimaryLink.open();
  const { worker, variables, port, isTerminal, sandbox } = link.assignment;
  const config = await configOf(parseConfig(variables), worker, port);
  // Appending keeps the lines of a batch together, so that all workers share the file of the log.
  const { log, flush } = await logTo(link.writeTo('stdout'), config, isTerminal, complain);

  let stop: (() => Promise<void>) | undefined;
  let isStopping = false;
  const stopOnce = async () => {
    if (isStopping) return;
    isStopping = true;
    await stop?.();
    await Promise.all([flush(), lastWords()]);
    process.exit();
  };
  link.onStop(stopOnce);
  // A terminal, or a supervisor, may tell the primary and its workers at the same time. Only the primary ends at once.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stopOnce);

  const server = await start({
    config,
    log,
    stderr: link.writeTo('stderr'),
    catalogue,
    startSandbox: () => Promise.resolve(sharedSandbox(sandbox)),
    worker: { number: worker, shared: link.sharedState(log), onCollect: (collect) => link.onCollect(collect) },
  });
  stop = server.stop;
  link.ready(server.facts);
}

/** The configuration of one worker: a chain of the ledger has one writer, so that each has a file of its own. */
async function configOf(config: Config, worker: number, port: number): Promise<Config> {
  return { ...config, port, audit: { ...config.audit, to: await ledgerOf(config.audit.to, worker) } };
}

/** `audit.jsonl` becomes `audit.1.jsonl`; a device such as `/dev/null` stays what it is. */
async function ledgerOf(to: AuditConfig['to'], worker: number): Promise<AuditConfig['to']> {
  if (typeof to === 'string' || (await isDevice(to.file))) return to;
  const extension = extname(to.file);
  return { file: join(dirname(to.file), `${basename(to.file, extension)}.${worker}${extension}`) };
}

function sharedSandbox(sandbox: { url: string; serverId: string } | undefined): EmbeddedSandbox {
  if (sandbox === undefined) throw new Error('The primary has started no sandbox.');
  return { ...sandbox, isAnnounced: true, close: () => Promise.resolve() };
}
