import type { Caller } from '../auth/caller.ts';
import { grantedBy, neededBy } from '../auth/scopes.ts';
import { sha256 } from '../core/digest.ts';
import { canonicalJson } from '../core/json.ts';
import type { Log } from '../observability/log/log.ts';
import type { DecisionFacts, Observation } from '../observability/observation.ts';
import { plainText } from '../observability/plain-text.ts';
import type { RequestDetails } from '../observability/request-facts.ts';
import { Cleaner } from '../release/clean.ts';
import { REDACTED } from '../release/known-secrets.ts';
import { secrecyOf } from '../release/secret-names.ts';
import type { Authorized, Decision } from './authorize.ts';

/**
 * So many characters of the texts and names in arguments are redacted for their digest. No schema has looked at them yet, and
 * the dearest take some microsecond for each. What comes behind is in the digest as it is, but for what its name says is a
 * secret: to guess anything of it, one would have to know all else.
 */
export const DIGESTED = 16_384;

/** The longest name that may say of a secret what it is, in characters. No argument has nearly such a name. */
const LONGEST_NAME = 64;

/** Redacts secrets by name and by shape; it knows no secrets of a request. */
const cleaner = new Cleaner([]);

/**
 * Reports a decision to the observers of the request. Also logs, at debug level, which scope was needed and which
 * scopes the token has. Decisions about messages that need no scope are not reported.
 */
export function observeDecision(observation: Observation, caller: Caller, decision: Decision, log: Log): void {
  if (decision.kind === 'prompt') observation.decided({ subject: `prompt ${decision.asked.prompt.name}`, details: {} });
  if (decision.kind !== 'call' && decision.kind !== 'deny') return;
  const facts = decision.kind === 'call' ? callFacts(decision.call) : denialFacts(decision.denial, caller);
  observation.decided(facts);
  log.debug('scope_check', {
    requestId: observation.requestId,
    tool: facts.tool,
    subject: facts.subject,
    needed: decision.kind === 'call' ? decision.call.scope : decision.denial.requiredScope,
    found: caller.grant.raw.map(plainText),
    allowed: decision.kind === 'call',
  });
}

/**
 * Reports the digests of a call’s arguments. Not a part of `observeDecision`: redacting arguments that no schema has
 * accepted yet takes longer than everything before, so the call is charged first.
 */
export function observeArguments(observation: Observation, decision: Decision): void {
  if (decision.kind !== 'call') return;
  const { entry, arguments: args } = decision.call;
  observation.decided({ details: digests(entry.isConfirmable, args) });
}

function denialFacts(
  { error, missingFrom, tool, subject, requiredScope }: Extract<Decision, { kind: 'deny' }>['denial'],
  caller: Caller,
): DecisionFacts {
  const admission = missingFrom && { organization: caller.organizationId, missingFrom };
  return { tool, subject, denied: error, admission, details: { scopes: caller.grant.raw, requiredScope } };
}

function callFacts({ caller, entry, scope, environment, subject }: Authorized): DecisionFacts {
  const { name, effect } = entry.tool;
  const isResource = subject !== undefined;
  const details: Partial<RequestDetails> = {
    effect,
    environment: environment?.kind === 'own' ? environment.url : environment?.id,
    scopes: grantedBy(caller.grant, neededBy(entry.tool, scope, isResource)),
  };
  return isResource ? { subject, details } : { tool: name, details };
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
    argumentsSha256: sha256(
      canonicalJson(cleaner.value(digestedPart(isConfirmation ? rest : args, { left: DIGESTED }))),
    ),
    ...(isConfirmation && { confirmationSha256: sha256(confirmation) }),
  };
}

/**
 * The beginning of a value, so that redacting it takes no time; of what comes after so many characters, the digest.
 * @param room how many characters are left; counted down
 */
function digestedPart(value: unknown, room: { left: number }): unknown {
  if (typeof value === 'string') {
    const beginning = value.slice(0, Math.max(room.left, 0));
    room.left -= value.length;
    if (beginning.length === value.length) return value;
    return { beginning, length: value.length, sha256: sha256(canonicalJson(value)) };
  }
  if (typeof value !== 'object' || value === null) return value;
  const isList = Array.isArray(value);
  const members = Object.entries(value);
  // In the order of their names, so that the digest does not depend on that in which they were sent.
  if (!isList) members.sort(([one], [other]) => (one < other ? -1 : 1));
  const kept: [string, unknown][] = [];
  for (const [name, member] of members) {
    if (room.left <= 0) break;
    // An entry of a list takes room as well.
    room.left -= name.length + 1;
    kept.push([name, digestedPart(member, room)]);
  }
  const partOf = (some: readonly [string, unknown][]) =>
    isList ? some.map(([, member]) => member) : Object.fromEntries(some);
  const rest = members.slice(kept.length);
  if (rest.length > 0) kept.push(['…', sha256(canonicalJson(withoutNamed(partOf(rest))))]);
  return partOf(kept);
}

/** A value without the secrets in it that are called so. */
function withoutNamed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutNamed);
  const isSecret = (name: string) => name.length <= LONGEST_NAME && secrecyOf(name) !== 'public';
  const members = Object.entries(value).map(([name, member]) => [
    name,
    isSecret(name) ? REDACTED : withoutNamed(member),
  ]);
  return Object.fromEntries(members);
}
