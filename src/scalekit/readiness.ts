import type { Readiness } from '../core/health.ts';
import { within } from '../core/within.ts';
import type { Keys } from './keys.ts';

/** A probe waits this long for the first keys, in milliseconds: right after the start they are on their way. */
const FIRST_KEYS_MS = 500;

/** Asking brings keys that were never had: a server that nobody sends requests to until it is ready must get ready. */
export async function readinessOf(keys: Keys): Promise<Readiness> {
  if (keys.wereHad) return 'ready';
  await within(
    FIRST_KEYS_MS,
    keys.obtain().catch(() => undefined),
  );
  return keys.wereHad ? 'ready' : 'starting';
}
