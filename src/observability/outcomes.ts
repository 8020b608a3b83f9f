import { ERROR_CODES, type ErrorCode } from '../core/errors.ts';

// The values that labels of metrics and attributes of spans may have. Any other value from outside becomes `_OTHER`.

export const OTHER = '_OTHER';

/** The outcomes of requests that are not error codes of tools. */
const REQUEST_OUTCOMES = [
  'ok',
  'accepted',
  'refused',
  'protocol_error',
  'client_closed',
  'no_token',
  'invalid_token',
  'keys_unavailable',
  'access_denied',
  'insufficient_scope',
  'rate_limit_exceeded',
  'too_many_calls',
  'overloaded',
  'method_not_allowed',
  'bad_request',
  'not_found',
  'foreign',
  'internal_error',
] as const;

/** The outcome of a request. */
export type Outcome = (typeof REQUEST_OUTCOMES)[number] | ErrorCode;

export const OUTCOMES: ReadonlySet<string> = new Set([...REQUEST_OUTCOMES, ...Object.keys(ERROR_CODES)]);

/** The methods that clients can use in any revision of MCP. */
const MCP_METHODS: ReadonlySet<string> = new Set([
  'initialize',
  'ping',
  'server/discover',
  'tools/list',
  'tools/call',
  'resources/list',
  'resources/read',
  'resources/templates/list',
  'resources/subscribe',
  'resources/unsubscribe',
  'prompts/list',
  'prompts/get',
  'completion/complete',
  'skills/list',
  'skills/get',
  'resources/directory/read',
  'subscriptions/listen',
  'logging/setLevel',
  'notifications/initialized',
  'notifications/cancelled',
  'notifications/progress',
  'notifications/roots/list_changed',
]);

const HTTP_METHODS: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
]);

/** The outcomes that are not errors. */
const NO_ERROR: ReadonlySet<string> = new Set(['ok', 'accepted', 'confirmation_required']);

/** Log events that an operator should look at, with their levels. */
export const ALARMS = {
  audit_recovered: 'warn',
  audit_unavailable: 'error',
  audit_records_lost: 'error',
  circuit_open: 'warn',
  keys_unavailable: 'warn',
  limits_store_back: 'warn',
  limits_store_lost: 'warn',
  management_api_failing: 'warn',
  oauth_server_failing: 'warn',
  request_defect: 'error',
  tool_defect: 'error',
} as const;

export const knownOutcome = (outcome: string) => (OUTCOMES.has(outcome) ? outcome : OTHER);
export const knownMcpMethod = (method: string) => (MCP_METHODS.has(method) ? method : OTHER);
export const knownHttpMethod = (method: string) => (HTTP_METHODS.has(method) ? method : OTHER);

/** The class of a request's error (OpenTelemetry's `error.type`); undefined if it succeeded. */
export function errorTypeOf(outcome: string | undefined): string | undefined {
  return outcome === undefined || NO_ERROR.has(outcome) ? undefined : knownOutcome(outcome);
}
