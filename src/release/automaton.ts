/**
 * Finds many texts in one pass over another one (Aho and Corasick, 1975). Whatever they look like, reading takes time in
 * proportion to what is read, and memory is in proportion to their length: a state has only the edges of its texts, and
 * the state to go on from where none of them fits.
 */
export class Automaton {
  /** Where each character of ASCII leads to from the first state, where most characters of most texts are read. */
  readonly #ascii = new Int32Array(128);
  /**
   * States are numbered by increasing depth, so that those that follow on one are next to each other: from the number
   * that stands here for it to the one before that of the next state, in the order of their characters.
   */
  readonly #following: Int32Array;
  /** The character that leads to each state. */
  readonly #characters: Uint16Array;
  /** The state to go on from when no edge fits: that of the longest end of what was read that begins a text. */
  readonly #fallback: Int32Array;
  /** How many characters of the input each state has recognized. */
  readonly #depth: Int32Array;
  /** The index of the longest text that ends in a state, plus one; 0 where none does. */
  readonly #found: Int32Array;

  /** @param texts not empty each, and all different */
  constructor(texts: readonly string[]) {
    const most = 1 + texts.reduce((sum, { length }) => sum + length, 0);
    this.#following = new Int32Array(most + 1);
    this.#characters = new Uint16Array(most);
    this.#fallback = new Int32Array(most);
    this.#depth = new Int32Array(most);
    this.#found = new Int32Array(most);
    this.#grow(texts, most);
  }

  /**
   * Reads a text.
   * @param onFound called with the index of the longest text that ends there, and the index behind its end
   * @returns how long the longest beginning of one of the texts is with which this one ends, in characters
   */
  read(text: string, onFound: (index: number, end: number) => void): number {
    // Local, because this loop runs for every character of every result.
    const [ascii, found] = [this.#ascii, this.#found];
    let state = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      state = state === 0 && code < 128 ? (ascii[code] as number) : this.#next(state, code);
      if (state === 0) continue;
      const index = found[state] as number;
      if (index !== 0) onFound(index - 1, i + 1);
    }
    return this.#depth[state] as number;
  }

  /** Makes the states one after the other, each with those that follow on it: one for each beginning of a text. */
  #grow(texts: readonly string[], most: number): void {
    const order = texts.map((text, index) => ({ text, index })).sort((a, b) => (a.text < b.text ? -1 : 1));
    /** The texts with the beginning that a state stands for are next to each other: from this one to that one. */
    const [from, to] = [new Int32Array(most), new Int32Array(most)];
    to[0] = order.length;
    let count = 1;
    for (let state = 0; state < count; state++) {
      this.#following[state] = count;
      const depth = this.#depth[state] as number;
      const back = this.#fallback[state] as number;
      const end = to[state] as number;
      let at = from[state] as number;
      // The shortest is the first in order.
      const first = order[at];
      if (first?.text.length === depth) {
        this.#found[state] = first.index + 1;
        at++;
      } else {
        this.#found[state] = this.#found[back] as number;
      }
      for (; at < end; at = to[count++] as number) {
        const code = order[at]?.text.charCodeAt(depth) as number;
        let behind = at + 1;
        while (behind < end && order[behind]?.text.charCodeAt(depth) === code) behind++;
        [from[count], to[count]] = [at, behind];
        this.#characters[count] = code;
        this.#depth[count] = depth + 1;
        this.#fallback[count] = state === 0 ? 0 : this.#next(back, code);
        if (state === 0 && code < 128) this.#ascii[code] = count;
      }
    }
    this.#following[count] = count;
  }

  /** The state after one more character. Each fallback is to a smaller depth, so that there are no more than characters. */
  #next(from: number, code: number): number {
    for (let state = from; ; state = this.#fallback[state] as number) {
      const next = state === 0 && code < 128 ? (this.#ascii[code] as number) : this.#edge(state, code);
      if (next !== 0 || state === 0) return next;
    }
  }

  /** The state to which an edge leads; 0 if there is none. */
  #edge(state: number, code: number): number {
    const end = this.#following[state + 1] as number;
    let low = this.#following[state] as number;
    for (let high = end; low < high; ) {
      const middle = (low + high) >> 1;
      if ((this.#characters[middle] as number) < code) low = middle + 1;
      else high = middle;
    }
    return low < end && this.#characters[low] === code ? low : 0;
  }
}
