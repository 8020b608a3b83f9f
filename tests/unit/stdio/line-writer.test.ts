import { PassThrough } from 'node:stream';
import { expect } from 'vitest';
import { LineWriter } from '../../../src/stdio/line-writer.ts';
import { verifies } from '../../verifies.ts';

/** A writer whose output has room for little. */
function opened() {
  const [input, output] = [new PassThrough(), new PassThrough({ highWaterMark: 16 })];
  const read: string[] = [];
  input.on('data', (piece) => read.push(String(piece)));
  return { input, output, read, writer: new LineWriter(input, output) };
}

verifies('stdio.unread', 'nothing more is read while nobody reads what was written', async () => {
  const { input, output, read, writer } = opened();
  void writer.write({ text: 'more than there is room for' });
  input.write('one');
  await new Promise(setImmediate);
  expect({ read, isPaused: input.isPaused() }).toEqual({ read: [], isPaused: true });
  output.resume();
  await writer.room;
  await expect.poll(() => read).toEqual(['one']);
});

verifies('stdio.unread', 'who waits for room goes on when nobody will read any more', async () => {
  const { output, writer } = opened();
  void writer.write({ text: 'more than there is room for' });
  output.destroy();
  await writer.room;
  await writer.write({ text: 'lost' });
});

verifies('stdio.unread', 'a writer that is stopped reads nothing again', async () => {
  const { input, output, writer } = opened();
  void writer.write({ text: 'more than there is room for' });
  writer.stop();
  output.resume();
  await writer.room;
  expect(input.isPaused()).toBe(true);
});
