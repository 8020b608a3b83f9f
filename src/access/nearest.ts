import { isWithin } from '../core/edits.ts';

/** Longer names are no tool's, and are not looked at. */
const LONGEST = 64;
const MOST = 3;
/** In words with so many letters one may differ. */
const LONG_WORD = 5;

/**
 * The names that were probably meant by a name that is none of them: at most three, the nearest first. Names are near when
 * few letters differ, or when they share two words, whatever their order and number. None for a name without such.
 */
export function nearestTo(name: string, known: Iterable<string>): string[] {
  if (name.length > LONGEST) return [];
  const words = wordsOf(name);
  const rated = [...known].flatMap((candidate) => {
    const rating = ratingOf(words, wordsOf(candidate));
    return rating === undefined ? [] : [{ candidate, rating }];
  });
  return rated
    .toSorted((a, b) => a.rating - b.rating)
    .slice(0, MOST)
    .map(({ candidate }) => candidate);
}

/** How far two names are from each other; `undefined` when they are not near. */
function ratingOf(words: readonly string[], others: readonly string[]): number | undefined {
  const [letters, otherLetters] = [words.join(''), others.join('')];
  if (letters === otherLetters) return 0;
  if (isWithin(letters.length >= 8 ? 2 : 1, letters, otherLetters)) return 1;
  const shared = words.filter((word) => others.some((other) => isSameWord(word, other))).length;
  return shared < 2 ? undefined : 2 + words.length + others.length - 2 * shared;
}

/** The words of a name, in small letters: between separators, or each with a capital of its own. */
function wordsOf(name: string): string[] {
  const separated = name.replace(/([a-z0-9])(?=[A-Z])/g, '$1_').toLowerCase();
  return separated.split(/[^a-z0-9]+/).filter(Boolean);
}

/** Whether two words are the same but for the number, or for a letter. */
function isSameWord(word: string, other: string): boolean {
  const [one, another] = [word.replace(/s$/, ''), other.replace(/s$/, '')];
  return one === another || (one.length >= LONG_WORD && isWithin(1, one, another));
}
