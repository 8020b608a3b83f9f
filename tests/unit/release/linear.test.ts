import { describe, expect } from 'vitest';
import { ToolError } from '../../../src/core/errors.ts';
import { cleanEncoded } from '../../../src/observability/encoded.ts';
import { Cleaner } from '../../../src/release/clean.ts';
import { releaseFailure } from '../../../src/release/failure.ts';
import { KnownSecrets } from '../../../src/release/known-secrets.ts';
import { verifies } from '../../verifies.ts';

/*
 * Texts of the form beginning + unit, over and over + end. The time of each is measured once. Those that take much longer
 * than the others are measured again, at that length and at eight times that length.
 */

const UNITS = [
  ...[
    '@',
    ' ',
    '\n',
    '"',
    "'",
    '`',
    '\\',
    '-',
    '_',
    '.',
    ',',
    ';',
    ':',
    '=',
    '%',
    '/',
    '?',
    '&',
    '~',
    '<',
    '>',
    '[',
    ']',
  ],
  ...['{', '}', 'a', '1', 'd', 'k', 'kty', 'type', 'null', '%3D', '%22', '%25', '&quot;', '\\"', '\u200d', '山\u3000'],
  ...[
    'secret',
    'secrets',
    'token',
    'password:',
    '"d":',
    'eyJ',
    '://',
    '-u ',
    'bearer',
    'basic ',
    'test_',
    'sk-',
    'SG.',
  ],
  ...['authorization:', '?code=', '-----BEGIN A-----', '-----END A-----', 'pwd=', 'aaaaaaaa', 'secret-0 '],
];
const LONGER_UNITS = [
  ...['"d":k', '{"a":', '{"key":', '\\"key\\":\\"', 'token: ', 'password:[', '"password":["', '"password":"\\', '`:`'],
  ...['<password>', '<password>a</password>', '</a>', '<key>token</key>', 'password: |\n a\n', "password='''"],
  ...['--token a', '%2525', '&amp;', '&#x22;', '\\u0022', '\\x', '"name":"token","value":', 'token:{', "token='", 'a='],
  ...[
    'mysql -a ',
    'password**:',
    'cookie: ="',
    'val:|\n ',
    '://a@',
    '://aaaaaaaaaaaaaaaa1',
    'auth:',
    'auth: aaaaaaaa',
    'login a password ',
    "password '",
    'identified by ',
    'ENV A ',
    '\nENV PASSWORD ',
    'password->',
    'password: string = ',
    'sshpass a ',
    'eyJhbGciOiJSUzI1NiJ9\n',
    'eyJa .\n',
    'pässwort：',
    'password_',
    'ein Wort：“',
    '密码',
  ],
  ...[
    '%25252541',
    '%5C%22',
    'basic YTpi ',
    '://a:',
    ' -u a:',
    'ghp_',
    'ا\u200c',
    '👩\u200d',
    '\u{e0041}',
    'a'.repeat(150),
  ],
];
const BEGINNINGS = [
  ...['secret:', 'secret:{', 'secrets:[', 'secret:"', '"secret":{"', '{"password":"', '"kty":"', 'authorization: '],
  ...['bearer ', 'basic ', 'test_', 'sk-', 'https://', ' -u ', 'token=', '-----BEGIN A-----'],
  ...['password: |\n', 'mysql ', '<password>'],
];
const ENDS = ['"', '}', '@', '%25252541', '\\'];

const pairs = UNITS.flatMap((first) => UNITS.map((second) => first + second));

const alike = Array.from({ length: 100 }, (_, i) => `${'a'.repeat(100 + i)}b`);

const plain = new Cleaner([]);
const cleaners: readonly (readonly [name: string, clean: (text: string) => unknown])[] = [
  ['no secrets', (text) => plain.text(text)],
  ['a hundred secrets that look alike', cleanerOf(alike)],
  ['what may be percent-encoded', (text) => cleanEncoded(text, (decoded) => plain.text(decoded))],
  ['names of members', (text) => plain.value({ [text]: text })],
];

function cleanerOf(secrets: readonly string[]): (text: string) => unknown {
  const cleaner = new Cleaner(secrets);
  return (text) => cleaner.text(text);
}

type Text = (length: number) => string;

function textOf(beginning: string, unit: string, end: string): Text {
  return (length) => beginning + unit.repeat(Math.ceil(length / unit.length)) + end;
}

