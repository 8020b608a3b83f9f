import type { Caller } from '../auth/caller.ts';
import { grantedBy } from '../auth/scopes.ts';
import { sha256 } from '../core/digest.ts';
import { canonicalJson } from '../core/json.ts';
import type { Log } from '../observability/log/log.ts';
import type { DecisionFacts, Observation } from '../observability/observation.ts';
import { plainText } from '../observability/plain-text.ts';
import type { RequestDetails } from '../observability/request-facts.ts';
import { Cleaner } from '../release/clean.ts';
import type { Authorized, Decision } from './authorize.ts';

/** Redacts secrets by name and by shape; it knows no secrets of a request. */
const cleaner = new Cleaner([]);

/**
 * Reports a decision to the observers of the request. Also logs, at debug level, which scope was needed and which
 * scopes the token has. Decisions about messages that need no scope are not reported.
 */
export function observeDecision(observation: Observation, caller: Caller, decision: Decision, log: Log): void {
  if (decision.kind !== 'call' && decision.kind !== 'deny') return;
  const facts = decision.kind === 'call' ? callFacts(decision.call) : denialFacts(decision.denial, caller);
  observation.decided(facts);
  log.debug('scope_check', {
    requestId: observation.requestId,
    tool: facts.tool,
    needed: decision.kind === 'call' ? decision.call.scope : decision.denial.requiredScope,
    found: caller.grant.raw.map(plainText),
    allowed: decision.kind === 'call',
  });
}

function denialFacts(
  { error, tool, requiredScope }: Extract<Decision, { kind: 'deny' }>['denial'],
  caller: Caller,
): DecisionFacts {
  return { tool, denied: error, details: { scopes: caller.grant.raw, requiredScope } };
}

function callFacts({ caller, entry, scope, environment, arguments: args }: Authorized): DecisionFacts {
  const { name, effect } = entry.tool;
  const details: Partial<RequestDetails> = {
    effect,
    environment: environment?.kind === 'own' ? environment.url : environment?.id,
    scopes: grantedBy(caller.grant, { name, scope }),
    ...digests(entry.tool.preview !== undefined, args),
  };
  return { tool: name, details };
}

/**
 * Digests of the arguments and of the confirmation. The confirmation is left out of the arguments' digest, so that the
 * call that shows the preview and the confirmed call have the same one. Arguments are redacted first: a short secret
 * could be guessed from its digest.
 */
function digests(isConfirmable: boolean, args: Authorized['arguments']): Partial<RequestDetails> {
  const { confirmation, ...rest } = args;
  const isConfirmation = isConfirmable && typeof confirmation === 'string';
  return {
    argumentsSha256: sha256(canonicalJson(cleaner.value(isConfirmation ? rest : args))),
    ...(isConfirmation && { confirmationSha256: sha256(confirmation) }),
  };
}
