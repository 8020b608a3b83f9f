import { describe, expect } from 'vitest';
import { NO_OWN_LIMITS } from '../../../src/access/argument-limits.ts';
import { withoutInvisible } from '../../../src/core/invisible.ts';
import { refuseUnbounded } from '../../../src/run/bounds.ts';
import { verifies } from '../../verifies.ts';

describe('what people see', () => {
  verifies.each('text.visible', [
    '\u06dd\u0661',
    'می\u200cخواهم',
    '👨\u200d👩\u200d👧',
    '👩🏽\u200d💻',
    '🏳\ufe0f\u200d🌈',
    'ന\u0d4d\u200dമ',
    'അവന\u0d4d\u200d',
    'क\u094d\u200dष',
    '山田\u3000太郎',
    'Möwe 灯台 مرحبا',
  ])('leaves as it is: %j', (text) => {
    expect(withoutInvisible(text)).toBe(text);
  });
});

describe('what nobody sees', () => {
  verifies.each('text.invisible', [
    ['a run of joiners', 'می\u200c\u200cخ', 'میخ'],
    ['a joiner between Latin letters', 'a\u200db', 'ab'],
    ['a joiner at the beginning', '\u200cمی', 'می'],
    ['a joiner at the end', 'می\u200c', 'می'],
    ['a lone variation selector', 'a\ufe0fb', 'ab'],
    ['blank letters', 'a\u{16fe4}\u{1d159}\u2800b', 'ab'],
    ['private use', 'a\ue000\u{f0000}b', 'ab'],
    ['what is not assigned', 'a\u0378b', 'ab'],
    ['an object replacement', 'a\ufffcb', 'ab'],
    ['blanks of other widths', 'a\u2003b\u00a0c\u3000d', 'a b c d'],
  ])('does not leave: %s', (_name, text, expected) => {
    expect(withoutInvisible(text)).toBe(expected);
  });
});

verifies.each('arguments.characters', ['A\u0000B', 'a\u001b[0m', '\u009b', '\ud800'])('are refused: %j', (text) => {
  for (const args of [{ a: text }, { a: { b: [text] } }]) {
    expect(() => refuseUnbounded(args, NO_OWN_LIMITS)).toThrow(/control characters|well-formed/);
  }
  expect(() => refuseUnbounded({ a: 'b\r\n\tc' }, NO_OWN_LIMITS)).not.toThrow();
});
