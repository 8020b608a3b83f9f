import { boundedMap } from '../core/bounded-map.ts';
import { digestOf } from '../core/digest.ts';

/** For how long it is remembered that a caller was told of a missing scope. */
export const REMEMBERED_MS = 5 * 60_000;

/** The facts about a caller by which it is told apart: a person through a client, whatever the token. */
export interface Asker {
  readonly person: string;
  readonly clientId: string | undefined;
}

/** Remembers who was told of a missing scope by a 403, for which tool. */
export interface StepUps {
  /**
   * Remembers that a caller is being told.
   * @returns whether it was told within five minutes before; then nothing new is remembered
   */
  told(caller: Asker, tool: string): Promise<boolean>;
  /** Forgets what was remembered, because the caller may use the tool now. */
  passed(caller: Asker, tool: string): void;
}

/** How many callers and tools this process remembers. Whoever is forgotten gets a 403 once more. */
const MAX_REMEMBERED = 20_000;

/** Remembers in the memory of this process. */
export function memoryStepUps(max = MAX_REMEMBERED): StepUps {
  /** Until when each is remembered, in milliseconds since the epoch. */
  const remembered = boundedMap<string, number>(max);
  return {
    told: (caller, tool) => {
      const key = `${askerKey(caller)} ${tool}`;
      const now = Date.now();
      if ((remembered.get(key) ?? 0) > now) return Promise.resolve(true);
      remembered.set(key, now + REMEMBERED_MS);
      return Promise.resolve(false);
    },
    passed: (caller, tool) => {
      if (remembered.size > 0) remembered.delete(`${askerKey(caller)} ${tool}`);
    },
  };
}

const keys = new WeakMap<Asker, string>();

/** The key of a caller: short, and the same for all its tokens. Found once for each token. */
export function askerKey(caller: Asker): string {
  const known = keys.get(caller);
  if (known !== undefined) return known;
  const key = digestOf(JSON.stringify([caller.person, caller.clientId]));
  keys.set(caller, key);
  return key;
}
