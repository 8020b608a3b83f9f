/**
 * Finds many texts in one pass over another one (Aho and Corasick, 1975). What it takes for each character does not
 * depend on how many there are, nor on what they look like.
 */
export class Automaton {
  /** The class of each character of ASCII; 0 for those that stand in none of the texts. */
  readonly #ascii = new Uint16Array(128);
  readonly #others = new Map<number, number>();
  readonly #width: number;
  /** The next state for each state and class of characters. */
  readonly #next: Int32Array;
  /** How many characters of the input each state has recognized. */
  readonly #depth: Int32Array;
  /** The index of the longest text that ends in a state, plus one; 0 where none does. */
  readonly #found: Int32Array;

  /** @param texts not empty each, and all different */
  constructor(texts: readonly string[]) {
    this.#width = 1 + this.#classify(texts);
    const states = 1 + texts.reduce((sum, { length }) => sum + length, 0);
    this.#next = new Int32Array(states * this.#width);
    this.#depth = new Int32Array(states);
    this.#found = new Int32Array(states);
    this.#link(this.#grow(texts));
  }

  /**
   * Reads a text.
   * @param onFound called with the index of the longest text that ends there, and the index behind its end
   * @returns how long the longest beginning of one of the texts is with which this one ends, in characters
   */
  read(text: string, onFound: (index: number, end: number) => void): number {
    // Local, because this loop runs for every character of every result.
    const [ascii, next, ends, width] = [this.#ascii, this.#next, this.#found, this.#width];
    let state = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      const kind = code < 128 ? (ascii[code] as number) : (this.#others.get(code) ?? 0);
      if (state === 0 && kind === 0) continue;
      state = next[state * width + kind] as number;
      const found = ends[state] as number;
      if (found !== 0) onFound(found - 1, i + 1);
    }
    return this.#depth[state] as number;
  }

  #classify(texts: readonly string[]): number {
    let count = 0;
    for (const text of texts) {
      for (let i = 0; i < text.length; i++) {
        const code = text.charCodeAt(i);
        if (code >= 128) {
          if (!this.#others.has(code)) this.#others.set(code, ++count);
        } else if (this.#ascii[code] === 0) {
          this.#ascii[code] = ++count;
        }
      }
    }
    return count;
  }

  /** Makes the tree of the texts: a state for each beginning of one. Returns the number of states. */
  #grow(texts: readonly string[]): number {
    let count = 1;
    texts.forEach((text, index) => {
      let state = 0;
      for (let i = 0; i < text.length; i++) {
        const code = text.charCodeAt(i);
        const kind = code < 128 ? (this.#ascii[code] as number) : (this.#others.get(code) ?? 0);
        const edge = state * this.#width + kind;
        if (this.#next[edge] === 0) {
          this.#depth[count] = i + 1;
          this.#next[edge] = count++;
        }
        state = this.#next[edge] as number;
      }
      this.#found[state] = index + 1;
    });
    return count;
  }

  /** Adds to the tree where to go on when the next character does not fit, by increasing depth. */
  #link(states: number): void {
    const queue = new Int32Array(states);
    const fallback = new Int32Array(states);
    let end = 1;
    for (let at = 0; at < end; at++) {
      const state = queue[at] as number;
      const back = fallback[state] as number;
      for (let kind = 0; kind < this.#width; kind++) {
        const edge = state * this.#width + kind;
        const child = this.#next[edge] as number;
        const otherwise = state === 0 ? 0 : (this.#next[back * this.#width + kind] as number);
        if (child === 0) {
          this.#next[edge] = otherwise;
        } else {
          fallback[child] = otherwise;
          if (this.#found[child] === 0) this.#found[child] = this.#found[otherwise] as number;
          queue[end++] = child;
        }
      }
    }
  }
}
