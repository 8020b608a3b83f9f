import { describe, expect } from 'vitest';
import { conceptsIn } from '../../../src/knowledge/concepts.ts';
import { stemmed } from '../../../src/knowledge/phrases.ts';
import { wordsOf } from '../../../src/knowledge/terms.ts';
import { verifies } from '../../verifies.ts';

const stemsOf = (text: string) => wordsOf(text).map(stemmed);

describe('what words mean', () => {
  const meant = (text: string) => new Set(conceptsIn(stemsOf(text)).flatMap(({ names }) => names));

  verifies.each('docs.ranks', [
    ['hardware key login', 'webauthn sign in'],
    ['wipe the data of a company', 'delete the data of a tenant'],
    ['trade the auth code', 'exchange the code for tokens'],
  ])('is the same, whatever words people have for it: %s', (one, other) => {
    expect(meant(one)).toEqual(meant(other));
    expect(meant(one).size).toBeGreaterThan(0);
  });

  verifies('docs.ranks', 'is taken from whole phrases, and said to be where they are', () => {
    expect(conceptsIn(stemsOf('our security key is lost'))).toEqual([{ names: ['=passkey'], places: [1, 2] }]);
    expect(conceptsIn(stemsOf('a rainy afternoon'))).toEqual([]);
  });
});
