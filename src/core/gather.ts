/**
 * Told how many bytes a body takes before memory for them is used. What it throws ends the reading.
 * @param bytes of this body in all, not in addition
 */
export type Reserve = (bytes: number) => void;

/** The first piece of memory for a body of unknown length. */
const FIRST_BYTES = 16 * 1024;

/**
 * Puts a body together in one piece of reserved memory. Its chunks are copied there: each chunk that is kept holds
 * memory of its own, so a body that arrives byte by byte would take hundreds of times its length.
 */
export class Gathering {
  readonly #announced: number | undefined;
  readonly #reserve: Reserve;
  #memory: Buffer = Buffer.alloc(0);
  #length = 0;

  /**
   * @param announced the length in bytes; undefined if it is not known before the end
   * @throws what `reserve` throws
   */
  constructor(announced: number | undefined, reserve: Reserve) {
    this.#announced = announced;
    this.#reserve = reserve;
    reserve(announced ?? FIRST_BYTES);
  }

  /** The bytes so far, in order. */
  get bytes(): Buffer {
    return this.#memory.subarray(0, this.#length);
  }

  /** @throws what `reserve` throws */
  add(chunk: Buffer): void {
    const length = this.#length + chunk.length;
    if (this.#length === 0 && chunk.length === this.#announced) {
      // Nearly every body arrives whole, and needs no copy.
      this.#memory = chunk;
    } else {
      if (length > this.#memory.length) this.#extend(length);
      chunk.copy(this.#memory, this.#length);
    }
    this.#length = length;
  }

  #extend(length: number): void {
    const size = this.#announced ?? Math.max(FIRST_BYTES, 2 ** Math.ceil(Math.log2(length)));
    this.#reserve(size);
    const memory = Buffer.allocUnsafeSlow(size);
    this.#memory.copy(memory, 0, 0, this.#length);
    this.#memory = memory;
  }
}