/** The processor time of some work, in milliseconds: the best of several. */
function costOf(work: () => unknown, times: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < times; i++) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

const LENGTH = 8 * 1024;
const TIMES = 8;
/** A text that takes so many times as long as nine tenths of them is measured again. Quadratic time takes more. */
const CONSPICUOUS = 5;

/** Expects time that grows with the length alone of every text: quadratic time would be 64 times as long. */
function expectLinear(clean: (text: string) => unknown, texts: readonly Text[]): void {
  const costs = texts.map((text) => costOf(() => clean(text(LENGTH)), 1));
  const usual = costs.toSorted((a, b) => a - b)[Math.floor(costs.length * 0.9)] as number;
  for (const [i, text] of texts.entries()) {
    if ((costs[i] as number) < CONSPICUOUS * usual) continue;
    const small = costOf(() => clean(text(LENGTH)), 3);
    if (small < CONSPICUOUS * usual) continue;
    expect(costOf(() => clean(text(LENGTH * TIMES)), 3) / small, JSON.stringify(text(40))).toBeLessThan(3 * TIMES);
  }
}

/** What a pattern may begin with, long rows of what several parts of it may accept, and what it then does not accept. */
const FIRST = [
  ...[
    'key:',
    'name="',
    'header ',
    'jwt:|#,',
    'jwt:>#;',
    'value=',
    'token:',
    '<key>',
    '</a><key>',
    'mysql -p',
    '--token ',
  ],
  ...['"password":', '%252525', 'value=!a [', 'value=>[', 'value=|#', 'bearer '],
];
const ROWS = [' ', '\t', '\n', '\\', '"', '#', '=', '-', '%25', '%20', '&amp;', 'a', 'a ', 'a.', '&quot;', '['];
const BREAKERS = ['!value=', '</key>', ':', '41'];
const phased = FIRST.flatMap((first) => ROWS.flatMap((row) => BREAKERS.map((end) => first + row.repeat(100) + end)));
/** No text may take so many times as long as the middle one of the same length. */
const DEAR = 40;

/** Expects that a character costs much the same whatever the text is: neighbouring repetitions would multiply it. */
function expectCheap(clean: (text: string) => unknown, texts: readonly Text[]): void {
  const length = LENGTH / 4;
  const costs = texts.map((text) => costOf(() => clean(text(length)), 1));
  const usual = costOf(() => clean(texts[middleOf(costs)]?.(length) ?? ''), 5);
  for (const [i, text] of texts.entries()) {
    if ((costs[i] as number) < DEAR * usual) continue;
    expect(costOf(() => clean(text(length)), 3) / usual, JSON.stringify(text(40))).toBeLessThan(DEAR);
  }
}

/** The index of the one in the middle. */
function middleOf(costs: readonly number[]): number {
  return costs.map((cost, i) => [cost, i] as const).toSorted(([a], [b]) => a - b)[costs.length >> 1]?.[1] ?? 0;
}

describe.each(cleaners)('with %s', (_name, clean) => {
  const ofPhases = phased.map((unit) => textOf('', unit, ''));
  verifies(['text.linear', 'text.linear-requests'], 'so do long rows inside of what is repeated', () =>
    expectLinear(clean, ofPhases),
  );

  verifies(['text.linear', 'text.linear-requests'], 'no row multiplies what a character costs', () =>
    expectCheap(clean, ofPhases),
  );

  const allUnits = [...UNITS, ...LONGER_UNITS];

  verifies(
    ['text.linear', 'text.linear-requests'],
    'any two units in turn take time that grows with length alone',
    () =>
      expectLinear(
        clean,
        [...allUnits, ...pairs].map((unit) => textOf('', unit, '')),
      ),
  );

  verifies('text.linear', 'so does any unit behind any beginning, and before any end', () =>
    expectLinear(
      clean,
      BEGINNINGS.flatMap((beginning) => allUnits.map((unit) => textOf(beginning, unit, ENDS[unit.length % 5] ?? ''))),
    ),
  );
});

describe('the head of a block whose line does not end', () => {
  verifies.each(['text.linear', 'text.linear-requests'], ['jwt:|#,', 'jwt:|-#;', 'token: |2# ,'])(
    'takes no longer than another value, however often it comes: %s',
    (unit) => {
      const costAs = (one: string) => {
        const text = textOf('', one, '')(TIMES * LENGTH);
        return costOf(() => plain.text(text), 3);
      };
      expect(costAs(unit) / costAs(unit.replace('#', 'x'))).toBeLessThan(10);
    },
  );
});

