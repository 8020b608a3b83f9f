import type { EventEmitter } from 'node:events';
import { within } from '../../core/within.ts';

/** How a process has ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
}

/** How long the channel to a process that has ended may stay open. */
const CHANNEL_MS = 1_000;

/**
 * Waits for the end of a worker, and of what it has sent: its last message may arrive after the process has ended, but not
 * after its channel has closed. Where a process was killed while a connection was handed to it, nothing says that the
 * channel has closed, so that is waited for only briefly.
 * @param worker a worker of the cluster, or what emits `exit` and `disconnect` like one
 */
export function endOf(worker: EventEmitter): Promise<Ending> {
  const disconnected = new Promise<void>((resolve) => worker.once('disconnect', resolve));
  return new Promise((resolve) => {
    worker.once('exit', (code: number | null, signal: string | null) => {
      void within(CHANNEL_MS, disconnected).then(() => resolve({ code, signal }));
    });
  });
}
