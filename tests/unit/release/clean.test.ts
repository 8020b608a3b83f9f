import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cleaner, exempting } from '../../../src/release/clean.ts';
import { ANY_CHARACTER } from '../../fixtures/any-character.ts';
import { verifies } from '../../verifies.ts';

const JWT = 'eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1c3JfMSIsImV4cCI6MX0.c2lnbmF0dXJlLW9mLWl0';
const LIVE = 'live_ly8G57h0ErRJSObJI6dShkoaq6bigo11Dxcfa6reKG1kKNVbqBKW4H5Ctmb5UZ0X';

const clean = (value: unknown, secrets: string[] = [], pass: string[] = []) =>
  new Cleaner(secrets).value(value, exempting(pass));
const text = (value: string) => new Cleaner([]).text(value);

/** Format characters that people see: those with a glyph (Unicode ch. 9.2), and one joiner, which may be spelling. */
const SEEN =
  /[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}]|\ufe0f?[\u200c\u200d](?![\u200c\u200d])/gu;

describe('invisible characters', () => {
  verifies.each('text.invisible', [
    ['zero width', '\u200b\u200c\u200d\u2060\ufeff'],
    ['bidirectional', '\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c'],
    ['tags', String.fromCodePoint(...Array.from({ length: 128 }, (_, i) => 0xe0000 + i))],
    ['soft hyphen', '\u00ad'],
    ['controls', '\u0000\u0007\u0008\u000b\u001b\u007f\u009b'],
    ['variation selectors', '\ufe00\ufe0f\u{e0100}\u{e01ef}'],
    ['fillers', '\u3164\uffa0\u115f\u2800\u034f\u180e'],
    ['lone surrogates', '\ud800'],
    ['noncharacters', '\ufffe\u{10ffff}'],
    ['annotations', '\ufff9\ufffa\ufffb'],
  ])('are removed: %s', (_name, characters) => {
    expect(text(`a${characters}b`)).toBe('ab');
    expect(clean({ [`k${characters}`]: [`${characters}v`] })).toEqual({ k: ['v'] });
  });

  verifies('text.invisible', 'leave line breaks and tabs, in one form', () => {
    expect(text('a\tb\nc\r\nd\re\u2028f\u2029g\u0085h')).toBe('a\tb\nc\nd\ne\nf\ng\nh');
  });

  verifies.each('text.invisible', ['Möwe & Söhne', '灯台物流', 'مرحبا', 'Ωμέγα', '👍🏽', '𝒳', 'é'])(
    'are not what people write: %j',
    (value) => {
      expect(text(value)).toBe(value);
    },
  );

  verifies('text.invisible', 'cannot make one member hide another', () => {
    const value = { plan: 'free', 'pl\u200ban': 'paid', 'pla\u200bn': 'gold' };
    expect(clean(value)).toEqual({ plan: 'free', 'plan (2)': 'paid', 'plan (3)': 'gold' });
    expect(clean({ 'pl\u200ban': 'paid', plan: 'free' })).toEqual({ 'plan (2)': 'paid', plan: 'free' });
  });

  verifies('text.invisible', 'never survive, in any value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: ANY_CHARACTER }), (value) => {
        const strings = JSON.stringify(clean(value))
          .replaceAll(/\\[nt]/g, '')
          .replaceAll(SEEN, '');
        expect(strings).not.toMatch(/[\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}]|\\u/u);
      }),
    );
  });
});

describe('the example at the top of clean.ts', () => {
  verifies(['secrets.disclosed', 'secrets.by-key', 'secrets.by-value'], 'is what happens', () => {
    const schema = { properties: { password: { type: 'string' } } };
    const value = {
      client: { plain_secret: 'test_4fA1b2C3d4E5f6' },
      note: 'made with s3cr3t-of-mine',
      api_key: 4711,
      secrets: ['a', { id: 'sec_1', secret: 'b' }],
      schema,
    };
    expect(clean(value, ['s3cr3t-of-mine'], ['client.plain_secret'])).toEqual({
      client: { plain_secret: 'test_4fA1b2C3d4E5f6' },
      note: 'made with [redacted]',
      api_key: '[redacted]',
      secrets: ['[redacted]', { id: 'sec_1', secret: '[redacted]' }],
      schema,
    });
  });
});

