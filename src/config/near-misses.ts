// Names of variables that look like one of ours. Such a setting would pass in silence, and another value would apply.

import { isWithin } from '../core/edits.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A variable that is set and not read, and the one that was probably meant. */
export interface NearMiss {
  readonly name: string;
  readonly meant: string;
}

/** Names with this many letters may differ in this many of them. In shorter ones another word is too near: see `isSlip`. */
const TOLERANCE = [
  { letters: 12, edits: 2 },
  { letters: 8, edits: 1 },
] as const;

/** Whether a variable has a value. An empty one counts as unset. */
export function isSet(env: Environment, name: string): boolean {
  return (env[name] ?? '').trim() !== '';
}

/**
 * Finds variables that are set and are almost called like one that is not.
 * @param known the names of all variables that are read
 */
export function nearMisses(env: Environment, known: readonly string[]): NearMiss[] {
  const open = known.filter((name) => !isSet(env, name)).map((name) => ({ name, letters: lettersOf(name) }));
  return Object.keys(env)
    .filter((name) => !known.includes(name) && isSet(env, name))
    .flatMap((name) => {
      const letters = lettersOf(name);
      const meant =
        open.find((other) => other.letters === letters) ??
        open.find((other) => isWithin(editsIn(other.letters), letters, other.letters)) ??
        open.find((other) => isSlip(letters, other.letters)) ??
        open.find((other) => isAnotherForm(name, other.name));
      return meant === undefined ? [] : [{ name, meant: meant.name }];
    });
}

/** The name without what is most often mistaken in it: case, separators, and a word that Scalekit's own SDKs write out. */
function lettersOf(name: string): string {
  return name
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .replace('ENVIRONMENT', 'ENV');
}

function editsIn(letters: string): number {
  return TOLERANCE.find((row) => letters.length >= row.letters)?.edits ?? 0;
}

/** Whether two letters were swapped, or one was typed twice: no other word comes about so. */
function isSlip(letters: string, meant: string): boolean {
  if (meant.length < 4) return false;
  const isSwapped = sorted(letters) === sorted(meant) && isWithin(1, letters, meant);
  return isSwapped || (letters.length === meant.length + 1 && withoutDoubles(letters) === withoutDoubles(meant));
}

function withoutDoubles(letters: string): string {
  return letters.replace(/(.)\1+/g, '$1');
}

function sorted(letters: string): string {
  return [...letters].sort().join('');
}

/** Whether the names are the same but for one of several words, which begins alike, as MODE and MODUS do. */
function isAnotherForm(name: string, meant: string): boolean {
  const [words, others] = [name.toUpperCase().split('_'), meant.split('_')];
  if (others.length < 2 || words.length !== others.length) return false;
  const differing = others.flatMap((other, i) => (words[i] === other ? [] : [{ word: words[i] ?? '', other }]));
  return differing.length === 1 && differing.every(({ word, other }) => beginsAlike(word, other));
}

function beginsAlike(word: string, other: string): boolean {
  return other.length >= 4 && word.slice(0, 3) === other.slice(0, 3) && isWithin(2, word, other);
}
