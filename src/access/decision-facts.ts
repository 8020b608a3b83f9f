import { createHmac, randomBytes } from 'node:crypto';
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
 * the dearest take some microsecond for each.
 */
export const DIGESTED = 16_384;

/**
 * The key of digests of what cannot be shown: nobody can guess that, and no two calls that do different things have the same digest.
 * It is that of this process, and nobody else's.
 */
const KEY = randomBytes(32);

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
    argumentsSha256: digestOf(isConfirmation ? rest : args),
    ...(isConfirmation && { confirmationSha256: sha256(confirmation) }),
  };
}

/**
 * The digest of arguments as canonical JSON. Secrets that are called so do not count; where something else is redacted, or it is
 * too long for that, it is the digest of all the rest under the key of this process.
 */
function digestOf(args: unknown): string {
  const named = withoutNamed(args);
  const whole = canonicalJson(named);
  const isShown = whole.length <= DIGESTED && cleaner.value(named) === named;
  return isShown ? sha256(whole) : createHmac('sha256', KEY).update(whole).digest('hex');
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
