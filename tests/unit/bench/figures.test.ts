import { describe, expect, it } from 'vitest';
import { goalsOf } from '../../../bench/findings.ts';
import { type Goal, goalRow, isMet } from '../../../bench/goals.ts';
import { Random } from '../../../bench/load/random.ts';
import { median, quantile } from '../../../bench/statistics.ts';
import { tableOf } from '../../../bench/table.ts';
import { verifies } from '../../verifies.ts';

describe('a quantile', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);

  it.each([
    [0, 1],
    [0.5, 50],
    [0.99, 99],
    [1, 100],
  ])('of 1 to 100 at %d is %d', (fraction, value) => {
    expect(quantile(hundred, fraction)).toBe(value);
  });

  it('is one of the values, in order of size, and no number where there are none', () => {
    expect(median([10, 9, 100])).toBe(10);
    expect(median([4, 1])).toBe(1);
    expect(median([])).toBeNaN();
  });
});

describe('a goal', () => {
  const goal = (rest: Partial<Goal>): Goal => ({ name: 'it', measured: 1, ...rest });

  verifies.each('bench.goals', [
    [goal({ atLeast: 1 }), true],
    [goal({ atLeast: 1.01 }), false],
    [goal({ atMost: 1 }), true],
    [goal({ atMost: 0.99 }), false],
    [goal({ atLeast: 1, atMost: 1 }), true],
    [goal({ atLeast: 1, atMost: 1, measured: 1.001 }), false],
    [goal({ atMost: 5, measured: Number.NaN }), false],
  ])('%j is met: %s', (tried, met) => {
    expect(isMet(tried)).toBe(met);
    expect(goalRow(tried)['']).toBe(met ? 'ok' : 'missed');
  });

  verifies('bench.goals', 'that nobody has measured says so', () => {
    expect(goalRow(goal({ atLeast: 2, unit: 'ms', measured: Number.NaN }))).toMatchObject({
      wanted: '≥ 2 ms',
      measured: 'not measured',
    });
  });
});

verifies('bench.goals', 'what was left out of a measurement counts as missed', () => {
  const nothing = { cells: [], growth: undefined, startup: undefined, scaling: undefined, selections: undefined };
  const goals = goalsOf({
    ...nothing,
    peakMb: 1,
    waitedSeconds: 0,
    verifyMicroseconds: Number.NaN,
    chargeMicroseconds: Number.NaN,
    traceMicroseconds: undefined,
  });
  expect(goals.length).toBeGreaterThan(15);
  expect(goals.filter(isMet)).toEqual([]);
});

it('a table has numbers to the right, text to the left, and gaps where a row has nothing', () => {
  const rows = [
    { what: 'a', value: 1 },
    { what: 'longer', value: 1000, more: 'x' },
  ];
  expect(tableOf(rows)).toBe(['what    value  more', 'a           1', 'longer   1000  x'].join('\n'));
});

describe('a random choice', () => {
  const drawn = (seed: number) => {
    const random = new Random(seed);
    return Array.from({ length: 1000 }, () => random.weighted(['often', 'seldom'], (it) => (it === 'often' ? 9 : 1)));
  };

  it('is the same for the same seed, and another one for another', () => {
    expect(drawn(7)).toEqual(drawn(7));
    expect(drawn(7)).not.toEqual(drawn(8));
  });

  it('heeds weights', () => {
    const often = drawn(7).filter((choice) => choice === 'often').length;
    expect(often).toBeGreaterThan(850);
    expect(often).toBeLessThan(950);
  });
});
