import type { WriteSome } from '../../observability/log/writer.ts';

/** What Linux keeps together when several processes write to one pipe (`PIPE_BUF`, pipe(7)), in bytes. */
const ATOMIC_BYTES = 4096;
const LINE_FEED = 0x0a;

/**
 * Writes whole lines, as many at a time as a pipe keeps together, so that several workers can write to one pipe. A line
 * that is longer than that goes out alone, and may be torn by a line of another worker.
 */
export function wholeLines(write: WriteSome): WriteSome {
  return (bytes, done) => write(bytes.subarray(0, lengthToWrite(bytes)), done);
}

function lengthToWrite(bytes: Buffer): number {
  if (bytes.length <= ATOMIC_BYTES) return bytes.length;
  const lastThatFits = bytes.lastIndexOf(LINE_FEED, ATOMIC_BYTES - 1);
  if (lastThatFits >= 0) return lastThatFits + 1;
  const first = bytes.indexOf(LINE_FEED, ATOMIC_BYTES);
  return first < 0 ? bytes.length : first + 1;
}