describe('what passes', () => {
  verifies('secrets.disclosed', 'is what a tool exists to hand out, through lists, and nothing beside it', () => {
    const value = { accounts: [{ link: JWT, note: JWT }, { link: LIVE }], link: JWT, token: 't' };
    expect(clean(value, [], ['accounts.link', 'token'])).toEqual({
      accounts: [{ link: JWT, note: '[redacted]' }, { link: LIVE }],
      link: '[redacted]',
      token: 't',
    });
  });

  verifies('secrets.disclosed', 'is found at exactly its path, however deep', () => {
    const value = { a: { b: { c: JWT, d: JWT }, c: JWT }, b: { c: JWT }, 'b.c': JWT };
    expect(clean(value, [], ['a.b.c'])).toEqual({
      a: { b: { c: JWT, d: '[redacted]' }, c: '[redacted]' },
      b: { c: '[redacted]' },
      'b.c': '[redacted]',
    });
  });

  verifies(
    ['secrets.disclosed', 'text.invisible'],
    'still holds nothing invisible and no secret of the request',
    () => {
      expect(clean({ token: 'ab\u200bc my-own-token' }, ['my-own-token'], ['token'])).toEqual({
        token: 'abc [redacted]',
      });
    },
  );

  verifies('secrets.disclosed', 'is not found by names that every object has', () => {
    expect(clean({ constructor: { name: JWT }, toString: JWT }, [], ['a.b'])).toEqual({
      constructor: { name: '[redacted]' },
      toString: '[redacted]',
    });
  });
});

