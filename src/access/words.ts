import { termOf, wordsOf } from '../knowledge/terms.ts';
import { ALIKE, NEAR, PHRASES } from './synonyms.ts';

/** What somebody looks for: the terms of one word of a question, the word's own and those near to it. */
export interface Wanted {
  readonly term: string;
  /** Terms that may stand for it, and count less. */
  readonly near: readonly string[];
}

/** Longer questions are cut: so many characters hold what is looked for. */
const MAX_QUESTION = 400;

const PHRASE = new RegExp(`\\b(?:${[...PHRASES.keys()].join('|').replaceAll(' ', '[ -]')})\\b`, 'g');

/** Verbs in two parts, with up to three words between them: "log a person out". */
const PARTED: readonly (readonly [RegExp, string])[] = [
  [/\b(?:log|sign) ((?:\w{1,20} ){1,3})out\b/g, 'logout $1'],
  [/\b(?:turn|switch) ((?:\w{1,20} ){1,3})on\b/g, 'enable $1'],
  [/\b(?:turn|switch) ((?:\w{1,20} ){1,3})off\b/g, 'disable $1'],
  [/\b(?:kick|throw) ((?:\w{1,20} ){1,3})out\b/g, 'remove $1'],
  [/\b(?:take) ((?:\w{1,20} ){1,3})away\b/g, 'remove $1'],
];

/** What everybody looks for. That a question wants to read something is told by `effectMeant`. */
const SAY_NOTHING: ReadonlySet<string> = new Set('show list get view see display inspect tell give'.split(' '));

/** The terms by which a text is found, in its order. Words that mean the same have the same term. */
export function termsIn(text: string): string[] {
  let small = text.replace(/(?<=[a-z])(?=[A-Z][a-z])/g, ' ').toLowerCase();
  for (const [parted, together] of PARTED) small = small.replace(parted, together);
  const phrased = small.replace(PHRASE, (found) => PHRASES.get(found.replaceAll('-', ' ')) as string);
  return wordsOf(phrased).flatMap((word) => {
    const term = SAY_NOTHING.has(word) ? null : termOfWord(word);
    return term === null ? [] : [term];
  });
}

/** What a question looks for, each once. */
export function wantedBy(question: string): Wanted[] {
  return [...new Set(termsIn(question.slice(0, MAX_QUESTION)))].map((term) => ({
    term,
    near: nearTerms.get(term) ?? [],
  }));
}

function termOfWord(word: string): string | null {
  return termOf(ALIKE.get(word) ?? ALIKE.get(word.replace(/e?s$/, '')) ?? ALIKE.get(word.replace(/s$/, '')) ?? word);
}

const nearTerms: ReadonlyMap<string, readonly string[]> = new Map(
  [...NEAR].map(([word, near]) => [termsIn(word)[0] ?? word, [...new Set(near.flatMap(termsIn))]]),
);
