import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { charactersOf } from '../../../src/release/characters.ts';
import { Cleaner } from '../../../src/release/clean.ts';
import { KnownSecrets } from '../../../src/release/known-secrets.ts';
import { withoutNamed } from '../../../src/release/named.ts';
import { withoutShapes } from '../../../src/release/redact.ts';
import { HINTS } from '../../../src/release/secret-names.ts';
import { MARKS, withoutKnownShapes } from '../../../src/release/shapes.ts';
import { ANY_CHARACTER } from '../../fixtures/any-character.ts';
import { verifies } from '../../verifies.ts';

/** All bits: nothing is left out by the look at the characters. */
const ANYTHING = -1;
const RUNS = { numRuns: 3_000 };

/** What secrets are made of, so that many texts hold one and many others nearly do. */
const PIECES = [
  ...MARKS,
  ...HINTS,
  ...HINTS.map((hint) => hint.toUpperCase()),
  ...['PASSWORD', 'Api-Key', 'client_secret', '"kty"', '"d"', "'k'", 'code', 'sig', 's1i2g', 'otp', 'pin', 'hmac'],
  ...[
    '=',
    ':',
    '%3D',
    '%3d',
    '%3A',
    '%3F',
    '%26',
    '?',
    '&',
    '#',
    ';',
    '"',
    "'",
    '\\"',
    '&quot;',
    '@',
    '://',
    ' ',
    '\n',
  ],
  ...['a1B2c3D4e5F6g7H8i9J0', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOjF9.c2ln', 'live_a1B2c3D4e5F6g7', 'ghp_0123456789abcdef'],
  ...[
    'AKIA0123456789ABCDEF',
    'Bearer a1b2c3d4e5',
    'BASIC dXNlcjpwYXNz',
    'basic dXNlcjpwYXNz',
    'https://u:p@h',
    '-u a:b',
  ],
  ...[
    'SG.0123456789abcdef.0123456789abcdef',
    '-----BEGIN KEY-----',
    'hooks.slack.com/services/T00/B00000',
    'x',
    'é',
    '.',
  ],
];
const text = fc
  .oneof(
    fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: ANY_CHARACTER, maxLength: 6 })), { maxLength: 8 }),
    fc.array(fc.constantFrom(...PIECES), { maxLength: 5 }),
  )
  .map((pieces) => pieces.join(''));

describe('looking at the characters first', () => {
  verifies(['secrets.by-shape', 'secrets.by-pair'], 'changes nothing of what is redacted by shape and by name', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(withoutShapes(value)).toBe(withoutNamed(withoutKnownShapes(value)));
      }),
      RUNS,
    );
  });

  verifies('secrets.by-value', 'changes nothing of what is redacted because it is known', () => {
    const secret = fc.string({
      unit: fc.constantFrom('a', 'B', '_', '-', '7', '.', '@', 'é', ' '),
      minLength: 8,
      maxLength: 12,
    });
    fc.assert(
      fc.property(fc.array(secret, { maxLength: 3 }), fc.array(secret), fc.nat(12), (secrets, parts, cut) => {
        for (const chosenBy of ['issuer', 'caller'] as const) {
          const known = new KnownSecrets(secrets, chosenBy);
          const value = [...parts, ...secrets.map((each) => each.slice(0, cut))].join('');
          expect(known.redact(value)).toBe(known.redact(value, ANYTHING));
        }
      }),
      RUNS,
    );
  });

  verifies(['secrets.by-shape', 'text.invisible'], 'is right for the text without its invisible characters', () => {
    fc.assert(
      fc.property(text, (value) => {
        // Behind a word, so that it is no address as a whole: of those, the host is shown whatever it looks like.
        const clean = new Cleaner([]).text(`x ${value}`);
        expect(withoutNamed(withoutKnownShapes(clean))).toBe(clean);
        const hidden = [...value].join('\u200b');
        expect(new Cleaner([]).text(hidden)).toBe(new Cleaner([]).text(hidden.replaceAll('\u200b', '')));
      }),
    );
  });

  verifies.each('secrets.by-shape', [...MARKS])('finds the characters of %j in a text that holds it', (mark) => {
    const held = charactersOf(`x${mark}y`);
    expect(held & charactersOf(mark)).toBe(charactersOf(mark));
    expect(charactersOf(mark)).not.toBe(0);
  });
});
