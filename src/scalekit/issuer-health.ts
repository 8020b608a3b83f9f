import type { ServiceHealth } from '../core/health.ts';
import { within } from '../core/within.ts';
import type { Keys } from './keys.ts';

/** An observation serves for so long. */
const OBSERVATION_MS = 10_000;
/** Whoever asks for the state waits no longer than this for a new observation. */
const PATIENCE_MS = 2_000;

export interface IssuerHealthOptions {
  readonly keys: Keys;
  /** Milliseconds since the epoch; the clock of the keys. */
  readonly now?: () => number;
  readonly patienceMs?: number;
}

/**
 * The authorization server's state, as observed ten seconds ago at most. What is observed is a download of its keys,
 * whoever caused it: asking often causes none, and asking at all renews keys that are due, so that a server without
 * traffic notices that the issuer is away, and that it is back.
 */
export function issuerHealth(options: IssuerHealthOptions): () => Promise<ServiceHealth> {
  const { keys, now = Date.now, patienceMs = PATIENCE_MS } = options;
  return async () => {
    const { observation } = keys;
    const isDue = observation === undefined || now() - observation.at >= OBSERVATION_MS;
    const isSilent = isDue && !(await renewedInTime(keys, now, patienceMs));
    if (!isSilent && keys.observation?.answered === true) return 'healthy';
    // Known keys serve for a while although the issuer is away.
    return keys.areUsable() ? 'degraded' : 'unhealthy';
  };
}

/** Waits for a download, of which one is under way at a time, until it has ended or lasted too long. */
async function renewedInTime(keys: Keys, now: () => number, patienceMs: number): Promise<boolean> {
  const ended = keys.renew().then(
    () => true,
    () => true,
  );
  const lastedMs = now() - (keys.underWaySince ?? now());
  return (await within(Math.max(patienceMs - lastedMs, 0), ended)) ?? false;
}
