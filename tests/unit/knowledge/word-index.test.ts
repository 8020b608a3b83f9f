import MiniSearch from 'minisearch';
import { describe, expect } from 'vitest';
import { Slices } from '../../../src/knowledge/slices.ts';
import { termOf, wordsOf } from '../../../src/knowledge/terms.ts';
import { type Sought, WordIndex } from '../../../src/knowledge/word-index.ts';
import { verifies } from '../../verifies.ts';

const THINGS = [
  { title: 'Webhooks', text: 'A webhook is called when a user changes. A webhook is signed.' },
  { title: 'Users', text: 'Users sign in, and users sign out.' },
  { title: 'Signing keys', text: 'Keys sign what a webhook sends to an organization.' },
  { title: 'Nothing', text: '' },
];

const FIELDS = [
  { boost: 5, isName: true },
  { boost: 1, isName: false },
];
const BOOST = { title: 5, text: 1 };

const index = await WordIndex.of(
  THINGS.map(({ title, text }) => [title, text]),
  FIELDS,
  new Slices(new AbortController().signal),
);

/** The same by the library that searches whole documents. */
const library = new MiniSearch<{ id: number }>({ fields: Object.keys(BOOST), tokenize: wordsOf, processTerm: termOf });
library.addAll(THINGS.map((thing, id) => ({ id, ...thing })));

const sought = (term: string, more?: Partial<Sought>): Sought => ({
  term,
  isInNames: false,
  isMistyped: false,
  ...more,
});

describe('the words of the documentation', () => {
  verifies.each('docs.search', [
    ['a word', 'webhook', {}],
    ['a word of few texts', 'organiz', {}],
    ['a word in names', 'user', { isInNames: true }],
    ['a beginning', 'organ', {}],
    ['a word with another letter', 'webhuok', { isMistyped: true }],
    ['a word that is nowhere', 'quantum', { isMistyped: true }],
  ] as const)('count as BM25+ says: %s', (_, term, more) => {
    const { scores, terms } = index.find([sought(term, more)]);
    const known = library.search(term, {
      boost: BOOST,
      tokenize: (text) => [text],
      processTerm: (text) => text,
      prefix: index.count(term) === 0,
      fuzzy: 'isMistyped' in more && 0.2,
      maxFuzzy: 2,
      ...('isInNames' in more && { fields: ['title'] }),
    });
    expect([...terms].flatMap((bits, id) => (bits === 1 ? [id] : []))).toEqual(known.map(({ id }) => id).toSorted());
    for (const { id, score } of known) expect(scores[id as number]).toBeCloseTo(score, 4);
  });

  verifies('docs.search', 'are added up, and each is known to be there', () => {
    const each = ['webhook', 'user'].map((term) => index.find([sought(term)]).scores);
    const { scores, terms } = index.find([sought('webhook'), sought('user')]);
    expect([...terms]).toEqual([3, 2, 1, 0]);
    expect([...scores]).toEqual(THINGS.map((_, id) => (each[0]?.[id] ?? 0) + (each[1]?.[id] ?? 0)));
    expect(['webhook', 'user', 'quantum'].map((term) => index.count(term))).toEqual([4, 4, 0]);
  });
});
