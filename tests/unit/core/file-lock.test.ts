import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect } from 'vitest';
import { inTurn } from '../../../src/core/file-lock.ts';
import { thisProcess } from '../../../src/core/holder.ts';
import { verifies } from '../../verifies.ts';

const folder = mkdtempSync(join(tmpdir(), 'file-lock-'));
const path = join(folder, 'a.lock');
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => rmSync(path, { force: true, recursive: true }));

const never = () => new AbortController().signal;
const here = thisProcess();
const elsewhere = JSON.stringify({ ...here, place: 'before the machine was started again' });

verifies.each('hosted.refresh', [
  ['of a process that has ended', JSON.stringify({ ...here, pid: 2 ** 30, started: 'never' })],
  ['of another start of the machine, which nobody renews', elsewhere],
  ['that was written in part', ''],
] as const)('a lock is taken over: %s', async (_, content) => {
  writeFileSync(path, content);
  expect(await inTurn(path, { signal: never(), watchMs: 100 }, async () => 'done')).toBe('done');
  expect(readdirSync(folder)).toEqual([]);
});

verifies.each('hosted.refresh', [
  ['of this process', JSON.stringify(here)],
  ['of another start of the machine, while it is watched', elsewhere],
] as const)('a lock is waited for until the signal: %s', async (_, content) => {
  writeFileSync(path, content);
  const waiting = new AbortController();
  const turn = inTurn(path, { signal: waiting.signal }, async () => 'done');
  setImmediate(() => waiting.abort(new Error('waited')));
  await expect(turn).rejects.toThrow('waited');
  expect(readdirSync(folder)).toEqual(['a.lock']);
});

verifies('hosted.refresh', 'a lock of this process that nobody holds any more is taken over', async () => {
  let own = '';
  await inTurn(path, { signal: never() }, async () => {
    own = readFileSync(path, 'utf8');
    const waiting = new AbortController();
    const second = { signal: waiting.signal, onWait: () => waiting.abort(new Error('waited')) };
    await expect(inTurn(path, second, async () => 'done')).rejects.toThrow('waited');
  });
  // As by somebody who had moved it aside, and puts it back.
  writeFileSync(path, own);
  const waiting = new AbortController();
  const onWait = () => waiting.abort(new Error('waited'));
  expect(await inTurn(path, { signal: waiting.signal, onWait }, async () => 'done')).toBe('done');
  expect(readdirSync(folder)).toEqual([]);
});

verifies('hosted.refresh', 'one after the other is at work', async () => {
  let atWork = 0;
  const works = Array.from({ length: 5 }, () =>
    inTurn(path, { signal: never() }, async () => {
      atWork++;
      await new Promise(setImmediate);
      return atWork--;
    }),
  );
  expect(await Promise.all(works)).toEqual([1, 1, 1, 1, 1]);
  expect(readdirSync(folder)).toEqual([]);
});

verifies('hosted.refresh', 'whoever waits is told once, and the lock is free when the work has failed', async () => {
  let told = 0;
  let fail: (error: Error) => void = () => undefined;
  const first = inTurn(path, { signal: never() }, () => new Promise<never>((_, reject) => (fail = reject)));
  await expect.poll(() => readdirSync(folder)).toEqual(['a.lock']);
  const onWait = () => {
    told += 1;
    fail(new Error('failed'));
  };
  const second = inTurn(path, { signal: never(), onWait }, async () => 'done');
  await expect(first).rejects.toThrow('failed');
  expect(await second).toBe('done');
  expect(told).toBe(1);
});

verifies.each('hosted.refresh', [
  ['a link to what never ends', () => symlinkSync('/dev/zero', path)],
  ['a folder', () => mkdirSync(path)],
] as const)('what is no lock is neither read nor waited for: %s', async (_, leave) => {
  leave();
  await expect(inTurn(path, { signal: never() }, async () => 'done')).rejects.toThrow('is no lock');
});

verifies(
  'hosted.refresh',
  'locks that are left over again and again stop nobody, and let nobody in twice',
  async () => {
    let atWork = 0;
    let most = 0;
    const dead = { ...here, pid: 2 ** 30, started: 'never' };
    for (let round = 0; round < 20; round++) {
      writeFileSync(path, JSON.stringify({ ...dead, round }));
      const works = Array.from({ length: 4 }, () =>
        inTurn(path, { signal: never() }, async () => {
          atWork++;
          most = Math.max(most, atWork);
          await new Promise(setImmediate);
          atWork--;
        }),
      );
      await Promise.all(works);
    }
    expect({ most, left: readdirSync(folder) }).toEqual({ most: 1, left: [] });
  },
);
