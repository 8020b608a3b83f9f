import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutObject } from '../../../src/release/long-object.ts';
import { verifies } from '../../verifies.ts';

const TOOLS = Array.from({ length: 100 }, (_, i) => `gmail_do_something_useful_${i}`);
const mappings = (count: number, tools = TOOLS) =>
  Array.from({ length: count }, (_, i) => ({ connection_name: `connection-${i}`, tools }));

describe('a long object', () => {
  it('stays whole while it fits', () => {
    const data = { config: { id: 'cfg_1', connection_tool_mappings: mappings(2) } };
    expect(cutObject(data, 10_000)).toEqual({ data, text: JSON.stringify(data) });
  });

  verifies('result.budget', 'loses entries of its longest list, the others whole, and says so', () => {
    const all = mappings(25);
    const { data, text } = cutObject(
      { config: { id: 'cfg_1', connection_tool_mappings: all, tags: ['a', 'b'] } },
      25_000,
    );
    const { connection_tool_mappings: kept, ...rest } = data['config'] as { connection_tool_mappings: unknown[] };
    expect(text.length).toBeLessThanOrEqual(25_000);
    expect(text).toBe(JSON.stringify(data));
    expect(data['truncated']).toBe(true);
    expect(rest).toEqual({ id: 'cfg_1', tags: ['a', 'b'] });
    expect(kept).toEqual(all.slice(0, kept.length));
    expect(kept.length).toBeGreaterThan(5);
  });

  verifies('result.budget', 'goes into an only entry, and never leaves a list empty', () => {
    const { data, text } = cutObject({ config: { connection_tool_mappings: mappings(1) } }, 1_000);
    const [mapping] = (data['config'] as { connection_tool_mappings: { tools: string[] }[] }).connection_tool_mappings;
    expect(text.length).toBeLessThanOrEqual(1_000);
    expect(mapping?.tools.length).toBeGreaterThan(10);
    const { data: least } = cutObject({ config: { connection_tool_mappings: mappings(3) } }, 10);
    expect(least).toEqual({ config: { connection_tool_mappings: mappings(1, TOOLS.slice(0, 1)) }, truncated: true });
  });

  verifies('result.whole', 'keeps a member called __proto__ of a map that loses others', () => {
    const members = Array.from({ length: 200 }, (_, i) => `"k${i}":"v"`);
    const { text } = cutObject(JSON.parse(`{"map":{"__proto__":{"a":1},${members.join(',')}}}`), 1_000);
    expect(text.length).toBeLessThanOrEqual(1_000);
    expect(text).toMatch(/^\{"map":\{"__proto__":\{"a":1\},"k0":"v",/);
  });

  it('says nothing when there is nothing to leave out, and leaves what it was given alone', () => {
    const data = { name: 'x'.repeat(100), list: ['x'.repeat(100)] };
    expect(cutObject(data, 50)).toEqual({ data, text: JSON.stringify(data) });
    const given = { list: ['a'.repeat(50), 'b'.repeat(50)] };
    const before = structuredClone(given);
    expect(cutObject(given, 90).data).toEqual({ list: ['a'.repeat(50)], truncated: true });
    expect(given).toEqual(before);
  });

  it('always fits or is at its shortest', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(300), (value, budget) => {
        const given = JSON.parse(JSON.stringify(value));
        const { data, text } = cutObject(given, budget);
        expect(text).toBe(JSON.stringify(data));
        if (text !== JSON.stringify(given)) expect(data['truncated']).toBe(true);
        if (text.length > budget) expect(Math.max(0, ...lengths(data))).toBeLessThan(2);
      }),
    );
  });
});

describe('many lists', () => {
  /** The processor time for that many small lists, in milliseconds: the best of three, unless the first will do. */
  const costOf = (count: number, enough: number) => {
    const data = { metadata: Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, [1, 2, 3]])) };
    const once = () => cpuMs(() => cutObject(data, 2_500));
    const first = once();
    return first < enough ? first : Math.min(first, once(), once());
  };

  verifies('text.linear', 'are cut in time that grows with their number alone', () => {
    let allowed = 10 * Math.max(costOf(1_250, 0), 5);
    // From few to many, so that what takes the square of the time ends soon, too.
    for (const count of [5_000, 20_000, 80_000]) {
      const cost = costOf(count, allowed);
      // Four times as many. The square would be 16 times as long.
      expect(cost, `${count} lists`).toBeLessThan(allowed);
      allowed = 10 * Math.max(cost, 5);
    }
  });

  verifies('text.linear', 'inside each other are cut as well', () => {
    let nested: unknown = Array(20_000).fill(1);
    for (let level = 0; level < 60; level++) nested = [nested, 1];
    const { text } = cutObject(JSON.parse(JSON.stringify({ nested })), 1_000);
    expect(text.length).toBeLessThanOrEqual(1_000);
  });
});

function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  return process.cpuUsage(before).user / 1000;
}

/** Of every list inside. */
function lengths(value: unknown): number[] {
  if (typeof value !== 'object' || value === null) return [];
  return [...(Array.isArray(value) ? [value.length] : []), ...Object.values(value).flatMap(lengths)];
}
