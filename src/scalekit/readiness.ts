import type { Readiness } from '../core/health.ts';
import { within } from '../core/within.ts';
import type { Keys } from './keys.ts';

/** How long a probe waits for the first keys, which are being downloaded right after the start. */
const FIRST_KEYS_MS = 500;

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
