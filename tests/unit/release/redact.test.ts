import { describe, expect } from 'vitest';
import { Cleaner } from '../../../src/release/clean.ts';
import { verifies } from '../../verifies.ts';

const JWT = 'eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1c3JfMSIsImV4cCI6MX0.c2lnbmF0dXJlLW9mLWl0';
const PEM = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----';
const LIVE = 'live_ly8G57h0ErRJSObJI6dShkoaq6bigo11Dxcfa6reKG1kKNVbqBKW4H5Ctmb5UZ0X';

const clean = (value: unknown, secrets: string[] = []) => new Cleaner(secrets).value(value);
const text = (value: string, secrets: string[] = []) => new Cleaner(secrets).text(value);

describe('secrets by shape', () => {
  verifies.each('secrets.by-shape', [
    ['a JWT', JWT],
    ['a JWT without a signature', `${JWT.split('.').slice(0, 2).join('.')}.`],
    ['a JWE', `${JWT.split('.')[0]}..aXYtaXYtaXYt.Y2lwaGVydGV4dA.dGFnLXRhZw`],
    ['a private key', PEM],
    ['a private key of another kind', PEM.replaceAll('PRIVATE', 'RSA PRIVATE')],
    ['a private key without its end', PEM.split('-----END')[0]],
    ['a secret of Scalekit', LIVE],
    ['a secret of a test environment', LIVE.replace('live', 'test')],
    ['a short secret of Scalekit', 'test_Ab3dEfgh1jkL'],
    ['a secret in hexadecimals', 'live_9f8e7d6c5b4a39281706f5e4d3c2b1a0'],
    ['one that begins with two digits', 'live_98fe7d6c5b4a39281706f5e4d3c2b1a0'],
    ['one that begins with a letter', 'live_fe987d6c5b4a39281706f5e4d3c2b1a0'],
    ['one that begins with capitals', 'test_ABCDEFGHIJKLMNOPQRST0'],
    ['a short one that begins with small letters', 'test_ab3DefGh1jkL'],
    ['a short one that begins with a digit', 'test_3ab4DefGh1jk'],
    ['a short one that begins with a digit and a capital', 'test_3AB4cDeF1jkl'],
  ])('finds %s, alone and in the middle', (_name, secret = '') => {
    expect(text(secret)).toBe('[redacted]');
    for (const [before, after] of [
      ['The value ', ' is wrong.'],
      ['x=', '&y=1'],
      ['jwt_', '"'],
      ['(', '),'],
    ] as const) {
      const cleaned = text(`${before}${secret}${secret.includes('END') || !secret.startsWith('-') ? after : ''}`);
      expect(cleaned).toContain('[redacted]');
      expect(cleaned).toContain(before);
      expect(cleaned).not.toContain(secret.slice(12, 30));
    }
  });

  verifies('secrets.by-shape', 'leaves alone what stands around it', () => {
    expect(text(`a ${PEM} b\n${PEM}\nc`)).toBe('a [redacted] b\n[redacted]\nc');
    expect(text(`a ${JWT} b ${LIVE} c ${JWT}`)).toBe('a [redacted] b [redacted] c [redacted]');
  });

  verifies('secrets.by-shape', 'knows where in a run of dotted words a token begins', () => {
    const header = 'eyJhbGciOiJSUzI1NiJ9';
    expect(text(`eyJ.x${header}.payload b`)).toBe('eyJ.x[redacted] b');
    expect(text(`eyJ.some.x${header}.payload b`)).toBe('eyJ.some.x[redacted] b');
    for (const none of [
      `eyJ.${'a'.repeat(40)}.b`,
      `eyJ.${'a'.repeat(40)}.${'b'.repeat(40)}.c`,
      `eyJ.${header}`,
      `eyJ.x${'eyJ'.padEnd(14, 'a')}.payload`,
    ]) {
      expect(text(none)).toBe(none);
    }
    expect(text(`${'eyJ'.padEnd(15, 'a')}.payload`)).toBe('[redacted]');
  });

  verifies('secrets.by-shape', 'finds a JWT that was cut off in its payload', () => {
    expect(text(`invalid token ${JWT.slice(0, 50)}`)).toBe('invalid token [redacted]');
  });

  verifies('secrets.by-shape', 'finds a second one behind what only begins like one', () => {
    expect(text(`eyJ.eyJ ${JWT} eyJ`)).toBe('eyJ.eyJ [redacted] eyJ');
    expect(text(`eyJa.${JWT}`)).toBe('eyJa.[redacted]');
  });

  verifies.each('secrets.by-shape', [
    ['sent Bearer abc123def456 to it', 'sent Bearer [redacted] to it'],
    ['bearer abcdefghijklmnopqrst is bad', 'bearer [redacted] is bad'],
    ['a  bearer   abc123de', 'a  bearer   [redacted]'],
    ['Bearer\nabc123def456', 'Bearer\n[redacted]'],
  ])('finds what a text says is one: %j', (given, expected) => {
    expect(text(given)).toBe(expected);
  });

  verifies.each('secrets.by-pair', [
    ['Authorization: Bearer abc123def456', 'Authorization: Bearer [redacted]'],
    ['{"client_secret":"hun\\"ter2","id":"a"}', '{"client_secret":"[redacted]","id":"a"}'],
    ['{"access_token" : "hunter2', '{"access_token" : "[redacted]'],
    ['grant_type=x&client_secret=hunter2&id=a', 'grant_type=x&client_secret=[redacted]&id=a'],
    ['https://a.example/?access_token=hunter2', 'https://a.example/?access_token=[redacted]'],
    ['API_KEY=hunter2\nID=a', 'API_KEY=[redacted]\nID=a'],
    ['pwd=a', 'pwd=[redacted]'],
    ['"password":"a\\\nb","id":"c"', '"password":"[redacted]","id":"c"'],
    ['"password":"hunter2\\', '"password":"[redacted]\\'],
  ])('finds what stands behind the name of one: %j', (given, expected) => {
    expect(text(given)).toBe(expected);
  });

  verifies.each('secrets.by-shape', [
    'Bearer authentication is required',
    'Bearer tokens expire',
    'SCALEKIT_CLIENT_SECRET=\nNEXT=1',
    'test_27758032200925221',
    'test_connection_uri',
    'test_myConnection',
    'test_AbcdefghijkL',
    'test_ABCDEFGH1234',
    'test_abcdefgh1234',
    'test_Ab3dEfgh1jk',
    'test_abcdefghijklmnopqrstuvwxyz',
    'live_27758032200925221277580',
    'undefined is no secret',
    'test_organization',
    'live_traffic_2026',
    'latest_version',
    'monkeyJumps.over.it',
    'eyJ',
    'eyJhbGciOiJSUzI1NiJ9',
    '{"client_secret":""}',
    '{"secret_suffix":"EMIA"}',
    'https://a.example/?page_token=abc&next_page_token=def',
    'a -----BEGIN of something',
    'x = y',
    '',
  ])('lets pass what only looks a little like one: %j', (value) => {
    expect(text(value)).toBe(value);
  });
});

