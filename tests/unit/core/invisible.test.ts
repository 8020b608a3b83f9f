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
    // Other scripts whose letters join, or which have viramas: Syriac, Mongolian, N'Ko, Phags-pa, Adlam, Sinhala, Khmer, Burmese.
    '\u0712\u200c\u0712',
    '\u1820\u200d\u1821',
    '\u07ca\u200c\u07cb',
    '\ua840\u200d\ua841',
    '\u{1e922}\u200c\u{1e923}',
    '\u0d9a\u0dca\u200d\u0dbb',
    '\u1780\u17d2\u200c\u1781',
    '\u1000\u1039\u200d\u1001',
    '山田\u3000太郎',
    'Möwe 灯台 مرحبا',
  ])('leaves as it is: %j', (text) => {
    expect(withoutInvisible(text)).toBe(text);
  });
});

/** Format characters that have a glyph. */
verifies.each(
  'text.visible',
  [0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6dd, 0x70f, 0x890, 0x891, 0x8e2, 0x110bd, 0x110cd],
)('the mark %i in front of a number leaves as it is', (mark) => {
  const text = `${String.fromCodePoint(mark)}\u0661`;
  expect(withoutInvisible(text)).toBe(text);
});

describe('what nobody sees', () => {
  verifies.each('text.invisible', [
    ['a run of joiners', 'می\u200c\u200cخ', 'میخ'],
    ['a joiner between Latin letters', 'a\u200db', 'ab'],
    ['a joiner between letters of scripts that do not join', '\u0f40\u200c\u0f41', '\u0f40\u0f41'],
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
