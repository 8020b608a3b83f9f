import { describe, expect } from 'vitest';
import { stemsOf } from '../../../src/knowledge/phrases.ts';
import { Sayings, saidBy, saidByAll } from '../../../src/knowledge/sayings.ts';
import { verifies } from '../../verifies.ts';

/** What is said for three things. */
const TEXTS = [
  ['feed the cat', 'the cat is hungry', 'the cat wants milk'],
  ['walk the dog', 'the dog has to go out'],
  ['water the plants', 'the plants are dry'],
];

const said = (text: string) => saidBy(stemsOf(text));

function sayingsOf(texts: readonly (readonly string[])[]): Sayings {
  const making = Sayings.of(
    texts.map((each) => saidByAll(each.map(said))),
    100,
  );
  for (;;) {
    const { done, value } = making.next();
    if (done) return value;
  }
}

describe('what people say', () => {
  const sayings = sayingsOf(TEXTS);
  const best = (question: string) => {
    const likelihoods = [...sayings.likelihoods(said(question))];
    return likelihoods.indexOf(Math.max(...likelihoods));
  };

  verifies.each('tools.search', [
    ['is there milk for the cat', 0],
    ['who goes out with the dog', 1],
    ['everything is dry', 2],
  ])('tells what is meant by all of its words: %s', (question, thing) => {
    expect(best(question)).toBe(thing);
  });

  verifies('tools.search', 'tells nothing by words that nobody says', () => {
    expect([...sayings.likelihoods(said('quarterly taxes'))]).toEqual([0, 0, 0]);
    expect(sayings.knows('taxes')).toBe(false);
    expect(sayings.knows('dog')).toBe(true);
  });

  verifies('tools.search', 'tells less by what is said for all', () => {
    const everywhere = sayingsOf(TEXTS.map((texts) => texts.map((text) => `${text} please`)));
    const [common = 0] = everywhere.likelihoods(said('please'));
    const [rare = 0] = everywhere.likelihoods(said('milk'));
    expect(Math.abs(common)).toBeLessThan(Math.abs(rare));
  });
});