describe('secrets by value', () => {
  const secret = 'correct-horse "battery" 100%';

  verifies('secrets.by-value', 'finds them wherever and however they are spelt', () => {
    for (const spelt of [secret, encodeURIComponent(secret), JSON.stringify(secret)]) {
      const cleaned = text(`a ${spelt} b ${spelt}`, [secret]);
      expect(cleaned).toMatch(/^a "?\[redacted\]"? b "?\[redacted\]"?$/);
    }
    expect(clean({ [`key ${secret}`]: [secret] }, [secret])).toEqual({ 'key [redacted]': ['[redacted]'] });
  });

  verifies('secrets.by-value', 'finds one that was cut off at the end of a text', () => {
    expect(text(`refused: ${secret.slice(0, 15)}`, [secret])).toBe('refused: [redacted]');
    expect(text(`x${secret.slice(0, 8)}`, [secret])).toBe('x[redacted]');
    expect(text(`${secret} and ${secret.slice(0, 12)}`, [secret])).toBe('[redacted] and [redacted]');
  });

  verifies('secrets.by-value', 'takes nothing for a cut-off one but what is one to the end', () => {
    expect(text(`${secret} c`, [secret])).toBe('[redacted] c');
    expect(text(secret.slice(0, 7), [secret])).toBe(secret.slice(0, 7));
    expect(text(`${secret.slice(0, 12)}!`, [secret])).toBe(`${secret.slice(0, 12)}!`);
  });

  verifies('secrets.by-value', 'finds one through invisible characters', () => {
    expect(text('corr\u200bect-hor\u00adse', ['correct-horse'])).toBe('[redacted]');
    expect(text('correct-horse', ['correct\u200b-horse'])).toBe('[redacted]');
  });

  verifies('secrets.by-value', 'finds one that needs another spelling as a whole or nowhere', () => {
    for (const special of ['%&"%&"%&', '"quoted"', 'line\nbreak', 'ünïcödé 1', 'a b c d e f']) {
      const within = JSON.stringify({ said: `a ${special} b` });
      expect(text(within, [special])).toBe('{"said":"a [redacted] b"}');
      expect(text(`https://a.example/${encodeURIComponent(special)}/b`, [special])).toBe(
        'https://a.example/[redacted]/b',
      );
    }
  });

  verifies('secrets.by-value', 'finds one as other programs write it', () => {
    const special = `it's <b>&co</b> (1!*)`;
    for (const written of [
      `it%27s%20%3Cb%3E%26co%3C%2Fb%3E%20%281%21%2A%29`,
      `it's <b>&co<\\/b> (1!*)`,
      `it's \\u003cb\\u003e\\u0026co\\u003c/b\\u003e (1!*)`,
      `it&#039;s &lt;b&gt;&amp;co&lt;/b&gt; (1!*)`,
      `it&apos;s &lt;b&gt;&amp;co&lt;/b&gt; (1!*)`,
      `it&#x27;s &lt;b&gt;&amp;co&lt;/b&gt; (1!*)`,
    ]) {
      expect(text(`a ${written} b`, [special])).toBe('a [redacted] b');
    }
  });

  const GREETING = 'Gr\u00fc\u00dfe "an" die/K\u00fcste+1';
  verifies.each('secrets.by-value', [
    ['a URL in lower case', 'Gr%c3%bc%c3%9fe%20%22an%22%20die%2fK%c3%bcste%2b1'],
    ['a form in lower case', 'Gr%c3%bc%c3%9fe+%22an%22+die%2fK%c3%bcste%2b1'],
    ['a URL in another one', 'Gr%25C3%25BC%25C3%259Fe%2520%2522an%2522%2520die%252FK%25C3%25BCste%252B1'],
    ['a URL in another one in lower case', 'Gr%25c3%25bc%25c3%259fe%2520%2522an%2522%2520die%252fK%25c3%25bcste%252b1'],
    ['JSON of ASCII alone', String.raw`Gr\u00fc\u00dfe \"an\" die/K\u00fcste+1`],
    ['JSON of ASCII alone in capitals', String.raw`Gr\u00FC\u00DFe \"an\" die/K\u00FCste+1`],
    ['JSON of ASCII alone in JSON', String.raw`Gr\\u00fc\\u00dfe \\\"an\\\" die/K\\u00fcste+1`],
    ['JSON of PHP', String.raw`Gr\u00fc\u00dfe \"an\" die\/K\u00fcste+1`],
    ['JSON of .NET', String.raw`Gr\u00FC\u00DFe \u0022an\u0022 die/K\u00FCste\u002B1`],
    ['letters and their marks apart', 'Gru\u0308\u00dfe "an" die/Ku\u0308ste+1'],
    ['a URL with letters and their marks apart', 'Gru%CC%88%C3%9Fe%20%22an%22%20die%2FKu%CC%88ste%2B1'],
  ])('finds one in %s', (_name, written) => {
    for (const secret of [GREETING, GREETING.normalize('NFD')]) {
      expect(text(`a ${written} b`, [secret])).toBe('a [redacted] b');
    }
  });

  verifies.each('secrets.by-value', [GREETING, 'Tr0ub4dor-at-sea'])(
    'finds one in what is encoded in base64: %s',
    (secret) => {
      for (const before of ['', 'x', 'xy', 'svc:']) {
        for (const alphabet of ['base64', 'base64url'] as const) {
          const encoded = Buffer.from(`${before}${secret}?yz`).toString(alphabet);
          const hidden = text(`a ${encoded} b`, [secret]);
          expect({ encoded, hidden }).toEqual({
            encoded,
            hidden: expect.stringMatching(/^a [\w+/-]{0,6}\[redacted\][\w+/=-]{4,8} b$/),
          });
        }
      }
    },
  );

  verifies('secrets.by-value', 'finds the longer of two that begin alike', () => {
    expect(text('correct-horse-battery', ['correct-horse', 'correct-horse-battery'])).toBe('[redacted]');
  });

  verifies('secrets.by-value', 'looks for none that is as short as an ordinary word', () => {
    expect(text('xabc1234x abc1234', ['abc1234'])).toBe('xabc1234x abc1234');
    expect(text('xabcd1234x abcd1234', ['abcd1234'])).toBe('x[redacted]x [redacted]');
  });

  verifies('secrets.by-value', 'hides all that any of them covers, however they overlap', () => {
    expect(text('x abcdefgh1234 y', ['abcdefgh', 'efgh1234'])).toBe('x [redacted] y');
    expect(text('abababababab!', ['abababab'])).toBe('[redacted]!');
    expect(text('one-secret-andanother-secret', ['one-secret-and', 'another-secret'])).toBe('[redacted][redacted]');
  });

  verifies('secrets.by-value', 'hides so much of a long one that it is told by it, wherever it is broken off', () => {
    const long = Array.from({ length: 40 }, (_, i) => `part-${i}`).join('.');
    const other = `${long.slice(0, 100)}-and-then-another-way`;
    for (const secrets of [[long], [long, other], [other, long]]) {
      expect(text(`a ${long.slice(0, 63)}! b`, secrets)).toBe(`a ${long.slice(0, 63)}! b`);
      expect(text(`a ${long.slice(0, 90)}! b`, secrets)).toBe('a [redacted]! b');
      expect(text(`a ${long}! b`, secrets)).toBe('a [redacted]! b');
    }
    expect(text(`a ${other}! b`, [long, other])).toBe('a [redacted]! b');
  });

  verifies('secrets.by-value', 'is not led astray by an empty one', () => {
    expect(text('abc  ', ['', ' ', '\u200b'])).toBe('abc  ');
  });
});
