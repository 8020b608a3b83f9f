import { describe, expect } from 'vitest';
import { Cleaner } from '../../../src/release/clean.ts';
import { verifies } from '../../verifies.ts';

const SMALL = 32 * 1024;
const TIMES = 8;

const PIECES = [
  ...['@', ' ', '"', 'a.', '\\', '-', '[', '{"a":', '%', '%3D', 'eyJ', 'eyJ.', '=', 'a=', ':', "'", '\n', '\\"', '`:`'],
  ...['{"key":', 'token:', 'token: ', 'password:[', '"password":["', '"password":"\\', 'password:\\"', '&quot;'],
  ...['bearer ', 'basic YTpi ', 'test_', '-----BEGIN A-----', '://a:', '://', ' -u ', ' -u a:', 'sk-', 'ghp_', 'SG.a'],
  ...[
    '<password>',
    '<password>a</password>',
    '</a>',
    '<key>token</key>',
    'password: |\n a\n',
    "password='''",
    '--token a',
  ],
  ...['%25', '%2525', '&amp;', '&#x22;', '\\u0022', '\\x', 'value:', '"name":"token","value":', 'token:{', "token='"],
  ...[
    'mysql -a ',
    'sshpass a ',
    'eyJhbGciOiJSUzI1NiJ9\n',
    'eyJa .\n',
    'pässwort：',
    'password',
    'password_',
    'ein Wort：“',
    '密码',
  ],
  ...['\u200d', 'ا\u200c', '👩\u200d', '山\u3000', '\u{e0041}', 'aaaaaaaa', 'secret-0 ', 'a'.repeat(150)],
];
/** One of these stands before a text of one character over and over, which a pattern may read to its end. */
const BEGINNINGS = [
  'bearer ',
  'basic ',
  'test_',
  'sk-',
  '"',
  '{"password":"',
  'https://',
  ' -u ',
  'token=',
  'eyJ',
  'password: |\n',
  'mysql ',
];

const alike = Array.from({ length: 100 }, (_, i) => `${'a'.repeat(100 + i)}b`);

/** The processor time for cleaning a text, in milliseconds: the best of three. */
function costOf(cleaner: Cleaner, text: string): number {
  const costs = [1, 2, 3].map(() => {
    const before = process.cpuUsage();
    cleaner.text(text);
    return process.cpuUsage(before).user / 1000;
  });
  return Math.min(...costs);
}

function expectLinear(cleaner: Cleaner, textOf: (length: number) => string): void {
  const small = costOf(cleaner, textOf(SMALL));
  const large = costOf(cleaner, textOf(SMALL * TIMES));
  // Quadratic time would be 64 times as long.
  expect(large).toBeLessThan(4 * TIMES * Math.max(small, 3));
}

describe.each([
  ['no secrets', new Cleaner([])],
  ['a hundred secrets that look alike', new Cleaner(alike)],
])('with %s', (_name, cleaner) => {
  verifies.each('text.linear', PIECES)('a text of %j takes time that grows with its length alone', (piece) => {
    expectLinear(cleaner, (length) => piece.repeat(length / piece.length));
  });

  verifies.each('text.linear', BEGINNINGS)('so does one that begins with %j', (beginning) => {
    for (const filler of ['a', ' ', '\\']) expectLinear(cleaner, (length) => beginning + filler.repeat(length));
  });
});
