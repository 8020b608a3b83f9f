import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ToolError } from '../../../src/core/errors.ts';
import { path } from '../../../src/platform/path.ts';
import { ANY_CHARACTER } from '../../fixtures/any-character.ts';
import { verifies } from '../../verifies.ts';

describe('path', () => {
  it('puts plain ids where they belong', () => {
    expect(path`/organizations/${'org_1'}/users/${'usr_2'}:resend`).toMatchObject({
      text: '/organizations/org_1/users/usr_2:resend',
      template: '/organizations/{}/users/{}:resend',
    });
  });

  verifies.each('api.path', [
    '',
    '.',
    '..',
    '\u0000',
    'a\r\nb',
    'a\u007f',
    '\ud800',
    '．．',
    'a／b',
    'a\\b',
    'a/b',
    'x'.repeat(257),
  ])('refuses %j', (value) => {
    expect(() => path`/organizations/${value}`).toThrow(ToolError);
  });

  verifies('api.path', 'keeps whatever it accepts inside its segment', () => {
    const hostile = fc.oneof(
      fc.string({ unit: ANY_CHARACTER }),
      fc.string({
        unit: fc.constantFrom('.', '/', '\\', '%', '2', 'e', '?', '#', ':', ';', '\n', '\u0000', '․', '。'),
      }),
    );
    fc.assert(
      fc.property(hostile, (value) => {
        let made: string;
        try {
          made = path`/organizations/${value}/users`.text;
        } catch (error) {
          return error instanceof ToolError;
        }
        const { pathname, search, hash } = new URL(made, 'https://api.example.com');
        const segments = pathname.split('/');
        return (
          search === '' &&
          hash === '' &&
          segments.length === 4 &&
          segments[3] === 'users' &&
          decodeURIComponent(String(segments[2])) === value
        );
      }),
      { numRuns: 2000 },
    );
  });
});
