/** One letter in five may differ, but never more than these: with each, many more words have to be looked at. */
const SHARE = 0.2;
const MOST_DIFFERENT = 2;
/** So many words of a question, of so many letters, are looked for with other letters: each costs what many cost. */
const MOST_MISTYPED = 3;
const SHORTEST = 5;
const LONGEST = 20;

/**
 * The terms that are also looked for with other letters, as mistyped ones have. They are bounded, since each is compared with
 * a large part of the index.
 * @param terms those that may be mistyped, the likeliest first
 */
export function mistypedOf(terms: readonly string[]): ReadonlySet<string> {
  return new Set(terms.filter(({ length }) => length >= SHORTEST && length <= LONGEST).slice(0, MOST_MISTYPED));
}

/** How many letters of a mistyped term may differ. */
export function mostDifferent({ length }: string): number {
  return Math.min(MOST_DIFFERENT, Math.round(length * SHARE));
}
