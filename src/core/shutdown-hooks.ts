import { within } from './within.ts';

// Lets code that the server itself does not know, such as a preloaded module, do its work before the process ends.

const hooks: (() => Promise<unknown>)[] = [];

/** Registers a hook that is called, and waited for, when the process shuts down normally. */
export function onShutdown(hook: () => Promise<unknown>): void {
  hooks.push(hook);
}

/**
 * Calls all hooks at the same time, and waits until they have settled. Never rejects. A second call does nothing.
 * @param deadlineMs the longest wait for all hooks together, in milliseconds
 */
export async function runShutdownHooks(deadlineMs = 3_000): Promise<void> {
  if (hooks.length === 0) return;
  await within(deadlineMs, Promise.allSettled(hooks.splice(0).map((hook) => hook())));
}
