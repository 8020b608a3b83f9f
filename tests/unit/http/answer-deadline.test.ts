import { describe, expect } from 'vitest';
import { AnswerDeadline } from '../../../src/http/answer-deadline.ts';
import { verifies } from '../../verifies.ts';

/** A deadline of 60 seconds and one more for each 1000 bytes, and a socket that it watches. */
function watched() {
  const deadline = new AnswerDeadline({ timeoutMs: 60_000, bytesPerSecond: 1_000 });
  const backlog = { bytesWritten: 0, writableLength: 0 };
  return {
    give: (bytes: number) => {
      backlog.bytesWritten += bytes;
      backlog.writableLength += bytes;
    },
    take: (bytes: number) => {
      backlog.writableLength -= bytes;
    },
    isOverAt: (seconds: number) => deadline.isOver(backlog, seconds * 1000),
  };
}

describe('the time of an answer', () => {
  verifies('connection.unread', 'begins when something has to wait, and depends on how much', () => {
    const { give, isOverAt } = watched();
    expect(isOverAt(1_000)).toBe(false);
    give(30_000);
    expect([1_001, 1_061, 1_090.9, 1_091].map(isOverAt)).toEqual([false, false, false, true]);
  });

  verifies('connection.unread', 'ends when all has left, and the next answer has a time of its own', () => {
    const { give, take, isOverAt } = watched();
    give(1_000);
    expect(isOverAt(0)).toBe(false);
    take(1_000);
    expect(isOverAt(61)).toBe(false);
    give(1_000);
    expect([62, 122.9, 123].map(isOverAt)).toEqual([false, false, true]);
  });

  verifies(
    'connection.unread',
    'begins anew with each part that has left, for answers that are long in the making',
    () => {
      const { give, take, isOverAt } = watched();
      give(1_000);
      expect(isOverAt(0)).toBe(false);
      take(1_000);
      give(1_000);
      expect([60, 120.9, 121].map(isOverAt)).toEqual([false, false, true]);
    },
  );
});
