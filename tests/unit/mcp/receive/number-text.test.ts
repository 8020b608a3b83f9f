import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { isWholeNumber, numberOf } from '../../../../src/mcp/receive/number-text.ts';
import { verifies } from '../../../verifies.ts';

describe('the number of a member', () => {
  verifies('wire.ids', 'is found as it is written, in any object', () => {
    const written = fc
      .tuple(fc.maxSafeInteger(), fc.constantFrom('', '.0', '.50', 'e1', 'E+2', 'e-3', '.7e0'))
      .map(([whole, rest]) => `${whole}${rest}`);
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        written,
        fc.constantFrom('', ' ', '\n\t'),
        (others, number, gap) => {
          const { id: _, ...rest } = others;
          const text = JSON.stringify({ a: { id: 1.5 }, ...rest, id: 'HERE', b: [{ id: 2.5 }, 'id'] }, null, gap);
          expect(numberOf(text.replace('"HERE"', number), 'id')).toBe(number);
        },
      ),
    );
  });

  verifies('wire.ids', 'is none when the member is absent, or no number', () => {
    for (const text of [
      '{}',
      '{"id":"1.5"}',
      '{"id":null}',
      '{"a":{"id":1.5}}',
      '{"id":1.5,"id":"x"}',
      '{"a":"id","b":1.5}',
    ]) {
      expect(numberOf(text, 'id')).toBeUndefined();
    }
  });
});

describe('a written number', () => {
  verifies('wire.ids', 'is whole exactly if its value is', () => {
    const digits = fc.nat(10 ** 9);
    const zeros = fc.nat(12).map((count) => '0'.repeat(count));
    fc.assert(
      fc.property(
        digits,
        fc.constantFrom('', '-'),
        zeros,
        zeros,
        fc.integer({ min: -25, max: 25 }),
        (n, sign, before, after, exponent) => {
          const written = `${sign}${n}.${before}${n}${after}e${exponent}`;
          const value = BigInt(`${n}${before}${n}${after}`);
          const shift = exponent - `${before}${n}${after}`.length;
          expect(isWholeNumber(written)).toBe(shift >= 0 || value % 10n ** BigInt(-shift) === 0n);
        },
      ),
    );
  });
});
