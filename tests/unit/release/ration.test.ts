import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cleaner, exempting } from '../../../src/release/clean.ts';
import { beginningOf } from '../../../src/release/ration.ts';
import { withoutShapes } from '../../../src/release/redact.ts';
import { verifies } from '../../verifies.ts';

const JWT = 'eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1c3JfMSIsImV4cCI6MX0.c2lnbmF0dXJlLW9mLWl0';
const CLIENT_SECRET = 'live_ly8G57h0ErRJSObJI6dShkoaq6bigo11Dxcfa6reKG1kKNVbqBKW4H5Ctmb5UZ0X';
const KNOWN = 'my-own-token-of-this-call';
/** Secrets, and a beginning of each that must not be read. */
const SECRETS = [
  [CLIENT_SECRET, 'live_ly8'],
  [JWT, 'eyJhbGciOiJSUzI1'],
  [' ghp_0123456789abcdefABCD', 'ghp_0123'],
  ['https://user:hunter2-hunter2@example.com', 'user:hun'],
  ['Bearer 0123456789abcdef0123', 'Bearer 0'],
  ['Basic dXNlcjpodW50ZXIyLWh1bnRlcjI=', 'dXNlcjp'],
  ['password: hunter2-hunter2', 'hunt'],
  ['-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\n-----END PRIVATE KEY-----', 'MIIE'],
  [KNOWN, 'my-own-t'],
] as const;
const cleaner = (room = Number.POSITIVE_INFINITY) => new Cleaner([KNOWN], undefined, room);

describe('a text that is cut', () => {
  verifies.each(['secrets.by-shape', 'secrets.by-value', 'secrets.by-pair'], SECRETS)(
    'shows no beginning of %j, wherever it is cut',
    (secret, telling) => {
      for (const filler of ['x', ' ', ',']) {
        for (const behind of ['', ' and more', 'z'.repeat(9_000), ' '.repeat(9_000)]) {
          for (let kept = 0; kept <= secret.length; kept++) {
            const text = `${filler.repeat(500 - kept)} ${secret}${behind && ` ${behind}`}`;
            expect(cleaner().text(text, 500)).not.toContain(telling);
            expect(JSON.stringify(cleaner(500).value({ note: text }))).not.toContain(telling);
          }
        }
      }
    },
  );

  it('shows no beginning of a secret that ends where cleaning does', () => {
    for (const [secret, telling] of SECRETS) {
      for (let kept = 0; kept <= secret.length; kept++) {
        // What stands before is redacted, so that what is kept comes from the end of what was cleaned.
        const pem = `-----BEGIN A-----${'x'.repeat(4_000)}-----END A-----`;
        const text = `${pem}${' '.repeat(500 + 4_096 - pem.length - kept)}${secret} ${'z'.repeat(9_000)}`;
        expect(cleaner().text(text, 500)).not.toContain(telling);
      }
    }
  });

  it('is the beginning of the whole', () => {
    expect(cleaner().text('abcdef', 3)).toBe('abc');
    expect(cleaner().text('abc', 3)).toBe('abc');
    expect(cleaner().text('ab👍', 3)).toBe('ab');
    fc.assert(
      fc.property(fc.string(), fc.nat(20), (text, longest) => {
        expect(withoutShapes(text).startsWith(beginningOf(text, longest, withoutShapes))).toBe(true);
      }),
    );
  });
});

describe('a value that is larger than there is room for', () => {
  verifies(['text.linear-answers', 'result.budget'], 'loses what does not fit, and stays a value of its form', () => {
    const value = { id: 'org_1', note: 'x'.repeat(50), name: 'n', list: ['a', 'b'], flag: true, count: 7, empty: '' };
    expect(cleaner(30).value(value)).toEqual({
      id: 'org_1',
      note: 'xxxxxxxxxxxxxxxxxxx [cut off]',
      name: '[cut off]',
      list: ['[cut off]'],
      flag: true,
      count: 7,
      empty: '',
    });
    const fits = cleaner(200);
    expect(fits.value(value)).toBe(value);
    expect(fits.isCut).toBe(false);
  });

  verifies('text.linear-answers', 'loses members, and says that there were more', () => {
    const metadata = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`key-${i}`, 'v']));
    const clean = cleaner(1_000).value({ metadata }).metadata;
    expect(Object.keys(clean).length).toBeLessThan(500);
    expect(clean['[cut off]']).toBe('[cut off]');
  });

  verifies('secrets.by-key', 'hides what stands behind a name that is cut', () => {
    const name = `${'x'.repeat(100)}_password`;
    expect(cleaner(50).value({ [name]: 4711 })).toEqual({ [`${'x'.repeat(50)} [cut off]`]: '[redacted]' });
    expect(cleaner(500).value({ [name]: 4711 })).toEqual({ [name]: '[redacted]' });
  });

  verifies('secrets.opaque', 'keeps what is exempt, such as the page token behind a long list', () => {
    const entries = Array.from({ length: 50 }, (_, id) => ({ id, note: 'x'.repeat(10) }));
    const { data, isCut } = cleaner(200).list(
      { entries, next_page_token: JWT },
      ['entries'],
      exempting(['next_page_token']),
    );
    expect(isCut).toBe(true);
    expect(data['next_page_token']).toBe(JWT);
    expect(data['entries']).toEqual(entries.slice(0, (data['entries'] as unknown[]).length));
    expect(JSON.stringify(cleaner(50).value({ token: 'x'.repeat(9_000) }, exempting(['token']))).length).toBeLessThan(
      100,
    );
  });

  verifies(
    'result.budget',
    'is cut between two entries of its lists, which count as one, and keeps at least one',
    () => {
      const list = (room: number, first: unknown[]) =>
        cleaner(room).list({ first, second: ['b', 'c'] } as never, ['first', 'second']);
      const cut = { data: { first: ['xxxx [cut off]'], second: [] }, isCut: true };
      // The names and the entry itself take 12.
      expect(list(16, ['x'.repeat(100), 'a'])).toEqual(cut);
      expect(list(1_000, ['a'])).toEqual({ data: { first: ['a'], second: ['b', 'c'] }, isCut: false });
    },
  );

  verifies(
    'text.linear-answers',
    'has names that are alike made different in time that grows with their number',
    () => {
      const alike = Object.fromEntries(
        Array.from({ length: 60_000 }, (_, i) => [
          `k${[...i.toString(2)].map((bit) => (bit === '1' ? '\u200b' : '\u2060')).join('')}`,
          1,
        ]),
      );
      expect(Object.keys(new Cleaner([]).value(alike))).toContain('k (60000)');
    },
  );
});
