/** One letter in five may differ, but never more than these: with each, many more words have to be looked at. */
const SHARE = 0.2;
const MOST_DIFFERENT = 2;
/** So many words of a question, of so many letters, are looked for with other letters: each costs what many cost. */
const MOST_MISTYPED = 3;
const SHORTEST = 5;
const LONGEST = 20;

/**
 * The options of a search that also finds words with other letters, as mistyped ones have. What is looked for so is bounded,
 * since each such word is compared with a large part of the index.
 * @param terms those that may be mistyped, the likeliest first
 */
export function toleranceFor(terms: readonly string[]) {
  const mistyped = new Set(
    terms.filter(({ length }) => length >= SHORTEST && length <= LONGEST).slice(0, MOST_MISTYPED),
  );
  return { fuzzy: (term: string) => mistyped.has(term) && SHARE, maxFuzzy: MOST_DIFFERENT };
}
