import type { Deadline } from './deadline.ts';

/**
 * Lets pieces of work on one thing follow each other, so that what one has read does not change under it by another of
 * this process. Other processes are not held up. Nothing is kept of what nobody works on.
 */
export class Turns {
  /** For each thing, what ends when the last piece of work that was asked for has ended. */
  readonly #last = new Map<string, Promise<void>>();

  /**
   * Waits for all earlier work on the same thing, then does this.
   * @param thing what is worked on
   * @param deadline of the call that this belongs to; work whose turn does not come in time is not done
   * @throws ToolError `cancelled` or `upstream_timeout` when the call is over first; whatever the work throws
   */
  async run<T>(thing: string, deadline: Deadline, work: () => Promise<T>): Promise<T> {
    const earlier = this.#last.get(thing);
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    // One that gives up waiting must not let the next one start before the earlier ones have ended.
    const last = earlier === undefined ? ended : earlier.then(() => ended);
    this.#last.set(thing, last);
    try {
      if (earlier !== undefined) await deadline.wait(earlier);
      return await work();
    } finally {
      end();
      // Not before all earlier work has ended: whoever gives up waiting must not let the next one start.
      void last.then(() => {
        if (this.#last.get(thing) === last) this.#last.delete(thing);
      });
    }
  }
}
