import { isObject } from '../core/json.ts';

/**
 * Times that the platform changes by itself, when something is used, refreshed or written. A change that a person made
 * shows in other members as well.
 */
const MOVING_TIMES: ReadonlySet<string> = new Set([
  'idle_expires_at',
  'last_active_at',
  'last_used_at',
  'last_used_time',
  'last_synced_at',
  'last_login_time',
  'token_expires_at',
  'updated_at',
  'update_time',
]);

/** How much a synchronization has brought so far, which each of them may change. */
const MOVING_COUNTS: ReadonlySet<string> = new Set(['total_users', 'total_groups']);

/**
 * What a confirmation is good for: what its preview showed, without the times and counts that change by themselves. Otherwise
 * nothing that is in use could ever be confirmed.
 * @param shown the preview, as JSON
 */
export function factsOf(shown: unknown): unknown {
  if (Array.isArray(shown)) return shown.map(factsOf);
  if (!isObject(shown)) return shown;
  const kept = Object.entries(shown).filter(
    ([name, value]) => !(MOVING_TIMES.has(name) && isTime(value)) && !(MOVING_COUNTS.has(name) && isCount(value)),
  );
  // What people keep with a thing has names of theirs.
  return Object.fromEntries(kept.map(([name, value]) => [name, name === 'metadata' ? value : factsOf(value)]));
}

/** The platform leaves a time out, or sends null or "", when there is none yet. */
function isTime(value: unknown): boolean {
  return typeof value === 'string' || value === null || value === undefined;
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'string' || value === null || value === undefined;
}
