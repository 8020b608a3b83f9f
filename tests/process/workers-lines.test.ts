import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { backgroundOutput, writeTo } from '../../src/observability/log/writer.ts';
import { wholeLines } from '../../src/server/workers/whole-lines.ts';
import { verifies } from '../verifies.ts';

const LINES = 500;
const LONGEST = 4096;

let folder: string;
let reader: number;
let writers: readonly number[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lines-'));
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  writers = [1, 2].map(() => openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
});
afterEach(() => {
  for (const descriptor of [reader, ...writers]) closeSync(descriptor);
  rmSync(folder, { recursive: true });
});

/** Takes some of what is in the pipe, so that there is never room for all that waits. */
function readSome(): string {
  const buffer = Buffer.alloc(10_000);
  try {
    return buffer.toString('latin1', 0, readSync(reader, buffer));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return '';
    throw error;
  }
}

verifies(
  'workers.output',
  'lines of two writers to one pipe stay whole, up to the longest that a pipe keeps together',
  async () => {
    const written = writers.map((descriptor, writer) => {
      const lines = Array.from({ length: LINES }, (_, number) => {
        const length = number % 50 === 0 ? LONGEST : 100 + ((number * 37) % 900);
        return `${writer}:${number}:`.padEnd(length - 1, String(writer));
      });
      const writeError = (line: string) => expect.fail(line);
      const { stream } = backgroundOutput({ write: wholeLines(writeTo(descriptor)), isTerminal: false, writeError });
      for (const line of lines) stream.write(`${line}\n`);
      return lines;
    });
    const size = written.flat().reduce((sum, line) => sum + line.length + 1, 0);
    let text = '';
    await expect
      .poll(
        () => {
          text += readSome();
          return text.length;
        },
        { interval: 1 },
      )
      .toBe(size);
    const read = text.trimEnd().split('\n');
    const of = (writer: number) => read.filter((line) => line.startsWith(`${writer}:`));
    expect([of(0), of(1)]).toEqual(written);
    // They have taken turns, or nothing would be proven.
    expect(read.slice(0, LINES)).not.toEqual(written[0]);
  },
);
