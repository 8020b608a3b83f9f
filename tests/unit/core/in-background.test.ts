import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inBackground } from '../../../src/core/in-background.ts';

/** A hundred pieces, and how many of them are done. */
function pieces() {
  const work = { done: 0 };
  function* each() {
    for (; work.done < 100; work.done++) yield;
  }
  return { work, each };
}

describe('work in the background', () => {
  it('is done whole, and lets others go on between its pieces', async () => {
    const { work, each } = pieces();
    const seen: number[] = [];
    let isDone = false;
    const doing = inBackground(each(), new AbortController().signal).then(() => {
      isDone = true;
    });
    for (; !isDone; await nextTurn()) seen.push(work.done);
    await doing;
    expect(work.done).toBe(100);
    expect(new Set(seen).size).toBeGreaterThan(50);
  });

  it('ends when it is told to', async () => {
    const { work, each } = pieces();
    const stopping = new AbortController();
    const doing = inBackground(each(), stopping.signal);
    await nextTurn();
    stopping.abort();
    await doing;
    expect(work.done).toBeLessThan(5);
  });
});
