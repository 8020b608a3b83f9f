import { plainText } from '../plain-text.ts';
import type { RequestFacts } from '../request-facts.ts';
import type { Facts } from './chain.ts';

const AUTH_FAILURES: ReadonlySet<string | undefined> = new Set([
  'no_token',
  'invalid_token',
  'keys_unavailable',
  'access_denied',
]);
/** Recognized by outcome and not by HTTP status: health paths answer 503 as well, although nothing was refused. */
const LIMITS: ReadonlySet<string | undefined> = new Set(['rate_limit_exceeded', 'too_many_calls', 'overloaded']);

/** The methods with which callers reach the platform. */
const ACCESSES: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'mcp_tool_access'],
  ['resources/read', 'mcp_resource_access'],
  ['completion/complete', 'mcp_resource_access'],
]);

/** The most scopes in a record, and the most characters that they have in all: issuers may put any number into a token. */
const MAX_SCOPES = 50;
const MAX_SCOPES_LENGTH = 1_000;

/** The event under which a completed request is recorded; undefined for requests that are not recorded. */
export function eventOf({ outcome, rpc }: RequestFacts): string | undefined {
  if (AUTH_FAILURES.has(outcome)) return 'mcp_auth_failure';
  if (outcome === 'insufficient_scope') return 'mcp_step_up';
  if (LIMITS.has(outcome)) return 'mcp_limit';
  return rpc === undefined ? undefined : ACCESSES.get(rpc);
}

/** The facts of a request that are known before its tool runs: who, from where, what. */
export function intentFacts({
  requestId,
  clientRequestId,
  caller,
  client,
  tool,
  subject,
  details,
}: RequestFacts): Facts {
  return {
    request_id: requestId,
    client_request_id: clientRequestId,
    user_id: bounded(caller),
    client_id: bounded(client),
    ip_address: bounded(details.address),
    user_agent: bounded(details.userAgent),
    tool_name: tool,
    subject,
    effect: details.effect,
    environment: bounded(details.environment),
    action: details.action,
    scopes: details.scopes && boundedScopes(details.scopes),
    required_scope: details.requiredScope,
    arguments_sha256: details.argumentsSha256,
    confirmation_sha256: details.confirmationSha256,
  };
}

/** The facts of a completed request. */
export function outcomeFacts(record: RequestFacts): Facts {
  const { outcome, durationMs, details } = record;
  const success = outcome === 'ok';
  return Object.assign(intentFacts(record), {
    success,
    organization: record.organization,
    missing_from: record.missing_from,
    error: success ? undefined : (outcome ?? (details.gone === true ? 'client_closed' : 'unknown')),
    may_have_acted: mayHaveActed(record) ? true : undefined,
    client_closed: details.gone === true ? true : undefined,
    duration_ms: durationMs,
  });
}

/** Whether a call that changes something failed after it may have done so. Without an outcome it may still be at work. */
function mayHaveActed({ outcome, details: { effect, changes = 0 } }: RequestFacts): boolean {
  if (effect === undefined || effect === 'read' || outcome === 'ok') return false;
  return outcome === undefined || changes > 0;
}

function bounded(text: string | undefined): string | undefined {
  return text === undefined ? undefined : plainText(text);
}

/** The first scopes, and how many more there are. */
function boundedScopes(scopes: readonly string[]): readonly string[] {
  const kept: string[] = [];
  let left = MAX_SCOPES_LENGTH;
  for (const scope of scopes.slice(0, MAX_SCOPES)) {
    const text = plainText(scope);
    left -= text.length;
    if (left < 0) break;
    kept.push(text);
  }
  return kept.length === scopes.length ? kept : [...kept, `(${scopes.length - kept.length} more)`];
}
