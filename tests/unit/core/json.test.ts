import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, isDeeperThan, MAX_DEPTH, parseJson } from '../../../src/core/json.ts';

describe('parseJson', () => {
  it.each([
    ['{"a":[1,null]}', { a: [1, null] }],
    ['null', null],
    [' "text" ', 'text'],
  ])('reads %s', (text, value) => {
    expect(parseJson(text)).toEqual(value);
  });

  it.each(['', 'undefined', '{"a":1', '<html>', '{"a":1} {"b":2}'])('yields nothing for %j', (text) => {
    expect(parseJson(text)).toBeUndefined();
  });
});

describe('isDeeperThan', () => {
  const nested = (levels: number) => parseJson(`${'[{"a":'.repeat(levels / 2)}0${'}]'.repeat(levels / 2)}`);

  it('counts objects and arrays, and not what they hold', () => {
    expect(isDeeperThan('text', 0)).toBe(false);
    expect(isDeeperThan([], 0)).toBe(true);
    expect(isDeeperThan([{ a: 1 }], 2)).toBe(false);
    expect(isDeeperThan([1, { a: [] }], 2)).toBe(true);
    expect(isDeeperThan(nested(MAX_DEPTH), MAX_DEPTH)).toBe(false);
    expect(isDeeperThan(nested(MAX_DEPTH + 2), MAX_DEPTH)).toBe(true);
  });

  it('looks no deeper than that, so that no depth makes it fail', () => {
    expect(isDeeperThan(nested(50_000), MAX_DEPTH)).toBe(true);
  });
});

describe('canonicalJson', () => {
  it('orders members by name at every depth, and leaves lists as they are', () => {
    expect(canonicalJson({ b: [{ z: 1, y: 2 }, 'x'], a: null, 10: true, 9: false })).toBe(
      '{"10":true,"9":false,"a":null,"b":[{"y":2,"z":1},"x"]}',
    );
  });

  it('takes a member that is undefined for one that is not there', () => {
    expect(canonicalJson({ a: undefined, b: [undefined] })).toBe('{"b":[null]}');
  });

  it('keeps a member called __proto__', () => {
    expect(canonicalJson(parseJson('{"b":1,"__proto__":{"a":1}}'))).toBe('{"__proto__":{"a":1},"b":1}');
  });

  it('says the same of the same value, whatever the order of its members, and reads back as it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(parseJson(text)).toEqual(parseJson(JSON.stringify(value)));
        expect(canonicalJson(reversed(value))).toBe(text);
      }),
    );
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
}
