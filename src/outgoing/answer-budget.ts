/** The size in bytes up to which an answer needs no room in the budget. */
export const SMALL_ANSWER_BYTES = 64 * 1024;

/** An answer that found no room in the budget. */
export class NoRoomForAnswer extends Error {
  override readonly name = 'NoRoomForAnswer';
}

/**
 * Limits the bytes of long answers in memory, for each person and for all together. A call holds the answers that it has
 * read until it is over, because what was read from them lives so long. Nobody waits for room: an answer that finds none
 * is not read on. Calls that wait for each other with half of an answer in hand would do so until their deadlines.
 */
export class AnswerBudget {
  readonly #max: number;
  readonly #maxPerPerson: number;
  readonly #people = new Map<string, number>();
  #held = 0;

  /** Both in bytes. */
  constructor(max: number, maxPerPerson: number) {
    this.#max = max;
    this.#maxPerPerson = maxPerPerson;
  }

  /** Bytes that are held now. */
  get held(): number {
    return this.#held;
  }

  /**
   * The room of one call of a person; it holds nothing yet.
   * @param person identifies who calls, the same through all clients
   */
  room(person: string): Room {
    return new Room((bytes) => this.#take(person, bytes));
  }

  /** @throws NoRoomForAnswer */
  #take(person: string, bytes: number): void {
    const own = (this.#people.get(person) ?? 0) + bytes;
    const all = this.#held + bytes;
    if (bytes > 0 && (own > this.#maxPerPerson || all > this.#max)) throw new NoRoomForAnswer();
    this.#held = all;
    if (own === 0) this.#people.delete(person);
    else this.#people.set(person, own);
  }
}

/** What the long answers of one call hold of the budget. */
export class Room {
  readonly #take: (bytes: number) => void;
  #bytes = 0;
  #isReleased = false;

  constructor(take: (bytes: number) => void) {
    this.#take = take;
  }

  /**
   * Takes room for more of an answer.
   * @param before the bytes that had come of it
   * @param now the bytes that have come of it now
   * @throws NoRoomForAnswer
   */
  grow(before: number, now: number): void {
    if (now <= SMALL_ANSWER_BYTES || this.#isReleased) return;
    const bytes = before <= SMALL_ANSWER_BYTES ? now : now - before;
    this.#take(bytes);
    this.#bytes += bytes;
  }

  /**
   * Gives back what an answer took that nobody keeps, because it has failed on its way.
   * @param bytes those that have come of it
   */
  drop(bytes: number): void {
    if (bytes <= SMALL_ANSWER_BYTES || this.#isReleased) return;
    this.#take(-bytes);
    this.#bytes -= bytes;
  }

  /** Gives everything back: the call is over. */
  release(): void {
    this.#isReleased = true;
    this.#take(-this.#bytes);
    this.#bytes = 0;
  }
}
