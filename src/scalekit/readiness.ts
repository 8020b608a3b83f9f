import { setTimeout as wait } from 'node:timers/promises';
import type { Readiness } from '../core/health.ts';
import { within } from '../core/within.ts';
import type { Keys } from './keys.ts';

/** How long a probe waits for the first keys, which are being downloaded right after the start. */
const FIRST_KEYS_MS = 500;
/** The pause before another attempt to get the first keys; doubled after each. */
const PAUSE_MS = { first: 1_000, longest: 15_000 } as const;

/**
 * Whether this server is ready: it is once it has had keys. If it never had any, this starts a download, because a
 * server that is not ready gets no requests that would start one.
 */
export async function readinessOf(keys: Keys): Promise<Readiness> {
  if (keys.wereHad) return 'ready';
  await within(
    FIRST_KEYS_MS,
    keys.obtain().catch(() => undefined),
  );
  return keys.wereHad ? 'ready' : 'starting';
}

/**
 * Downloads the first keys, again and again until they are had, whoever gets them.
 * @throws the reason of the signal when that is aborted before
 */
export async function firstKeys(keys: Keys, signal: AbortSignal): Promise<void> {
  for (let pauseMs: number = PAUSE_MS.first; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MS.longest)) {
    await keys.obtain().catch(() => undefined);
    signal.throwIfAborted();
    if (keys.wereHad) return;
    const jittered = pauseMs * (0.8 + 0.4 * Math.random());
    await Promise.race([keys.first, wait(jittered, undefined, { signal, ref: false })]);
  }
}
