import { isWithin } from '../core/edits.ts';

/** Longer names are no tool's, and are not looked at. */
const LONGEST = 64;
const MOST = 3;
/** In words with so many letters one may differ. */
const LONG_WORD = 5;

/** A name as it is compared. */
interface Words {
  /** Without separators, in small letters. */
  readonly letters: string;
  /** Each without the `s` of a plural. */
  readonly words: readonly string[];
}

/** The names of tools, each taken apart once: there are as many as the catalogue has. */
const taken = new Map<string, Words>();

/**
 * The names that were probably meant by a name that is none of them: at most three, the nearest first. Names are near
 * when few letters differ, or when they share two words, whatever their order and number. None for a name without such.
 * @param known the names of tools of the catalogue
 */
export function nearestTo(name: string, known: Iterable<string>): string[] {
  if (name.length > LONGEST) return [];
  const meant = wordsOf(name);
  const rated = [...known].flatMap((candidate) => {
    const words = taken.get(candidate) ?? wordsOf(candidate);
    taken.set(candidate, words);
    const rating = ratingOf(meant, words);
    return rating === undefined ? [] : [{ candidate, rating }];
  });
  return rated
    .toSorted((a, b) => a.rating - b.rating)
    .slice(0, MOST)
    .map(({ candidate }) => candidate);
}

/** How far two names are from each other; `undefined` when they are not near. */
function ratingOf({ letters, words }: Words, { letters: otherLetters, words: others }: Words): number | undefined {
  if (letters === otherLetters) return 0;
  if (isWithin(letters.length >= 8 ? 2 : 1, letters, otherLetters)) return 1;
  const shared = words.filter((word) => others.some((other) => isSameWord(word, other))).length;
  return shared < 2 ? undefined : 2 + words.length + others.length - 2 * shared;
}

/** The words of a name: between separators, or each with a capital of its own. */
function wordsOf(name: string): Words {
  const separated = name.replace(/([a-z0-9])(?=[A-Z])/g, '$1_').toLowerCase();
  const words = separated.split(/[^a-z0-9]+/).filter(Boolean);
  return { letters: words.join(''), words: words.map((word) => word.replace(/s$/, '')) };
}

/** Whether two words are the same but for a letter. */
function isSameWord(one: string, another: string): boolean {
  return one === another || (one.length >= LONG_WORD && isWithin(1, one, another));
}
