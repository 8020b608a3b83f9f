import { within } from './within.ts';

// What wants to be heard before this process ends, and is loaded beside the server rather than by it.

const speakers: (() => Promise<unknown>)[] = [];

/** Has this called, and waited for, before the process ends in order. */
export function beforeTheEnd(speak: () => Promise<unknown>): void {
  speakers.push(speak);
}

/** Lets all of them speak, but none for ever. Never rejects. */
export async function lastWords(patienceMs = 3_000): Promise<void> {
  if (speakers.length === 0) return;
  await within(patienceMs, Promise.allSettled(speakers.splice(0).map((speak) => speak())));
}
