import { saysNothing, stemOf, wordsOf } from './terms.ts';

/** Stands in a phrase for other words, so many at most. */
const OTHERS = '*';
const MOST_OTHERS = 3;

/** What a phrase says, and where its own words are. */
export interface Named {
  readonly names: readonly string[];
  readonly places: readonly number[];
}

/** The rows of a table in a text: in each line a name, a colon, and phrases with commas between them. */
export function rowsOf(table: string): (readonly [name: string, phrases: readonly string[]])[] {
  return table
    .trim()
    .split('\n')
    .map((row) => {
      const [name, phrases] = row.split(': ') as [string, string];
      return [name, phrases.split(', ')] as const;
    });
}

/** Phrases, found in the words of a text by what they begin with. */
export class Phrases {
  /** By first words; those of most words first. */
  readonly #byFirst = new Map<string, { readonly words: readonly string[]; readonly names: string[] }[]>();

  /** @param rows what phrases say, and the phrases */
  constructor(rows: Iterable<readonly [name: string, phrases: readonly string[]]>) {
    for (const [name, phrases] of rows) for (const phrase of phrases) this.#add(name, stemsOf(phrase));
    for (const phrases of this.#byFirst.values()) phrases.sort((one, other) => other.words.length - one.words.length);
  }

  #add(name: string, words: readonly string[]): void {
    const first = words[0] as string;
    const phrases = this.#byFirst.get(first) ?? [];
    this.#byFirst.set(first, phrases);
    const known = phrases.find((phrase) => phrase.words.join(' ') === words.join(' '));
    if (known === undefined) phrases.push({ words, names: [name] });
    else if (!known.names.includes(name)) known.names.push(name);
  }

  /** What the longest phrase says that begins at a place, which may be limited to phrases of more than one word. */
  at(text: readonly string[], place: number, fewest = 1): Named | undefined {
    for (const { words, names } of this.#byFirst.get(text[place] as string) ?? []) {
      if (words.length < fewest) return undefined;
      const places = placesOf(words, text, place);
      if (places !== undefined) return { names, places };
    }
    return undefined;
  }

  /** Every phrase in a text, from left to right; none has words of another, nor those at places that are taken. */
  in(text: readonly string[], fewest = 1, taken: ReadonlySet<number> = new Set()): Named[] {
    const done = new Set(taken);
    return text.flatMap((_, place) => {
      const found = done.has(place) ? undefined : this.at(text, place, fewest);
      if (found === undefined || found.places.some((each) => done.has(each))) return [];
      for (const each of found.places) done.add(each);
      return [found];
    });
  }

  /** The words of all phrases. */
  words(): string[] {
    return [...this.#byFirst.values()].flat().flatMap(({ words }) => words);
  }
}

function placesOf(words: readonly string[], text: readonly string[], from: number): number[] | undefined {
  const places: number[] = [];
  let at = from;
  for (const [i, word] of words.entries()) {
    if (word === OTHERS) {
      const next = text.slice(at + 1, at + MOST_OTHERS + 1).indexOf(words[i + 1] as string);
      if (next < 0) return undefined;
      at += next + 1;
    } else if (text[at] === word) {
      places.push(at);
      at += 1;
    } else return undefined;
  }
  return places;
}

/** The words of a text, each by its stem. */
export function stemsOf(text: string): string[] {
  return text.split(' ').flatMap((part) => (part === OTHERS ? [part] : wordsOf(part).map(stemmed)));
}

/** The stem of a word, unless that is another word which stands everywhere: "theme" is not "them". */
export function stemmed(word: string): string {
  const small = word.toLowerCase();
  const single = small.endsWith('s') ? small.slice(0, -1) : small;
  for (const each of [small, single]) if (saysNothing(each)) return each;
  const stem = stemOf(small);
  return saysNothing(stem) ? small : stem;
}
