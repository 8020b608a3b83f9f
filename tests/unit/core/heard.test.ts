import { afterEach, describe, expect, it, vi } from 'vitest';
import { heard, NotHeard } from '../../../src/core/heard.ts';

describe('an answer from elsewhere', () => {
  afterEach(() => vi.useRealTimers());

  it('is given up when the wait was too long', async () => {
    vi.useFakeTimers();
    const waiting = heard(500, new Promise(() => undefined));
    const over = expect(waiting).rejects.toThrow(NotHeard);
    await vi.advanceTimersByTimeAsync(500);
    await over;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends the wait, whether it is good or bad', async () => {
    vi.useFakeTimers();
    expect(await heard(500, Promise.resolve(1))).toBe(1);
    await expect(heard(500, Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is heard by a process that was too busy to listen', async () => {
    // What arrives is read after the timers that are due: as long as the process is busy, both wait.
    const answer = new Promise((resolve) => setImmediate(resolve, 'arrived long ago'));
    const waiting = heard(20, answer);
    const until = performance.now() + 60;
    while (performance.now() < until);
    expect(await waiting).toBe('arrived long ago');
  });
});
