/** A priority queue (a binary heap): the largest of many values, each added or taken in logarithmic time. */
export class Heap<T> {
  readonly #sizeOf: (value: T) => number;
  readonly #values: T[] = [];

  constructor(sizeOf: (value: T) => number) {
    this.#sizeOf = sizeOf;
  }

  push(value: T): void {
    let at = this.#values.push(value) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isLarger(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  /** Takes the largest value away; undefined when there is none. */
  pop(): T | undefined {
    const [largest] = this.#values;
    const last = this.#values.pop();
    if (this.#values.length === 0 || last === undefined) return largest;
    this.#values[0] = last;
    for (let at = 0; ; ) {
      const child = this.#largerChild(at);
      if (child === undefined || !this.#isLarger(child, at)) return largest;
      this.#swap(at, child);
      at = child;
    }
  }

  #largerChild(at: number): number | undefined {
    const [left, right] = [2 * at + 1, 2 * at + 2];
    if (left >= this.#values.length) return undefined;
    return right < this.#values.length && this.#isLarger(right, left) ? right : left;
  }

  #isLarger(a: number, b: number): boolean {
    return this.#sizeOf(this.#values[a] as T) > this.#sizeOf(this.#values[b] as T);
  }

  #swap(a: number, b: number): void {
    [this.#values[a], this.#values[b]] = [this.#values[b] as T, this.#values[a] as T];
  }
}
