import type { ServiceHealth } from '../core/health.ts';
import { within } from '../core/within.ts';
import type { Keys } from './keys.ts';

/** How long the outcome of a download tells the state of the issuer. */
const MAX_AGE_MS = 10_000;
/** The longest time that a request for the state waits for a new download. */
const MAX_WAIT_MS = 2_000;

export interface IssuerHealthOptions {
  readonly keys: Keys;
  /** Milliseconds since the epoch; must be the same clock as that of `keys`. */
  readonly now?: () => number;
  /** The longest time to wait for a new download, in milliseconds. */
  readonly maxWaitMs?: number;
}

/**
 * Makes a function that tells the state of the authorization server, by the outcome of the latest download of its keys.
 * If that is older than ten seconds, the function starts another download. So a server without traffic also notices
 * that the issuer is unreachable, or reachable again, and frequent questions cause no more downloads.
 * @returns `degraded` when the issuer does not answer but its known keys can still be used, `unhealthy` without such
 *   keys
 */
export function issuerHealth(options: IssuerHealthOptions): () => Promise<ServiceHealth> {
  const { keys, now = Date.now, maxWaitMs = MAX_WAIT_MS } = options;
  return async () => {
    const { lastDownload } = keys;
    const isDue = lastDownload === undefined || now() - lastDownload.at >= MAX_AGE_MS;
    const isSilent = isDue && !(await renewedInTime(keys, now, maxWaitMs));
    if (!isSilent && keys.lastDownload?.answered === true) return 'healthy';
    // Known keys can be used for some time while the issuer is unreachable.
    return keys.areUsable() ? 'degraded' : 'unhealthy';
  };
}

/**
 * Downloads the keys, or waits for a download that is running already.
 * @returns whether the download ended, well or not, before it had lasted `maxWaitMs`
 */
async function renewedInTime(keys: Keys, now: () => number, maxWaitMs: number): Promise<boolean> {
  const ended = keys.renew().then(
    () => true,
    () => true,
  );
  const lastedMs = now() - (keys.downloadingSince ?? now());
  return (await within(Math.max(maxWaitMs - lastedMs, 0), ended)) ?? false;
}
