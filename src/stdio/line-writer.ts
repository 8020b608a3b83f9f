import type { Readable, Writable } from 'node:stream';

/**
 * Writes messages, one on each line. While nobody reads them, nothing more is read of the input: whoever sends without reading
 * takes no memory.
 */
export class LineWriter {
  readonly #input: Readable;
  readonly #output: Writable;
  #last: Promise<void> = Promise.resolve();
  #room: Promise<void> | undefined;
  #isStopped = false;

  constructor(input: Readable, output: Writable) {
    this.#input = input;
    this.#output = output;
  }

  /** Resolves when what was written last has left this process. */
  get written(): Promise<void> {
    return this.#last;
  }

  /** Resolves when somebody reads, or nobody ever will. */
  get room(): Promise<void> {
    return this.#room ?? Promise.resolve();
  }

  /**
   * Writes a message, if there is somebody to read it.
   * @returns resolves when the stream has taken it; never rejects
   * @throws RangeError for what is nested too deep to be written
   */
  write(message: object): Promise<void> {
    if (!this.#output.writable) return Promise.resolve();
    const line = `${JSON.stringify(message)}\n`;
    this.#last = new Promise((resolve) => {
      if (!this.#output.write(line, () => resolve())) this.#wait();
    });
    return this.#last;
  }

  /** Reads nothing of the input any more. */
  stop(): void {
    this.#isStopped = true;
    this.#input.pause();
  }

  #wait(): void {
    if (this.#room !== undefined) return;
    this.#input.pause();
    this.#room = new Promise((resolve) => {
      const goOn = () => {
        this.#output.off('drain', goOn).off('close', goOn);
        this.#room = undefined;
        if (!this.#isStopped) this.#input.resume();
        resolve();
      };
      this.#output.on('drain', goOn).on('close', goOn);
    });
  }
}
