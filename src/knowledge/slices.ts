import { setImmediate } from 'node:timers/promises';

/** How long work in the background may hold the event loop at a time, in milliseconds. */
const SLICE_MS = 2;

/** Divides long work into slices, between which the process answers requests. */
export class Slices {
  readonly #signal: AbortSignal;
  #until = performance.now() + SLICE_MS;

  /** @param signal ends the work */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /**
   * Does something for each value, in their order.
   * @throws what it throws, or the signal's reason
   */
  async each<T>(values: Iterable<T>, act: (value: T) => void): Promise<void> {
    for (const value of values) {
      if (performance.now() >= this.#until) await this.#rest();
      act(value);
    }
  }

  async #rest(): Promise<void> {
    await setImmediate();
    this.#signal.throwIfAborted();
    this.#until = performance.now() + SLICE_MS;
  }
}
