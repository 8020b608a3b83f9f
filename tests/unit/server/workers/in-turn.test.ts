import { expect, it } from 'vitest';
import type { WriteSome } from '../../../../src/observability/log/writer.ts';
import { inTurn } from '../../../../src/server/workers/in-turn.ts';

/** A place that takes a few bytes at a time, is full now and then, and keeps what it took. */
function narrowPipe() {
  const taken: string[] = [];
  let count = 0;
  const write: WriteSome = (bytes, done) => {
    const full = ++count % 3 === 0;
    const piece = full ? bytes.subarray(0, 0) : bytes.subarray(0, 5);
    setImmediate(() => {
      taken.push(piece.toString('latin1'));
      done(full ? Object.assign(new Error('full'), { code: 'EAGAIN' }) : null, piece.length);
    });
  };
  return { write, text: () => taken.join('') };
}

const written = (write: WriteSome, text: string) =>
  new Promise((resolve) => write(Buffer.from(text), (error, count) => resolve([error?.message, count])));

it('keeps the lines of several writers whole and in order, however slowly they go out [workers.output]', async () => {
  const pipe = narrowPipe();
  const write = inTurn(pipe.write);
  const lines = Array.from({ length: 20 }, (_, i) => `${String(i).repeat(i + 1)}\n`);
  const outcomes = await Promise.all(lines.map((line) => written(write, line)));
  expect(pipe.text()).toBe(lines.join(''));
  expect(outcomes).toEqual(lines.map((line) => [undefined, line.length]));
});

it('says how much is out when writing fails in the middle, and fails next time [workers.output]', async () => {
  let room = 4;
  const write = inTurn((bytes, done) => {
    const count = Math.min(room, bytes.length, 3);
    room -= count;
    setImmediate(() => (count === 0 ? done(new Error('no space'), 0) : done(null, count)));
  });
  expect(await written(write, 'abcdef')).toEqual([undefined, 4]);
  expect(await written(write, 'ef')).toEqual(['no space', 0]);
  room = 2;
  expect(await written(write, 'ef')).toEqual([undefined, 2]);
});
