import { describe, expect } from 'vitest';
import { domainName } from '../../../src/tools/fields/organization.ts';
import { email } from '../../../src/tools/fields/texts.ts';
import { uri } from '../../../src/tools/fields/uris.ts';
import { verifies } from '../../verifies.ts';

const KEY = `${'a1b2c3d4'.repeat(4)}`;

describe('a redirect URI', () => {
  verifies.each('tools.redirect-uris', [
    'token:/evil/cb',

    'client-secret:/cb-of-it',
    `dapi${KEY}:/cb`,
    'https://pages.example/eyJhbGciOiJIUzI1.evil-bucket/cb.html',
    'https://x.example/token:evil-tenant',
  ])('is refused where nobody would see where it leads: %s', (value) => {
    const { error } = uri.safeParse(value);
    expect(error?.issues[0]?.message).toContain('must not look like a secret');
  });

  verifies.each('tools.redirect-uris', [
    'https://token.example/cb',
    'https://eyJhbGciOiJIUzI1.evil.example/cb',
    'com.harborlight.app:/cb?code=1',
    'cursor://anysphere/cb',
  ])('may be another one: %s', (value) => {
    expect(uri.safeParse(value).success).toBe(true);
  });
});

describe('an email address', () => {
  verifies.each('confirm.sentence', ['token=ada@evil.example', `dapi${KEY}@evil.example`])(
    'is refused where nobody would see whose it is: %s',
    (value) => {
      const { error } = email.safeParse(value);
      expect(error?.issues[0]?.message).toContain('must not look like a secret');
    },
  );

  verifies.each('confirm.sentence', [
    'ada+token@good.example',
    'ada@eyJhbGciOiJIUzI1.good.example',
    'token@good.example',
  ])('may be another one: %s', (value) => {
    expect(email.safeParse(value).success).toBe(true);
  });
});

describe('the parts of an email address', () => {
  verifies.each('confirm.sentence', [
    `${'a'.repeat(65)}@good.example`,
    'ada@good.example\u3002evil.example',
    'ada@good.example.',
    'ada@good..example',
    `ada@${'a'.repeat(64)}.example`,
    'ada@good.example%2eevil.example',
  ])('are read as they are meant, so this is none: %s', (value) => {
    expect(email.safeParse(value).success).toBe(false);
  });

  verifies.each('confirm.sentence', [
    `${'a'.repeat(64)}@good.example`,
    'ada@bücher.example',
    'ada@localhost',
    '"a b"@c.de',
  ])('may be in this: %s', (value) => {
    expect(email.safeParse(value).success).toBe(true);
  });
});

describe('a domain', () => {
  verifies('confirm.sentence', 'is refused where nobody would see it', () => {
    expect(domainName.safeParse('hvs.abcdefgh1abcdefgh1.example').success).toBe(false);
    expect(domainName.safeParse('hvs.eyj.secrets.example').success).toBe(true);
  });
});
