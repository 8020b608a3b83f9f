import { expect, it } from 'vitest';
import { boundedMap } from '../../../src/core/bounded-map.ts';
import { verifies } from '../../verifies.ts';

verifies('limits.memory', 'a bounded map forgets what was used longest ago, and tells', () => {
  const left: [string, number, string][] = [];
  const map = boundedMap<string, number>(2, (value, key, reason) => left.push([key, value, reason]));
  map.set('a', 1).set('b', 2);
  expect(map.get('a')).toBe(1);
  map.set('c', 3);
  expect([map.get('a'), map.get('b'), map.get('c'), map.size]).toEqual([1, undefined, 3, 2]);
  expect(left).toEqual([['b', 2, 'evict']]);
});

it('allocates nothing for entries that it does not hold', () => {
  const before = process.memoryUsage();
  const maps = Array.from({ length: 20 }, () => boundedMap<string, number>(100_000));
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  // Arrays for so many entries would take 50 MB.
  expect(arrayBuffers + heapUsed - before.arrayBuffers - before.heapUsed).toBeLessThan(5_000_000);
  expect(maps).toHaveLength(20);
});
