import { describe, expect, it } from 'vitest';
import { requireCameTrue } from '../../../src/platform/came-true.ts';

const failure = (asked: unknown, shown: unknown) => {
  try {
    requireCameTrue({ thing: { asked, shown } }, 'list_things');
    return undefined;
  } catch (error) {
    return error;
  }
};

describe('what a call asked for and what the API shows', () => {
  it.each([
    ['what was not named', undefined, 'anything'],
    ['the same text', 'a', 'a'],
    ['an empty text and a missing member', '', undefined],
    ['false and a missing member', false, undefined],
    ['an empty list and null', [], null],
    ['a number and its text', 3600, '3600'],
    ['a list in another order', ['a', 'b'], ['b', 'a', 'a']],
    ['objects in another order', { a: '1', b: '2' }, { b: '2', a: '1' }],
    ['a text with white space around it', 'a b\n', 'a b'],
    ['white space alone and a missing member', ' \n', undefined],
    ['an empty member and a missing one', { a: '1', b: '' }, { a: '1' }],
  ])('%s: came true', (_what, asked, shown) => {
    expect(failure(asked, shown)).toBeUndefined();
  });

  it.each([
    ['an empty text that was ignored', '', 'as before'],
    ['another text', 'a', 'A'],
    ['true that stayed false', true, undefined],
    ['a list that lacks an entry', ['a', 'b'], ['a']],
    ['a list that has one more', ['a'], ['a', 'b']],
    ['an empty list that was ignored', [], ['a']],
    ['an object that kept a member', { a: '1' }, { a: '1', b: '2' }],
  ])('%s: did not', (_what, asked, shown) => {
    expect(failure(asked, shown)).toMatchObject({
      code: 'not_applied',
      message: expect.stringContaining('thing did not come true'),
      recovery: { field: 'thing', nextTool: 'list_things' },
    });
  });

  it('names all that did not come true', () => {
    const fields = { one: { asked: 'a', shown: 'b' }, two: { asked: 'c', shown: 'c' }, three: { asked: 1, shown: 2 } };
    expect(() => requireCameTrue(fields, 'list_things')).toThrow('one, three did not come true');
  });
});
