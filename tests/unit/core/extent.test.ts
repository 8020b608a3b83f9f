import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excessOf, MAX_VALUES, parsedSize } from '../../../src/core/extent.ts';
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
    const call = (levels: number) => `{"method":"tools/call","params":{"arguments":${nested(levels - 2, filled)}}}`;
    expect(excessOf(call(MAX_DEPTH - 1))).toBeUndefined();
    expect(() => parseMessage(call(MAX_DEPTH - 1))).not.toThrow();
    expect(() => parseMessage(call(MAX_DEPTH))).toThrow('deeper than');
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

describe('what a message holds beside the arguments of a call', () => {
  const many = (count: number) => Array.from({ length: count }, () => 1);
  const write = (method: string, params: unknown, others: object = {}) =>
    JSON.stringify({ jsonrpc: '2.0', id: 7, method, params, ...others });

  verifies.each<[string, (values: unknown) => string]>('wire.extent', [
    ['initialize', (values) => write('initialize', { clientInfo: { name: 'x', version: '1', icons: values } })],
    ['capabilities', (values) => write('initialize', { capabilities: { experimental: { x: values } } })],
    ['metadata of a call', (values) => write('tools/call', { name: 'whoami', arguments: {}, _meta: { x: values } })],
    ['members of a call', (values) => write('tools/call', { name: 'whoami', other: values })],
    ['arguments of a prompt', (values) => write('prompts/get', { name: 'x', arguments: { values } })],
    ['a completion', (values) => write('completion/complete', { context: { arguments: { values } } })],
    ['no parameters', (values) => write('ping', values)],
    ['members of no meaning', (values) => write('tools/call', { arguments: {} }, { other: values })],
    ['a call of no object', (values) => write('tools/call', [values])],
    ['members that are not values', (values) => write('x/y', { x: (values as number[]).map(() => ({})) })],
  ])('is at most five hundred values: %s', (_what, message) => {
    expect(() => parseMessage(message(many(600)))).toThrow('more than 500 values beside the arguments of a tool call');
    expect(() => parseMessage(message(many(400)))).not.toThrow();
  });

  verifies('wire.extent', 'has nothing to do with the arguments of a tool call', () => {
    const text = write('tools/call', { name: 'x', arguments: { values: many(9_000) }, _meta: { values: many(400) } });
    expect(() => parseMessage(text)).not.toThrow();
  });
});

verifies.each<[string, string]>('limits.bodies', [
  ['objects', '{}'],
  ['lists', '[]'],
  ['numbers', '1'],
  ['objects with a name of their own', '{"%":1}'],
  ['texts', '"%"'],
])('the memory of a parsed message is not taken for less than it is: %s', (_what, entry) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const texts = Array.from({ length: 40 }, (_, i) => {
    const entries = Array.from({ length: 4_000 }, (_each, j) => entry.replace('%', `${i}x${j}`));
    return `[${entries.join(',')}]`;
  });
  collect();
  const before = process.memoryUsage().heapUsed;
  const parsed = texts.map((text) => JSON.parse(text));
  collect();
  const taken = process.memoryUsage().heapUsed - before;
  const reckoned = texts.reduce((sum, text) => sum + parsedSize(text, text.length), 0);
  expect(parsed).toHaveLength(40);
  expect(taken).toBeLessThan(reckoned);
});
