import type { Authorized, Decision } from '../access/authorize.ts';
import type { Caller } from '../auth/caller.ts';
import { grantedBy } from '../auth/scopes.ts';
import { sha256 } from '../core/digest.ts';
import { canonicalJson } from '../core/json.ts';
import type { Log } from '../observability/log/log.ts';
import type { RequestRecord } from '../observability/record.ts';
import { Cleaner } from '../release/clean.ts';

/** By key and by shape. */
const cleaner = new Cleaner([]);

/**
 * Leaves what was decided in the trail of a request, for the audit ledger, and what a scope check needed and found in
 * the log, at debug level.
 */
export function followDecision(
  { requestId, trail }: RequestRecord,
  caller: Caller,
  decision: Decision,
  log: Log,
): void {
  if (decision.kind !== 'call' && decision.kind !== 'deny') return;
  const isCall = decision.kind === 'call';
  const tool = isCall ? decision.call.entry.tool.name : decision.denial.tool;
  const needed = isCall ? decision.call.scope : decision.denial.requiredScope;
  const found = caller.grant.raw;
  log.debug('scope_check', { requestId, tool, needed, found, allowed: isCall });
  Object.assign(trail, isCall ? callTrail(decision.call) : { scopes: found, requiredScope: needed });
}

function callTrail({ caller, entry, scope, arguments: args }: Authorized): Partial<RequestRecord['trail']> {
  const { name, effect, preview } = entry.tool;
  // Not a part of what is asked for: the call that shows what would be lost and the one that acts have one digest.
  const { confirmation, ...rest } = args;
  const isConfirmation = preview !== undefined && typeof confirmation === 'string';
  return {
    effect,
    scopes: grantedBy(caller.grant, { name, scope }),
    argumentsSha256: digestOf(isConfirmation ? rest : args),
    ...(isConfirmation && { confirmationSha256: sha256(confirmation) }),
  };
}

/** Redacted first: a digest of a short secret would be as good as the secret. */
function digestOf(args: Readonly<Record<string, unknown>>): string {
  return sha256(canonicalJson(cleaner.value(args)));
}
