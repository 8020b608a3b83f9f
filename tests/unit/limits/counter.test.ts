import { RateLimiterRes } from 'rate-limiter-flexible';
import { afterEach, beforeEach, describe, expect, vi } from 'vitest';
import { memoryCounter, spentOf } from '../../../src/limits/counter.ts';
import { verifies } from '../../verifies.ts';

const ALLOWANCE = { points: 2, seconds: 60 };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a store of counts', () => {
  verifies.each<[number, number]>('limits.redis', [
    [Number.NaN, 1_000],
    [-3, 1_000],
    [0, 1_000],
    [1.5, 1_000],
    [Number.POSITIVE_INFINITY, 1_000],
    [1, Number.NaN],
    [1, 100_000_000_000],
  ])('is taken for lost where it says what no count can be: %d points, %d ms', (points, ms) => {
    expect(() => spentOf(new RateLimiterRes(0, ms, points, false), ALLOWANCE)).toThrow('what is no count');
  });

  verifies('limits.redis', 'is believed otherwise', () => {
    const spent = spentOf(new RateLimiterRes(0, 60_000, 3, false), ALLOWANCE);
    expect(spent).toEqual({ isOver: true, left: 0, closesInMs: 60_000 });
  });
});

describe('the counter in this process', () => {
  verifies('limits.rate', 'says what is left, and how long the window stays open', async () => {
    const counter = memoryCounter(ALLOWANCE);
    expect(await counter.spend('a', 1)).toEqual({ isOver: false, left: 1, closesInMs: 60_000 });
    expect(await counter.spend('a', 1)).toEqual({ isOver: false, left: 0, closesInMs: 60_000 });
    vi.advanceTimersByTime(10_000);
    expect(await counter.spend('a', 1)).toEqual({ isOver: true, left: 0, closesInMs: 50_000 });
    expect(await counter.spend('b', 3)).toEqual({ isOver: true, left: 0, closesInMs: 60_000 });
    vi.advanceTimersByTime(50_000);
    expect(await counter.spend('a', 2)).toEqual({ isOver: false, left: 0, closesInMs: 60_000 });
  });

  verifies('limits.memory', 'forgets the window that closes next rather than hold more keys than it may', async () => {
    const counter = memoryCounter(ALLOWANCE, 3);
    for (const key of ['a', 'b', 'c']) {
      expect((await counter.spend(key, 2)).isOver).toBe(false);
      vi.advanceTimersByTime(1);
    }
    expect((await counter.spend('d', 2)).isOver).toBe(false);
    // Known are b, c and d.
    for (const key of ['b', 'c', 'd']) expect((await counter.spend(key, 1)).isOver).toBe(true);
    expect((await counter.spend('a', 2)).isOver).toBe(false);
  });

  verifies('limits.memory', 'keeps a window that has opened again after younger ones', async () => {
    const counter = memoryCounter(ALLOWANCE, 2);
    await counter.spend('a', 1);
    vi.advanceTimersByTime(30_000);
    await counter.spend('b', 2);
    vi.advanceTimersByTime(30_000);
    await counter.spend('a', 2);
    await counter.spend('c', 1);
    expect((await counter.spend('a', 1)).isOver).toBe(true);
  });

  verifies('limits.memory', 'holds a bounded number of timers, however many callers come', async () => {
    const counter = memoryCounter(ALLOWANCE, 100);
    for (let i = 0; i < 10_000; i++) await counter.spend(`key-${i}`, 1);
    expect(vi.getTimerCount()).toBe(100);
  });
});
