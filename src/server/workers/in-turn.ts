import { setTimeout as wait } from 'node:timers/promises';
import type { WriteSome } from '../../observability/log/writer.ts';

/** A pipe that is full says so at once instead of holding up the write; it is asked again after this. */
const FULL_PIPE_PAUSE_MS = 20;

/**
 * Lets several writers write to one place, each its whole lines before the next: a pipe keeps only 4096 bytes together,
 * and the lines of two processes would be torn by each other.
 */
export function inTurn(write: WriteSome): WriteSome {
  let last: Promise<unknown> = Promise.resolve();
  return (bytes, done) => {
    last = last.then(() => writeWhole(write, bytes)).then(({ error, written }) => done(error, written));
  };
}

interface Outcome {
  readonly error: NodeJS.ErrnoException | null;
  readonly written: number;
}

/** Writes until all is out, or until it fails. What was written before a failure counts: the rest comes again. */
async function writeWhole(write: WriteSome, bytes: Buffer): Promise<Outcome> {
  let written = 0;
  while (written < bytes.length) {
    const step = await new Promise<Outcome>((resolve) =>
      write(bytes.subarray(written), (error, count) => resolve({ error, written: count })),
    );
    if (step.error?.code === 'EAGAIN') await wait(FULL_PIPE_PAUSE_MS);
    else if (step.error !== null) return written === 0 ? step : { error: null, written };
    else written += step.written;
  }
  return { error: null, written };
}