describe('a row of blanks behind an item of a list', () => {
  verifies(['text.linear', 'text.linear-requests'], 'takes time in proportion, where a mapping follows', () => {
    const clean = (length: number) => plain.text(`password:\n- a${' '.repeat(length)}: b`);
    const small = costOf(() => clean(LENGTH), 5);
    expect(costOf(() => clean(TIMES * LENGTH), 3) / small).toBeLessThan(3 * TIMES);
  });
});

describe('an object', () => {
  const hidden = (i: number) => Array.from(i.toString(2), (bit) => (bit === '0' ? '\u200b' : '\u2060')).join('');
  verifies.each<[string, (i: number) => string]>(
    ['text.linear', 'text.linear-requests'],
    [
      ['become one when secrets are removed', (i) => `pwd=${i.toString(36)}`],
      ['become one when invisible characters are removed', (i) => `a${hidden(i)}`],
      ['look as if they had been made unique', (i) => (i % 2 === 0 ? `pwd=${i}` : `pwd=[redacted] (${i})`)],
    ],
  )('whose names %s takes time that grows with their number alone', (_names, nameOf) => {
    const objectOf = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [nameOf(i), 1]));
    // More than are remembered from one object to the next.
    const [few, many] = [6_000, 24_000];
    const [small, large] = [objectOf(few), objectOf(many)];
    const before = costOf(() => new Cleaner([]).value(small), 3);
    expect(costOf(() => new Cleaner([]).value(large), 3) / before).toBeLessThan((2.5 * many) / few);
    expect(Object.keys(new Cleaner([]).value(large))).toHaveLength(many);
  });
});

describe('what the platform says of a failure', () => {
  const errorOf = (count: number) => {
    const violations = Array.from({ length: count }, () => {
      const text = 'name="token" value='.repeat(300);
      return { field: text, description: text };
    });
    return new ToolError('invalid_request', 'No.', { upstream: { status: 400, message: 'refused', violations } });
  };
  const told = (count: number) => {
    const options = { cleaner: new Cleaner([]), budget: 12_000, requestId: 'request-1' };
    return releaseFailure(errorOf(count), options).error.upstream;
  };

  verifies('text.linear-answers', 'takes no longer the more there is of it than is shown', () => {
    const few = costOf(() => told(5), 5);
    expect(costOf(() => told(50), 5) / few).toBeLessThan(3);
    expect(told(50)).toMatchObject({ message: 'refused', truncated: true, violations: expect.any(Array) });
  });
});

describe('secrets of a caller', () => {
  /** Secrets of characters that are all different, as far as there are so many. */
  const different = (count: number) =>
    Array.from({ length: count }, (_, i) =>
      String.fromCharCode(...Array.from({ length: 64 }, (_character, at) => 0x4e00 + ((i * 64 + at) % 20_000))),
    );

  verifies(['text.linear', 'text.linear-requests'], 'take memory in proportion to their length', () => {
    const known: KnownSecrets[] = [];
    const memoryOf = (count: number) => {
      const { arrayBuffers } = process.memoryUsage();
      for (let i = 0; i < 4; i++) known.push(new KnownSecrets(different(count)));
      return process.memoryUsage().arrayBuffers - arrayBuffers;
    };
    // What others leave to the collector while this measures makes a single ratio wrong, in either direction.
    const ratios = Array.from({ length: 5 }, () => memoryOf(200) / memoryOf(25)).filter((ratio) => ratio > 0);
    expect(Math.min(...ratios)).toBeLessThan(2 * TIMES);
  });

  verifies(['text.linear', 'text.linear-requests'], 'take time in proportion to their length', () => {
    const cost = (count: number) => {
      const secrets = different(count);
      return costOf(() => new KnownSecrets(secrets).redact(secrets.join(' ')), 3);
    };
    // As above: what the compiler and the collector do meanwhile makes single ratios wrong.
    const ratios = Array.from({ length: 5 }, () => cost(25 * TIMES) / cost(25));
    expect(Math.min(...ratios)).toBeLessThan(3 * TIMES);
  });
});
