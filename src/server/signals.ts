import { constants } from 'node:os';
import { runShutdownHooks } from '../core/shutdown-hooks.ts';
import type { Log } from '../observability/log/log.ts';

/** Those that tell this process to stop. */
export const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** What ends with this process. */
export interface Ending {
  /** Finishes what is under way, and closes everything. */
  readonly stop: () => Promise<void>;
  /** Resolves once the log is out. */
  readonly flush: () => Promise<unknown>;
}

/** Ends this process in order, with the exit code that it has been given, or 0. */
export async function endProcess({ stop, flush }: Ending): Promise<never> {
  await stop();
  await Promise.all([flush(), runShutdownHooks()]);
  // Whatever is left, a timer of a call that was cut or a connection of its own, must not keep the process.
  process.exit();
}

export interface SignalOptions extends Ending {
  readonly log: Log;
  /** Ends other processes that belong to this one at once. */
  readonly kill?: () => void;
  /** Told why stopping has failed. */
  readonly onFailure: (error: unknown) => void;
}

/** Lets the first signal end this process in order, and the second one at once. */
export function stopOnSignal({ log, kill, onFailure, ...ending }: SignalOptions): void {
  const onFirst = (signal: NodeJS.Signals) => {
    for (const each of SIGNALS) process.off(each, onFirst).on(each, onSecond);
    log.info('stopping', { signal });
    endProcess(ending).catch(onFailure);
  };
  const onSecond = (signal: NodeJS.Signals) => {
    kill?.();
    // Not by the signal itself: the first process of a container does not end by one.
    process.exit(128 + constants.signals[signal]);
  };
  for (const each of SIGNALS) process.on(each, onFirst);
}
