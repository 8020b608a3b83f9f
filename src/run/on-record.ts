import type { Authorized } from '../access/authorize.ts';
import { ToolError } from '../core/errors.ts';
import type { Observation } from '../observability/observation.ts';
import type { Arguments } from './arguments.ts';

/** How soon the ledger is tried again after a failure. */
const AUDIT_RETRY_MS = 1_000;

/**
 * Puts a call that is about to act into the audit ledger, where its effect demands that. Comes before a confirmation is
 * used up, so that the same call can be repeated. A preview changes nothing, so it needs no record.
 * @throws ToolError `audit_unavailable` when the ledger cannot be written
 */
export async function putOnRecord(
  { entry: { tool } }: Authorized,
  { confirmation }: Arguments,
  observation: Observation,
): Promise<void> {
  const onlyShows = tool.preview !== undefined && confirmation === undefined;
  if (onlyShows || (await observation.announce())) return;
  throw new ToolError(
    'audit_unavailable',
    'Nothing was changed, because this server cannot write its audit ledger at the moment. Try again soon; if it lasts, tell its operator.',
    { retryAfterMs: AUDIT_RETRY_MS },
  );
}
