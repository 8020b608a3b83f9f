import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { within } from '../../../src/core/within.ts';

describe('within', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('yields what the promise yields, and leaves no timer behind', async () => {
    expect(await within(1_000, Promise.resolve('done'))).toBe('done');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('fails as the promise does, and leaves no timer behind', async () => {
    await expect(within(1_000, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives up when the time is over, and heeds no failure after that', async () => {
    let fail: (error: Error) => void = () => undefined;
    const slow = new Promise<string>((_resolve, reject) => {
      fail = reject;
    });
    const waited = within(1_000, slow);
    await vi.advanceTimersByTimeAsync(999);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await waited).toBeUndefined();
    fail(new Error('too late'));
    await vi.advanceTimersByTimeAsync(0);
  });
});
