import { describe, expect } from 'vitest';
import { Cleaner } from '../../../src/release/clean.ts';
import { finderFor } from '../../../src/run/as-shown.ts';
import { verifies } from '../../verifies.ts';

const URI = 'https://app.example.com/out';
const SECRET = `${URI}?access_token=hunter2-xyzzy`;
const SHOWN = `${URI}?access_token=[redacted]`;
const find = finderFor(() => new Cleaner([]));

describe('a text that is named as results show it', () => {
  verifies('arguments.as-shown', 'is found by itself, without what nobody sees, and without its secret', () => {
    expect(find('uri', URI, [URI, SECRET])).toBe(URI);
    expect(find('uri', URI, [`https://app.exam\u200bple.com/out`])).toBe('https://app.exam\u200bple.com/out');
    expect(find('uri', SHOWN, [URI, SECRET])).toBe(SECRET);
    expect(find('uri', `${URI}/x`, [URI, SECRET])).toBeUndefined();
  });

  verifies('arguments.as-shown', 'is refused when several are shown like that, or none', () => {
    expect(() => find('uri', SHOWN, [SECRET, `${SECRET}2`])).toThrow(/2 entries are shown like this/);
    expect(() => find('uri', SHOWN, [URI])).toThrow(/redacted/);
  });

  verifies('arguments.as-shown', 'is looked for among few: nothing that begins or ends otherwise is cleaned', () => {
    const never = finderFor(() => {
      throw new Error('Something is cleaned.');
    });
    const many = Array.from({ length: 1_000 }, (_, i) => `${URI}/${i}`);
    expect(never('uri', URI, many)).toBeUndefined();
    const long = Array.from({ length: 100 }, (_, i) => `${SECRET}${i}${'a'.repeat(2_000)}`);
    expect(() => never('uri', SHOWN, long)).toThrow(/too many entries/);
  });
});
