/** How much a word of a question counts that nobody says. `npm run bench:docs` says what a change does. */
const UNKNOWN = 4;
/** So many sayings are read at a time. */
const STEP = 50;

/** Something that is said for a thing, by its words; none twice. */
export interface Saying {
  readonly thing: number;
  readonly words: readonly string[];
}

/**
 * Finds what people say that is most like a question, by the words that both have, of all that they are; a word that is said
 * seldom counts more. Other than all sayings together, one alone tells when somebody asks nearly the same.
 */
export class NearestSaying {
  readonly #things: number;
  readonly #sayings: readonly Saying[];
  /** The sayings that have each word. */
  readonly #having: ReadonlyMap<string, readonly number[]>;
  /** How much each saying is. */
  readonly #weights: Float64Array;

  private constructor(things: number, sayings: readonly Saying[], having: ReadonlyMap<string, readonly number[]>) {
    this.#things = things;
    this.#sayings = sayings;
    this.#having = having;
    this.#weights = new Float64Array(sayings.length);
  }

  /**
   * Made in small steps.
   * @param things how many there are
   */
  static *of(things: number, sayings: readonly Saying[]): Generator<undefined, NearestSaying> {
    const having = new Map<string, number[]>();
    for (const [number, { words }] of sayings.entries()) {
      for (const word of words) {
        const known = having.get(word);
        if (known === undefined) having.set(word, [number]);
        else known.push(number);
      }
      if (number % STEP === 0) yield;
    }
    const nearest = new NearestSaying(things, sayings, having);
    for (const [number, { words }] of sayings.entries()) {
      nearest.#weights[number] = nearest.#weightOf(words);
      if (number % STEP === 0) yield;
    }
    return nearest;
  }

  /** How much the saying of each thing that is most like a question is like it, of 1. */
  likeness(question: ReadonlySet<string>): Float64Array {
    const total = this.#weightOf([...question]);
    const same = new Float64Array(this.#sayings.length);
    for (const word of question) {
      const weight = this.#weightOf([word]);
      for (const saying of this.#having.get(word) ?? []) same[saying] = (same[saying] as number) + weight;
    }
    const best = new Float64Array(this.#things);
    for (const [saying, { thing }] of this.#sayings.entries()) {
      const likeness = (2 * (same[saying] as number)) / (total + (this.#weights[saying] as number));
      if (likeness > (best[thing] as number)) best[thing] = likeness;
    }
    return best;
  }

  #weightOf(words: readonly string[]): number {
    const weights = words.map((word) => {
      const having = this.#having.get(word);
      return having === undefined ? UNKNOWN : Math.log(1 + this.#sayings.length / having.length);
    });
    return weights.reduce((sum, weight) => sum + weight, 0);
  }
}
