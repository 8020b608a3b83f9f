import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';

/** Where the log goes, and how to get all of it out before the process ends. */
export interface Output {
  readonly stream: Writable;
  /** Whether a person is looking. */
  readonly isTerminal: boolean;
  flush(): Promise<void>;
}

/**
 * A stream that must not hold up the process. Node writes to a pipe or a file behind `process.stdout` synchronously: a
 * reader that pauses would stop every request. This writes in the background, all lines of the meantime at once.
 */
export function backgroundOutput(descriptor: number, isTerminal: boolean): Output {
  const stream = createWriteStream('', { fd: descriptor, autoClose: false });
  // A reader that is gone is no reason to stop serving.
  stream.on('error', () => undefined);
  return { stream, isTerminal, flush: () => new Promise((resolve) => stream.end(resolve)) };
}
