import { constants } from 'node:os';
import { runShutdownHooks } from '../core/shutdown-hooks.ts';
import type { Log } from '../observability/log/log.ts';

/** The signals that tell this process to stop. */
export const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** What has to be done before this process ends. */
export interface Shutdown {
  /** Finishes running requests, and closes everything. */
  readonly stop: () => Promise<void>;
  /** Resolves when the log is written. */
  readonly flush: () => Promise<unknown>;
}

/** Shuts this process down gracefully. The exit code is `process.exitCode`, or 0. */
export async function endProcess({ stop, flush }: Shutdown): Promise<never> {
  await stop();
  await Promise.all([flush(), runShutdownHooks()]);
  // Exits explicitly, because a timer of an aborted call, or an open connection, would keep the process running.
  process.exit();
}

export interface SignalOptions extends Shutdown {
  readonly log: Log;
  /** Kills the worker processes of this process. */
  readonly kill?: () => void;
  /** Called with the error when stopping has failed. */
  readonly onFailure: (error: unknown) => void;
}

/** Makes the first signal shut this process down gracefully, and the second one end it at once. */
export function stopOnSignal({ log, kill, onFailure, ...shutdown }: SignalOptions): void {
  const onFirst = (signal: NodeJS.Signals) => {
    for (const each of SIGNALS) process.off(each, onFirst).on(each, onSecond);
    log.info('stopping', { signal });
    endProcess(shutdown).catch(onFailure);
  };
  const onSecond = (signal: NodeJS.Signals) => {
    kill?.();
    // Exits instead of raising the signal, because the first process of a container (pid 1) ignores its default action.
    process.exit(128 + constants.signals[signal]);
  };
  for (const each of SIGNALS) process.on(each, onFirst);
}
