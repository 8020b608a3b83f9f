import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uriTemplate } from '../../../src/access/uri-template.ts';
import { verifies } from '../../verifies.ts';

describe('a template of URIs', () => {
  const template = uriTemplate('x://a/{one}/b/{two}');

  verifies('resources.not-found', 'stands for what has its literals, and a value for each variable', () => {
    expect(template.variables).toEqual(['one', 'two']);
    expect(template.match('x://a/1/b/2')).toEqual({ one: '1', two: '2' });
    expect(template.match('x://a/%2E%2E/b/%C3%A4')).toEqual({ one: '..', two: 'ä' });
    for (const uri of [
      'x://a/1/b',
      'x://a/1/b/2/',
      'x://a/1/c/2',
      'x://a//b/2',
      'X://a/1/b/2',
      'x://a/1/b/2?q',
      'x://a/1/b/2#f',
      'x://a/1/b/2 ',
      'x://a/%/b/2',
      'x://a/%ff/b/2',
      `x://a/1/b/${'2'.repeat(2_000)}`,
      '',
    ]) {
      expect([uri.slice(0, 40), template.match(uri)]).toEqual([uri.slice(0, 40), undefined]);
    }
  });

  verifies('resources.not-found', 'takes back what was put into it, whatever that is', () => {
    const value = fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }).filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(value, value, (one, two) => {
        const uri = `x://a/${encodeURIComponent(one)}/b/${encodeURIComponent(two)}`;
        expect(template.match(uri)).toEqual({ one, two });
        expect(template.expand({ one, two, three: 'ignored' })).toBe(uri);
      }),
    );
  });

  it('takes all that follows for a last variable with a plus', () => {
    const pages = uriTemplate('docs://page/{+path}');
    expect(pages.match('docs://page/a/b/c')).toEqual({ path: 'a/b/c' });
    expect(pages.match('docs://page/a')).toEqual({ path: 'a' });
    expect(pages.match('docs://page/')).toBeUndefined();
    expect(pages.match('docs://page')).toBeUndefined();
  });

  it.each(['x://{+rest}/a', 'x://a{b}', 'x://{a}{b}', 'x://a?{b}', 'x://{1}'])('is not read when it is %s', (text) => {
    expect(() => uriTemplate(text)).toThrow();
  });
});
