import SearchableMap from 'minisearch/SearchableMap';
import { mostDifferent } from './mistyped.ts';
import type { Slices } from './slices.ts';
import { termOf, wordsOf } from './terms.ts';

/** BM25+: how soon a word counts no more that is repeated, how much a text's length matters, and what a word counts at least. */
const [SATURATION, LENGTH, LEAST] = [1.2, 0.7, 0.5];
/** How much a term counts that begins with the one looked for, less for each further letter; and one with other letters. */
const [BEGINS, FURTHER_LETTER, MISTYPED] = [0.375, 0.3, 0.45];
/** Shorter terms are the beginning of too many. */
const SHORTEST_BEGINNING = 4;

/** The kinds of texts that things have. */
export interface Field {
  /** How much more a word counts in it. */
  readonly boost: number;
  /** Whether it says what a thing is called. */
  readonly isName: boolean;
}

/** A term that is looked for. */
export interface Sought {
  readonly term: string;
  /** Whether only names are looked at. */
  readonly isInNames: boolean;
  /** Whether it may be mistyped. */
  readonly isMistyped: boolean;
}

/** What was found: numbers for each thing. */
export interface Tally {
  readonly scores: Float64Array;
  /** Which of the terms it has, as bits. */
  readonly terms: Uint32Array;
}

/**
 * Which things have which words. How much a word counts for each thing is worked out when the index is made, and held in lists
 * of numbers: a search has nothing to do but to add.
 */
export class WordIndex {
  /** How many things there are. */
  readonly #size: number;
  /** The number of each term. */
  readonly #terms: SearchableMap<number>;
  readonly #lists: Lists;

  private constructor(size: number, terms: SearchableMap<number>, lists: Lists) {
    this.#size = size;
    this.#terms = terms;
    this.#lists = lists;
  }

  /**
   * Indexes things.
   * @param things their texts, in the order of the fields
   * @param slices gives the event loop its turn
   * @throws the reason of the slices' signal
   */
  static async of(things: Iterable<readonly string[]>, fields: readonly Field[], slices: Slices): Promise<WordIndex> {
    const reading = new Reading(fields);
    await slices.each(things, (texts) => reading.read(texts));
    const terms = new SearchableMap<number>();
    const weighing = new Weighing(reading);
    await slices.each(reading.standing, ([term, standing]) => {
      terms.set(term, weighing.add(standing));
    });
    return new WordIndex(reading.size, terms, weighing.lists);
  }

  /** How often a term stands in all texts. */
  count(term: string): number {
    const number = this.#terms.get(term);
    return number === undefined ? 0 : (this.#lists.counts[number] as number);
  }

  /** What each thing has of some terms, at most 32. One that nothing has is looked for as the beginning of others. */
  find(sought: readonly Sought[]): Tally {
    const tally = { scores: new Float64Array(this.#size), terms: new Uint32Array(this.#size) };
    for (const [place, { term, isInNames, isMistyped }] of sought.entries()) {
      const number = this.#terms.get(term);
      const meant = number === undefined ? this.#insteadOf(term, isMistyped) : [[number, 1] as const];
      const scores = isInNames ? this.#lists.named : this.#lists.scores;
      for (const [number, weight] of meant) this.#add(number, weight, scores, 1 << place, tally);
    }
    return tally;
  }

  #add(number: number, weight: number, scores: Float32Array, bit: number, tally: Tally): void {
    const { starts, things } = this.#lists;
    const end = starts[number + 1] as number;
    for (let at = starts[number] as number; at < end; at++) {
      const score = scores[at] as number;
      if (score === 0) continue;
      const thing = things[at] as number;
      tally.scores[thing] = (tally.scores[thing] as number) + weight * score;
      tally.terms[thing] = (tally.terms[thing] as number) | bit;
    }
  }

  /** The numbers of terms that may be meant by one that nothing has, and how much each counts. */
  #insteadOf(term: string, isMistyped: boolean): Map<number, number> {
    const meant = new Map<number, number>();
    const most = isMistyped ? mostDifferent(term) : 0;
    if (most > 0) {
      for (const [other, [number, different]] of this.#terms.fuzzyGet(term, most)) {
        meant.set(number, (MISTYPED * other.length) / (other.length + different));
      }
    }
    if (term.length < SHORTEST_BEGINNING) return meant;
    for (const [other, number] of this.#terms.atPrefix(term)) {
      const further = FURTHER_LETTER * (other.length - term.length);
      meant.set(number, (BEGINS * other.length) / (other.length + further));
    }
    return meant;
  }
}

/** Where a term stands: thing, field and how often, for each text that has it. */
type Standing = number[];

/** What things say, before it is known how much a word counts. */
class Reading {
  readonly fields: readonly Field[];
  readonly standing = new Map<string, Standing>();
  /** How many words each text has, thing by thing. */
  readonly lengths: number[] = [];
  /** How many pairs of a term and a thing there are. */
  pairs = 0;
  readonly #stems = new Map<string, string | null>();

