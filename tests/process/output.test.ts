import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backgroundOutput, type OutputOptions, writeTo } from '../../src/observability/log/writer.ts';
import { verifies } from '../verifies.ts';

let folder: string;
let pipe: { reader: number; writer: number };
let complaints: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'output-'));
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  pipe = { reader, writer: openSync(path, constants.O_WRONLY | constants.O_NONBLOCK) };
  complaints = [];
});
afterEach(() => {
  for (const descriptor of Object.values(pipe)) if (descriptor >= 0) closeSync(descriptor);
  rmSync(folder, { recursive: true });
});

function output(options: Partial<OutputOptions> = {}) {
  const writeError = (line: string) => complaints.push(line);
  return backgroundOutput({ write: writeTo(pipe.writer), isTerminal: false, writeError, ...options });
}

/** Takes what is in the pipe now. */
function read(): string {
  const buffer = Buffer.alloc(1024 * 1024);
  let text = '';
  try {
    for (let size = readSync(pipe.reader, buffer); size > 0; size = readSync(pipe.reader, buffer)) {
      text += buffer.toString('utf8', 0, size);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
  }
  return text;
}

/** Takes what comes until it ends like this. */
async function readTo(end: string): Promise<string[]> {
  let text = '';
  await expect
    .poll(
      () => {
        text += read();
        return text.endsWith(end);
      },
      { interval: 5 },
    )
    .toBe(true);
  return text.trimEnd().split('\n');
}

const line = (number: number) => `${String(number).padStart(999, '0')}\n`;

describe('the log’s way out', () => {
  verifies(
    ['log.line', 'process.drain'],
    'keeps every line for a reader that pauses, and waits for it at the end but not for ever',
    async () => {
      const { stream, flush } = output({ flushDeadlineMs: 1 });
      const numbers = Array.from({ length: 1_000 }, (_, i) => i);
      for (const number of numbers) stream.write(line(number));
      // A pipe holds 64 KiB, and nobody has read from it yet.
      await flush();
      expect(await readTo(line(999))).toEqual(numbers.map((number) => line(number).trimEnd()));
      stream.write('later\n');
      expect(await readTo('later\n')).toEqual(['later']);
      expect(complaints).toEqual([]);
    },
  );

  verifies('log.line', 'keeps a bounded number of lines, and says how many are missing and where', async () => {
    const { stream } = output({ maxWaiting: 200_000 });
    for (let number = 0; number < 1_000; number++) stream.write(line(number));
    const lines = await readTo('"event":"log_lines_dropped","lines":800}\n');
    stream.write('later\n');
    lines.push(...(await readTo('later\n')));
    expect(lines).toHaveLength(202);
    expect(lines[199]).toBe(line(199).trimEnd());
    expect(JSON.parse(String(lines[200]))).toMatchObject({ level: 'warn', event: 'log_lines_dropped', lines: 800 });
  });

  it('ends in silence when its reader is gone', async () => {
    const { stream, flush } = output({ flushDeadlineMs: 20_000 });
    closeSync(pipe.reader);
    pipe.reader = -1;
    stream.write('unread\n');
    await flush();
    stream.write('unread as well\n');
    await flush();
    expect(complaints).toEqual([]);
  });

  verifies('log.line', 'says once that it is broken, and goes on when it is mended', async () => {
    let writes = 0;
    const { stream } = backgroundOutput({
      // A descriptor that is open for reading alone fails every write.
      write: (bytes, done) => writeTo(writes++ < 4 ? pipe.reader : pipe.writer)(bytes, done),
      isTerminal: false,
      writeError: (text) => complaints.push(text),
      failurePauseMs: 1,
    });
    stream.write('held back\n');
    expect(await readTo('held back\n')).toEqual(['held back']);
    expect(complaints).toEqual([expect.stringMatching(/^The log cannot be written: .*EBADF.*\n$/)]);
  });
});
