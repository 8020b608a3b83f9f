import type { RequestRecord } from '../record.ts';
import type { Facts } from './chain.ts';

const AUTH_FAILURES: ReadonlySet<string | undefined> = new Set([
  'no_token',
  'invalid_token',
  'keys_unavailable',
  'access_denied',
]);
/** Not by their HTTP status: health and readiness answer 503 as well, to whom nothing was refused. */
const LIMITS: ReadonlySet<string | undefined> = new Set(['rate_limit_exceeded', 'too_many_calls', 'overloaded']);

/** Callers choose these texts, and a record must stay one short line whatever they choose. */
const MAX_TEXT = 200;
const MAX_SCOPES = 50;
const BEYOND_PLAIN = /[^\x20-\x7e]/;
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** The event that a request leaves in the ledger once it is over; undefined for requests that nobody will ask about. */
export function eventOf({ outcome, rpc }: RequestRecord): string | undefined {
  if (AUTH_FAILURES.has(outcome)) return 'mcp_auth_failure';
  if (outcome === 'insufficient_scope') return 'mcp_step_up';
  if (LIMITS.has(outcome)) return 'mcp_limit';
  return rpc === 'tools/call' ? 'mcp_tool_access' : undefined;
}

/** What is known before a tool runs: who, from where, what. */
export function intentFacts({ requestId, caller, client, tool, trail }: RequestRecord): Facts {
  return {
    request_id: requestId,
    user_id: bounded(caller),
    client_id: bounded(client),
    ip_address: bounded(trail.address),
    user_agent: bounded(trail.userAgent),
    tool_name: tool,
    effect: trail.effect,
    environment: bounded(trail.environment),
    scopes: trail.scopes?.slice(0, MAX_SCOPES).map(bounded),
    required_scope: trail.requiredScope,
    arguments_sha256: trail.argumentsSha256,
    confirmation_sha256: trail.confirmationSha256,
  };
}

/** What is known once a request is over. */
export function outcomeFacts(record: RequestRecord): Facts {
  const { outcome, durationMs, trail } = record;
  const success = outcome === 'ok';
  return Object.assign(intentFacts(record), {
    success,
    error: success ? undefined : (outcome ?? (trail.gone === true ? 'client_closed' : 'unknown')),
    client_closed: trail.gone === true ? true : undefined,
    duration_ms: durationMs,
  });
}

function bounded(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const short = text.slice(0, MAX_TEXT);
  return BEYOND_PLAIN.test(short) ? short.replace(INVISIBLE, '') : short;
}
