/** The longest name that is compared: no tool has a longer one, and comparing takes the product of two lengths. */
const LONGEST = 64;
/** How many names are told. */
const MOST = 3;

/**
 * The names that somebody may have meant by one that there is not, the nearest first: those that differ in a letter or
 * two, and those that have all its words, or whose words it has all. A word may differ in a letter itself, as in
 * `organisation`. What came is compared and never repeated.
 */
export function nearestOf(wanted: string, names: Iterable<string>): string[] {
  if (wanted.length > LONGEST) return [];
  const words = wordsOf(wanted);
  return [...names]
    .map((name) => ({ name, away: distanceTo(name, wanted, words) }))
    .filter(({ away }) => away < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.away - b.away)
    .slice(0, MOST)
    .map(({ name }) => name);
}

/** `create`, `user` of `create_user`, `createUser` and `Create user`. */
function wordsOf(name: string): string[] {
  const apart = name.replace(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase();
  return apart.split(/[^\p{L}\d]+/u).filter((word) => word !== '');
}

/** How far a name is from the wanted one; infinite where nobody would take one for the other. */
function distanceTo(name: string, wanted: string, words: readonly string[]): number {
  if (areAlike(name, wanted.toLowerCase())) return 0;
  const own = wordsOf(name);
  const added = own.filter((word) => !words.some((other) => areAlike(word, other))).length;
  const left = words.filter((word) => !own.some((other) => areAlike(word, other))).length;
  return words.length > 0 && (added === 0 || left === 0) ? added + left : Number.POSITIVE_INFINITY;
}

/** Whether two texts are the same but for a slip: none in short ones, one or two in longer ones. */
function areAlike(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length);
  const slips = shorter < 4 ? 0 : shorter < 6 ? 1 : 2;
  return a === b || (Math.abs(a.length - b.length) <= slips && editsBetween(a, b) <= slips);
}

/** How many letters have to be put in, left out or changed to turn one text into the other (Levenshtein). */
function editsBetween(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (before[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(changed, (before[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    before = row;
  }
  return before[b.length] ?? 0;
}
