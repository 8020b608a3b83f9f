import { within } from './within.ts';

// For what must be done before the process ends by code that is loaded beside the server rather than by it.

const hooks: (() => Promise<unknown>)[] = [];

/** Registers a hook, which is called and waited for when the process ends in order. */
export function onShutdown(hook: () => Promise<unknown>): void {
  hooks.push(hook);
}

/**
 * Calls all hooks at once, and waits until they have settled. Never rejects; a second call has nothing to do.
 * @param deadlineMs nobody waits longer than this for them, in milliseconds
 */
export async function runShutdownHooks(deadlineMs = 3_000): Promise<void> {
  if (hooks.length === 0) return;
  await within(deadlineMs, Promise.allSettled(hooks.splice(0).map((hook) => hook())));
}
