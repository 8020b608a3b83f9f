import { expect } from 'vitest';
import type { WriteSome } from '../../../../src/observability/log/writer.ts';
import { wholeLines } from '../../../../src/server/workers/whole-lines.ts';
import { verifies } from '../../../verifies.ts';

const ATOMIC_BYTES = 4096;

/** Writes all of a text as the writer of the log does, and yields what the pipe was given in one piece each. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  const write: WriteSome = wholeLines((bytes, done) => {
    pieces.push(bytes.toString());
    done(null, bytes.length);
  });
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    write(rest, (_error, written) => {
      rest = rest.subarray(written);
    });
  }
  return pieces;
}

const lineOf = (bytes: number) => `${'x'.repeat(bytes - 1)}\n`;

verifies('workers.output', 'gives a pipe whole lines, no more of them at a time than it keeps together', () => {
  const lines = Array.from({ length: 200 }, (_, number) => lineOf(1 + ((number * 37) % 900)));
  const pieces = piecesOf(lines.join(''));
  expect(pieces.join('')).toBe(lines.join(''));
  for (const piece of pieces) {
    expect(piece.length).toBeLessThanOrEqual(ATOMIC_BYTES);
    expect(piece.endsWith('\n')).toBe(true);
  }
  // Not each line for itself either: that would cost a system call for each.
  expect(pieces.length).toBeLessThan(lines.length / 5);
});

verifies.each('workers.output', [
  ['lines that fit exactly', [lineOf(4000), lineOf(96)], 1],
  ['lines that are one byte too many', [lineOf(4000), lineOf(97)], 2],
  ['a long line in front', [lineOf(4097), lineOf(10)], 2],
  ['a long line behind', [lineOf(10), lineOf(9000), lineOf(10)], 3],
])('writes %s', (_, lines, count) => {
  const pieces = piecesOf(lines.join(''));
  expect(pieces.join('')).toBe(lines.join(''));
  expect(pieces).toHaveLength(count);
});

verifies('workers.output', 'writes what has no end of a line yet, and passes on what became of it', () => {
  expect(piecesOf('x'.repeat(5000))).toEqual(['x'.repeat(5000)]);
  const failure = Object.assign(new Error('full'), { code: 'EAGAIN' });
  const outcomes: unknown[] = [];
  wholeLines((_bytes, done) => done(failure, 0))(Buffer.from('a\n'), (...outcome) => outcomes.push(outcome));
  expect(outcomes).toEqual([[failure, 0]]);
});
