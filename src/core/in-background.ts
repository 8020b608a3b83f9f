import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Does work of which each piece takes little time, with whatever else there is to do between two pieces.
 * @param pieces a generator that does a piece each time it is asked for the next one, or begins it and yields its promise
 * @param signal ends it after the piece at hand
 */
export async function inBackground(
  pieces: Iterable<unknown> | AsyncIterable<unknown>,
  signal: AbortSignal,
): Promise<void> {
  for await (const _ of pieces) {
    await nextTurn();
    if (signal.aborted) return;
  }
}
