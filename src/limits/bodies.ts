import type { Exceeded } from './concurrency.ts';

/**
 * The size in bytes above which a body is large. Few tools need larger ones, and all large bodies together may take
 * half of each budget, so that there is always room for others.
 */
export const LARGE_BODY_BYTES = 64 * 1024;

/** What receiving a request takes beside its body: without it, requests that never send a byte would be free. */
const RECEIVING_BYTES = 16 * 1024;

/** A body that found no room in a budget. */
export class NoRoom extends Error {
  override readonly name = 'NoRoom';
  /** Whose budget is used up: that of the person, or that of all. */
  readonly exceeded: Exceeded;

  constructor(exceeded: Exceeded) {
    super('There is no room for the body of this request.');
    this.exceeded = exceeded;
  }
}

/** Bytes that are held, of all bodies and of the large ones among them. */
interface Held {
  all: number;
  large: number;
}

/** Limits the memory of request bodies, in bytes, for each person and for all together: as they come, then as they are parsed. */
export class BodyBudget {
  readonly #max: number;
  readonly #maxPerPerson: number;
  readonly #held: Held = { all: 0, large: 0 };
  readonly #people = new Map<string, Held>();

  /** Both in bytes. */
  constructor(max: number, maxPerPerson: number) {
    this.#max = max;
    this.#maxPerPerson = maxPerPerson;
  }

  /** Bytes that are held now. */
  get held(): number {
    return this.#held.all;
  }

  /** A reservation for the body of one request of a person. It holds nothing yet. */
  reservation(person: string): Reservation {
    return new Reservation((from, to) => this.#change(person, from, to));
  }

  /** @throws NoRoom */
  #change(person: string, from: number, to: number): void {
    const own = this.#people.get(person) ?? { all: 0, large: 0 };
    const [ownAfter, allAfter] = [changed(own, from, to), changed(this.#held, from, to)];
    if (to > from) {
      if (!fits(ownAfter, this.#maxPerPerson)) throw new NoRoom('caller');
      if (!fits(allAfter, this.#max)) throw new NoRoom('all');
    }
    Object.assign(this.#held, allAfter);
    if (ownAfter.all === 0) this.#people.delete(person);
    else this.#people.set(person, ownAfter);
  }
}

/**
 * What the body of one request holds of the budgets. It does not depend on any event of the request: whoever made it
 * releases it when the request has been dealt with, whatever became of its connection.
 */
export class Reservation {
  readonly #change: (from: number, to: number) => void;
  #bytes = 0;

  constructor(change: (from: number, to: number) => void) {
    this.#change = change;
  }

  /**
   * Holds so many bytes for a body that is being received, in place of what it held before.
   * @throws NoRoom, and then holds what it held before
   */
  receiving(bytes: number): void {
    this.#hold(Math.max(bytes, RECEIVING_BYTES));
  }

  /**
   * The body has been received, and takes so many bytes once it is parsed, in place of what was held for it.
   * @throws NoRoom, and then holds what it held before
   */
  received(bytes: number): void {
    this.#hold(bytes);
  }

  /** Gives everything back. */
  release(): void {
    this.#hold(0);
  }

  #hold(bytes: number): void {
    if (bytes === this.#bytes) return;
    this.#change(this.#bytes, bytes);
    this.#bytes = bytes;
  }
}

function changed({ all, large }: Held, from: number, to: number): Held {
  return { all: all - from + to, large: large - largePart(from) + largePart(to) };
}

function largePart(bytes: number): number {
  return bytes > LARGE_BODY_BYTES ? bytes : 0;
}

function fits({ all, large }: Held, max: number): boolean {
  return all <= max && large <= max / 2;
}