describe('cleaning', () => {
  it('yields the value itself when there is nothing to clean', () => {
    const value = { a: [1, 'b', { c: null }], d: 'é', e: undefined, f: true };
    expect(clean(value)).toBe(value);
  });

  it('leaves the given value alone', () => {
    const value = { a: [{ password: 'x' }], b: ['\u200b'] };
    const before = structuredClone(value);
    expect(clean(value)).toEqual({ a: [{ password: '[redacted]' }], b: [''] });
    expect(value).toEqual(before);
  });

  it('keeps a member called __proto__, and makes no prototype of it', () => {
    const cleaned = clean(JSON.parse('{"__proto__":{"password":"x"},"a":1}'));
    expect(JSON.stringify(cleaned)).toBe('{"__proto__":{"password":"[redacted]"},"a":1}');
    expect(Object.getPrototypeOf(cleaned)).toBe(Object.prototype);
  });

  it('ends where nesting would break those who read on', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`);
    expect(JSON.stringify(clean(deep))).toContain('"[nested too deep]"');
    const lists = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`);
    expect(JSON.stringify(clean(lists))).toContain('"[nested too deep]"');
    const nested = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}{}${'}'.repeat(levels)}`);
    expect(clean(nested(64))).toEqual(nested(64));
    expect(JSON.stringify(clean(nested(65)))).toBe(JSON.stringify(nested(65)).replace('{}', '"[nested too deep]"'));
  });

  it('keeps the form of every value: what was a string is one', () => {
    const form = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(form)
        : typeof value === 'object' && value !== null
          ? // A name that becomes a number without what is removed from it comes first.
            Object.values(value)
              .map(form)
              .map((inner) => JSON.stringify(inner))
              .sort()
          : typeof value;
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: ANY_CHARACTER }), (value) => {
        expect(form(clean(value))).toEqual(form(value));
      }),
    );
  });
});

describe('where something leads to', () => {
  const LABEL = 'eyJhbGciOiJIUzI1';
  const HEADER = 'eyJhbGciOiJIUzI1NiJ9';
  verifies.each('secrets.addresses', [
    [`https://${LABEL}.evil.example/cb`, `https://${LABEL}.evil.example/cb`],
    [`HTTPS://${HEADER}.${HEADER}.example`, `HTTPS://${HEADER}.${HEADER}.example`],
    ['https://x.token:8443/evil', 'https://x.token:8443/evil'],
    ['https://a_b.token:8443/evil', 'https://a_b.token:8443/evil'],
    [`https://${LABEL}_.evil.c0m/`, `https://${LABEL}_.evil.c0m/`],
    [`https://${LABEL}-.evil.example/`, `https://${LABEL}-.evil.example/`],
    [`https://${LABEL}.evil.example/cb?token=a1b2c3d4`, `https://${LABEL}.evil.example/cb?token=[redacted]`],
    [`https://${LABEL}.evil.example/${JWT}/x`, `https://${LABEL}.evil.example/[redacted]/x`],
    [
      `https://api-key.${'k'.repeat(63)}.example:443#password=hunter22`,
      `https://api-key.${'k'.repeat(63)}.example:443#password=[redacted]`,
    ],
    [`ada@${LABEL}.evil.example`, `ada@${LABEL}.evil.example`],
    ['https://127.0.0.1:8080/token:a1b2c3d4', 'https://127.0.0.1:8080/token:[redacted]'],
    [`https://bücher.${LABEL}.example/`, `https://bücher.${LABEL}.example/`],
  ])('is shown: %s', (value, shown) => {
    expect(text(value)).toBe(shown);
    expect(clean({ uris: [value] })).toEqual({ uris: [shown] });
  });

  verifies.each('secrets.addresses', [
    ['https://hooks.slack.com/services/T00000000/B00000000/x', 'https://hooks.slack.com/[redacted]'],
    ['https://discord.com/api/webhooks/123456/abcdefghijkl', 'https://discord.com/[redacted]'],
    [`https://user:${JWT}@evil.example/cb`, 'https://user:[redacted]@evil.example/cb'],
    [`see https://${LABEL}.evil.example`, 'see https://[redacted]'],
    [`${HEADER}.${HEADER}.example`, '[redacted]'],
    ['hvs.abcdefghabcdefgh', '[redacted]'],
    [`${HEADER}.${HEADER}.${'abcdefgh'.repeat(4)}`, '[redacted]'],
    ['password=hunter2@corp.example', 'password=[redacted]'],
    [`${JWT}@evil.example`, '[redacted]@evil.example'],
    ['bearer.token:a1b2c3d4@corp.example', 'bearer.token:[redacted]'],
    [`https://${LABEL}..evil.example/`, 'https://[redacted]/'],
    ['https://u@AKIA0123456789ABCDEF', 'https://u@[redacted]'],
    ['https://AKIA0123456789ABCDEF/x', 'https://[redacted]/x'],
    ['a@ghp_0123456789abcdefghijABCDEFGHIJ012345', 'a@[redacted]'],
    ['token a b@AKIA0123456789ABCDEF.example', 'token a b@[redacted].example'],
    ['x:a@AKIA0123456789ABCDEF.example', 'x:a@[redacted].example'],
    ['x/a@AKIA0123456789ABCDEF.example', 'x/a@[redacted].example'],
    [`https://${LABEL}${'k'.repeat(48)}.evil.example/`, 'https://[redacted]/'],
  ])('is hidden where it holds a secret, or is no address: %s', (value, shown) => {
    expect(text(value)).toBe(shown);
  });

  verifies('secrets.addresses', 'is hidden nevertheless where it is a secret by its name or of the call', () => {
    const host = `https://${LABEL}.evil.example`;
    expect(clean({ client_secret: host, host }, [host])).toEqual({ client_secret: '[redacted]', host: '[redacted]' });
  });
});
