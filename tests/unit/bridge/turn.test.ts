import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect } from 'vitest';
import { inTurn } from '../../../src/bridge/turn.ts';
import { thisProcess } from '../../../src/observability/audit/holder.ts';
import { verifies } from '../../verifies.ts';

const folder = mkdtempSync(join(tmpdir(), 'turn-'));
const path = join(folder, 'a.lock');
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => rmSync(path, { force: true }));

const never = () => new AbortController().signal;
const here = thisProcess();
const elsewhere = JSON.stringify({ ...here, place: 'before the machine was started again' });
const HOUR_MS = 3_600_000;

/** Leaves a lock that was last renewed so long ago. */
function leave(content: string, agoMs: number): void {
  writeFileSync(path, content);
  const at = new Date(Date.now() - agoMs);
  utimesSync(path, at, at);
}

verifies.each('hosted.refresh', [
  ['of a process that has ended', JSON.stringify({ ...here, pid: 2 ** 30, started: 'never' }), 0],
  ['of another start of the machine, long ago', elsewhere, HOUR_MS],
  ['of another start, from the time of another clock', elsewhere, -HOUR_MS],
  ['that was written in part, long ago', '', HOUR_MS],
] as const)('a lock is taken over: %s', async (_, content, ago) => {
  leave(content, ago);
  expect(await inTurn(path, never(), async () => 'done')).toBe('done');
  expect(readdirSync(folder)).toEqual([]);
});

verifies.each('hosted.refresh', [
  ['of this process, however old', JSON.stringify(here), HOUR_MS],
  ['of another start of the machine that was renewed just now', elsewhere, 0],
] as const)('a lock is waited for: %s', async (_, content, ago) => {
  leave(content, ago);
  const waiting = new AbortController();
  const turn = inTurn(path, waiting.signal, async () => 'done');
  setImmediate(() => waiting.abort(new Error('waited')));
  await expect(turn).rejects.toThrow();
  expect(readdirSync(folder)).toEqual(['a.lock']);
});

verifies('hosted.refresh', 'one after the other is at work', async () => {
  let atWork = 0;
  const works = Array.from({ length: 5 }, () =>
    inTurn(path, never(), async () => {
      atWork++;
      await new Promise(setImmediate);
      return atWork--;
    }),
  );
  expect(await Promise.all(works)).toEqual([1, 1, 1, 1, 1]);
});
