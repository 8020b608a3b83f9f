import { describe, expect } from 'vitest';
import { NearestSaying } from '../../../src/knowledge/nearest-saying.ts';
import { verifies } from '../../verifies.ts';

describe('the nearest of what people say', () => {
  const making = NearestSaying.of(2, [
    { thing: 0, words: ['feed', 'cat'] },
    { thing: 0, words: ['cat', 'hungry'] },
    { thing: 1, words: ['walk', 'dog'] },
  ]);
  let made = making.next();
  while (made.done !== true) made = making.next();
  const nearest = made.value;
  const likeness = (...words: string[]) => [...nearest.likeness(new Set(words))];

  verifies('docs.ranks', 'is wholly like itself, and nothing like other words', () => {
    expect(likeness('cat', 'hungry')).toEqual([1, 0]);
    expect(likeness('taxes')).toEqual([0, 0]);
  });

  verifies('docs.ranks', 'is less like a question that says more, and a seldom word counts more', () => {
    const [alone = 0] = likeness('cat');
    const [more = 0] = likeness('cat', 'taxes');
    const [seldom = 0] = likeness('hungry');
    expect(more).toBeLessThan(alone);
    expect(seldom).toBeGreaterThan(alone);
  });
});
