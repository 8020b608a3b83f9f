import { once } from './once.ts';

const loads: (() => Promise<unknown>)[] = [];

/**
 * Modules that only some calls need: no start waits for them. They are loaded when they are first asked for, or in the
 * background before that (`loadingLater`), and once. Called where modules are defined, so that nothing is kept for a request.
 */
export function later<T>(load: () => Promise<T>): () => Promise<T> {
  const loaded = once(load);
  loads.push(loaded);
  return loaded;
}

/**
 * Loads all of them that are not loaded yet, one for each piece. What cannot be loaded says so to whoever asks for it.
 */
export function* loadingLater(): Iterable<Promise<unknown>> {
  for (const load of loads) yield load().catch(() => undefined);
}
