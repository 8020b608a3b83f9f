/** How much a word counts, and how much two that stand side by side. `npm run bench:tools` says what a change does. */
const WORD = 1;
const PAIR = 0.5;
/** What something says, and how much each part of it counts. */
export type Said = ReadonlyMap<string, number>;

/** How much likelier a part makes a thing that it is said for. */
interface Gain {
  readonly thing: number;
  readonly gain: number;
}

/**
 * Which of several things people mean, by what others have said for each: naive Bayes. What is said
 * has parts, such as words; one that is said for few things tells most. Two words that stand side by side once are no part.
 */
export class Sayings {
  /** The number of each part. */
  readonly #parts: ReadonlyMap<string, number>;
  /** Where the lists below begin for each part, and where they end. */
  readonly #starts: Uint32Array;
  /** What each part is said for, and how much likelier it makes that: lists of numbers, since they are many. */
  readonly #things: Uint16Array;
  readonly #gains: Float32Array;
  /** How much less likely each thing is by a part that is not said for it. */
  readonly #losses: Float64Array;

  private constructor(lists: ReadonlyMap<string, readonly Gain[]>, losses: Float64Array) {
    const gains = [...lists.values()].flat();
    this.#parts = new Map([...lists.keys()].map((part, number) => [part, number]));
    this.#starts = startsOf([...lists.values()]);
    this.#things = Uint16Array.from(gains, ({ thing }) => thing);
    this.#gains = Float32Array.from(gains, ({ gain }) => gain);
    this.#losses = losses;
  }

  /**
   * Made in small steps.
   * @param said what is said for each thing
   * @param prior so much of what is said for all things together is taken to be said for each one, so that what is said once
   * means little
   */
  static *of(said: readonly Said[], prior: number): Generator<undefined, Sayings> {
    const everywhere = new Map<string, number>();
    for (const parts of said) {
      addAll(everywhere, parts);
      yield;
    }
    for (const [part, counts] of everywhere) if (counts <= PAIR) everywhere.delete(part);
    const expected = prior / sumOf(everywhere);
    const lists = new Map<string, Gain[]>([...everywhere.keys()].map((part) => [part, []]));
    const losses = new Float64Array(said.length);
    for (const [thing, parts] of said.entries()) {
      let total = 0;
      for (const [part, counts] of parts) {
        const all = everywhere.get(part);
        if (all === undefined) continue;
        lists.get(part)?.push({ thing, gain: Math.log(1 + counts / (all * expected)) });
        total += counts;
      }
      losses[thing] = Math.log(1 + total / prior);
      yield;
    }
    return new Sayings(lists, losses);
  }

  /** How much likelier a question is for each thing than for any: the logarithm of that. */
  likelihoods(question: Said): Float64Array {
    const likelihoods = new Float64Array(this.#losses.length);
    let known = 0;
    for (const [part, counts] of question) {
      const number = this.#parts.get(part);
      if (number === undefined) continue;
      known += counts;
      const end = this.#starts[number + 1] as number;
      for (let at = this.#starts[number] as number; at < end; at++) {
        const thing = this.#things[at] as number;
        likelihoods[thing] = (likelihoods[thing] as number) + counts * (this.#gains[at] as number);
      }
    }
    return likelihoods.map((likelihood, thing) => likelihood - known * (this.#losses[thing] as number));
  }

  /** Whether a part is said for anything. */
  knows(part: string): boolean {
    return this.#parts.has(part);
  }
}

/** Where each of several lists begins when they follow each other, and where the last one ends. */
function startsOf(lists: readonly { readonly length: number }[]): Uint32Array {
  const starts = new Uint32Array(lists.length + 1);
  for (const [number, { length }] of lists.entries()) starts[number + 1] = (starts[number] as number) + length;
  return starts;
}

/** What words say that follow each other. */
export function saidBy(words: readonly string[]): Map<string, number> {
  const said = new Map<string, number>();
  for (const [place, word] of words.entries()) {
    add(said, word, WORD);
    if (place > 0) add(said, `${words[place - 1]} ${word}`, PAIR);
  }
  return said;
}

/** What several texts say together. */
export function saidByAll(texts: readonly Said[]): Said {
  const together = new Map<string, number>();
  for (const text of texts) addAll(together, text);
  return together;
}

/** Counts a part of what is said once more. */
export function add(to: Map<string, number>, part: string, counts: number): void {
  to.set(part, (to.get(part) ?? 0) + counts);
}

function addAll(to: Map<string, number>, said: Said): void {
  for (const [part, counts] of said) add(to, part, counts);
}

function sumOf(said: Said): number {
  let sum = 0;
  for (const counts of said.values()) sum += counts;
  return sum;
}
