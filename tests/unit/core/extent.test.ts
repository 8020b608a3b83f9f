import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excessOf, MAX_VALUES } from '../../../src/core/extent.ts';
import { MAX_DEPTH } from '../../../src/core/json.ts';
import { parseMessage } from '../../../src/mcp/receive/parse.ts';
import { verifies } from '../../verifies.ts';

const message = (inside: string) => `{"jsonrpc":"2.0","id":1,"method":"ping","params":${inside}}`;
const objects = (count: number) => message(`{"x":[${Array(count).fill('{}').join(',')}]}`);
const nested = (levels: number, inside: string) => `${'{"a":'.repeat(levels)}${inside}${'}'.repeat(levels)}`;

describe('a large message', () => {
  verifies.each('wire.extent', [
    ['objects', objects(340_000)],
    ['numbers', message(`[${'1,'.repeat(MAX_VALUES)}1]`)],
    ['members', message(`{${Array.from({ length: 90_000 }, (_, i) => `"k${i}":1`).join(',')}}`)],
    ['lists in a row', message(`[${'[],'.repeat(MAX_VALUES)}[]]`)],
  ])('of too many %s is refused before it is parsed', (_, text) => {
    expect(excessOf(text)).toBe('many');
    expect(() => parseMessage(text)).toThrow(`holds more than ${MAX_VALUES} values`);
    // What cannot be parsed at all is refused for the same reason: nobody has tried.
    expect(() => parseMessage(text.slice(0, -1))).toThrow('holds more than');
  });

  verifies.each('wire.extent', [
    ['lists', '['.repeat(500_000) + ']'.repeat(500_000)],
    ['objects', nested(170_000, '1')],
    ['lists in objects', nested(30, '['.repeat(36) + ']'.repeat(36)).padEnd(30_000)],
  ])('of %s that are nested too deep is refused before it is parsed', (_, text) => {
    expect(excessOf(text)).toBe('deep');
    expect(() => parseMessage(text)).toThrow(`deeper than ${MAX_DEPTH} levels`);
  });

  it('may hold long texts, whatever they look like', () => {
    for (const part of ['[{,', '\\"[', '\\\\', 'x', '",'.replace('"', '\\"')]) {
      const text = message(`{"name":"${part.repeat(20_000)}"}`);
      expect(excessOf(text)).toBeUndefined();
      expect(parseMessage(text)).toEqual(JSON.parse(text));
    }
  });

  verifies('wire.extent', 'may be as deep, and hold as much, as is allowed', () => {
    const filled = `[${Array(MAX_VALUES - 100)
      .fill('12')
      .join(',')}]`;
    expect(excessOf(nested(MAX_DEPTH - 1, filled))).toBeUndefined();
    expect(() => parseMessage(nested(MAX_DEPTH - 1, filled))).not.toThrow();
    expect(() => parseMessage(nested(MAX_DEPTH, filled))).toThrow('deeper than');
  });
});

it('what passes the look at its text holds no more than is allowed, and nothing within is refused', () => {
  const padding = 'x'.repeat(2 * MAX_VALUES);
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 12 }), (value) => {
      expect(excessOf(JSON.stringify({ padding, value }))).toBeUndefined();
    }),
  );
});
