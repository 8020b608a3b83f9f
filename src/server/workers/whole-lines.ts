import type { WriteSome } from '../../observability/log/writer.ts';

/** A write of at most this size to a pipe is atomic on Linux (`PIPE_BUF`, pipe(7)), in bytes. */
const ATOMIC_BYTES = 4096;
const LINE_FEED = 0x0a;

/**
 * Writes only whole lines, as many as fit into one atomic write, so that several workers can write to one pipe. A
 * longer line is written alone, and lines of other workers may be written into it.
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