  constructor(fields: readonly Field[]) {
    this.fields = fields;
  }

  get size(): number {
    return this.lengths.length / this.fields.length;
  }

  read(texts: readonly string[]): void {
    const thing = this.size;
    for (const [field, text] of texts.entries()) {
      const words = wordsOf(text);
      this.lengths.push(new Set(words).size);
      for (const word of words) this.#note(word, thing, field);
    }
  }

  #note(word: string, thing: number, field: number): void {
    const term = this.#termOf(word);
    if (term === null) return;
    const standing = this.standing.get(term) ?? [];
    const last = standing.length - 3;
    if (standing[last] !== thing) this.pairs += 1;
    else if (standing[last + 1] === field) {
      standing[last + 2] = (standing[last + 2] as number) + 1;
      return;
    }
    standing.push(thing, field, 1);
    if (last < 0) this.standing.set(term, standing);
  }

  /** A word of many texts is looked at once. */
  #termOf(word: string): string | null {
    let term = this.#stems.get(word);
    if (term === undefined) {
      term = termOf(word);
      this.#stems.set(word, term);
    }
    return term;
  }
}

/** By the numbers of terms. */
interface Lists {
  /** How often each term stands anywhere. */
  readonly counts: Uint32Array;
  /** Where the lists below begin for each term, and where they end. */
  readonly starts: Uint32Array;
  readonly things: Uint32Array;
  readonly scores: Float32Array;
  /** The part of each score that is of names. */
  readonly named: Float32Array;
}

/** Works out how much terms count. */
class Weighing {
  readonly lists: Lists;
  readonly #reading: Reading;
  readonly #averages: readonly number[];
  #term = 0;
  #at = 0;

  constructor(reading: Reading) {
    const { fields, lengths, size, standing, pairs } = reading;
    this.#reading = reading;
    this.#averages = fields.map((_, field) => {
      let sum = 0;
      for (let at = field; at < lengths.length; at += fields.length) sum += lengths[at] as number;
      return sum / size;
    });
    this.lists = {
      counts: new Uint32Array(standing.size),
      starts: new Uint32Array(standing.size + 1),
      things: new Uint32Array(pairs),
      scores: new Float32Array(pairs),
      named: new Float32Array(pairs),
    };
  }

  /**
   * Adds the list of the next term.
   * @returns its number
   */
  add(standing: Standing): number {
    const { counts, starts, things, scores, named } = this.lists;
    const { fields, lengths } = this.#reading;
    const rarity = this.#rarityOf(standing);
    const first = this.#at;
    for (let each = 0; each < standing.length; each += 3) {
      const [thing, field, often] = [standing[each], standing[each + 1], standing[each + 2]] as [
        number,
        number,
        number,
      ];
      const { boost, isName } = fields[field] as Field;
      const length = (lengths[thing * fields.length + field] as number) / (this.#averages[field] as number);
      const repeated = (often * (SATURATION + 1)) / (often + SATURATION * (1 - LENGTH + LENGTH * length));
      const score = boost * (rarity[field] as number) * (LEAST + repeated);
      if (this.#at === first || things[this.#at - 1] !== thing) things[this.#at++] = thing;
      const at = this.#at - 1;
      scores[at] = (scores[at] as number) + score;
      if (isName) named[at] = (named[at] as number) + score;
      counts[this.#term] = (counts[this.#term] as number) + often;
    }
    this.#term += 1;
    starts[this.#term] = this.#at;
    return this.#term - 1;
  }

  /** How rare a term is in each field. */
  #rarityOf(standing: Standing): number[] {
    const { fields, size } = this.#reading;
    const having = fields.map(() => 0);
    for (let at = 1; at < standing.length; at += 3) {
      const field = standing[at] as number;
      having[field] = (having[field] as number) + 1;
    }
    return having.map((count) => Math.log(1 + (size - count + 0.5) / (count + 0.5)));
  }
}
