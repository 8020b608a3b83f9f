// What wants to be heard before this process ends, and is loaded beside the server rather than by it.

const speakers: (() => Promise<unknown>)[] = [];

/** Has this called, and waited for, before the process ends in order. */
export function beforeTheEnd(speak: () => Promise<unknown>): void {
  speakers.push(speak);
}

/** Lets all of them speak, but none for ever. Never rejects. */
export async function lastWords(patienceMs = 3_000): Promise<void> {
  if (speakers.length === 0) return;
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise((resolve) => {
    timer = setTimeout(resolve, patienceMs);
  });
  await Promise.race([Promise.allSettled(speakers.splice(0).map((speak) => speak())), patience]);
  clearTimeout(timer);
}
