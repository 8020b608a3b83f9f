import { ToolError } from '../core/errors.ts';
import type { Observation } from '../observability/observation.ts';

/** The wait that the error recommends: the ledger is tried again after a second. */
const AUDIT_RETRY_MS = 1_000;

/**
 * Writes a call into the audit ledger before it runs, if its effect requires that. This happens before a confirmation
 * is used up, so that the same call can be repeated after a failure.
 * @param onlyShows whether it is the first of two calls, which changes nothing, so that it needs no record
 * @throws ToolError `audit_unavailable` when the ledger cannot be written
 */
export async function putOnRecord(onlyShows: boolean, observation: Observation): Promise<void> {
  if (onlyShows || (await observation.announce())) return;
  throw new ToolError(
    'audit_unavailable',
    'Nothing was changed, because this server cannot write its audit ledger at the moment. Try again soon; if it lasts, tell its operator.',
    { retryAfterMs: AUDIT_RETRY_MS },
  );
}
