import { describe, expect, it } from 'vitest';
import { unverified, type Verification } from '../report-promises.ts';

const test = (state: Verification['state'], ...promises: string[]): Verification => ({
  name: `a test that ${state}`,
  promises,
  state,
});
const NOTHING = { untested: [], skipped: new Map() };

describe('a run of all tests', () => {
  it('leaves nothing unverified when each promise has a test that passed', () => {
    const tests = [test('passed', 'a.b', 'a.c'), test('skipped', 'a.c'), test('passed')];
    expect(unverified(['a.b', 'a.c'], tests)).toEqual(NOTHING);
  });

  it('names promises without a test', () => {
    expect(unverified(['a.b', 'a.c'], [test('passed', 'a.c')])).toEqual({ ...NOTHING, untested: ['a.b'] });
  });

  it('names promises whose tests were all skipped, with these', () => {
    const tests = [test('skipped', 'a.b'), test('skipped', 'a.b')];
    const names = ['a test that skipped', 'a test that skipped'];
    expect(unverified(['a.b'], tests)).toEqual({ ...NOTHING, skipped: new Map([['a.b', names]]) });
  });

  it('leaves failures to those who report them', () => {
    expect(unverified(['a.b'], [test('failed', 'a.b'), test('skipped', 'a.b')])).toEqual(NOTHING);
  });
});
