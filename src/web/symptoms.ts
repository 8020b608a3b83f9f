import type { ErrorCode } from '../core/errors.ts';
import type { OAuthErrorCode } from '../http/oauth-errors.ts';

/** What a person sees of an error, in the order of the page. The names are the anchors of the groups. */
export const SYMPTOMS = {
  'no-connection': 'The client does not connect',
  'sign-in': 'It asks to sign in, again and again',
  'not-allowed': 'It says that something is not allowed',
  confirmation: 'It asks for a confirmation, or does not take it',
  'not-accepted': 'It does not find or accept what you asked for',
  waiting: 'It says to wait, or takes too long',
  failed: 'Something has failed',
} as const;

export type Symptom = keyof typeof SYMPTOMS;

/**
 * The symptoms of each code, the most usual one first: in that group is its entry, and the others refer to it. Within a
 * group, codes are in this order.
 */
export const SYMPTOMS_OF: Readonly<Record<ErrorCode | OAuthErrorCode, readonly [Symptom, ...Symptom[]]>> = {
  not_found: ['no-connection', 'not-accepted'],
  method_not_allowed: ['no-connection'],
  invalid_request: ['no-connection', 'not-accepted'],
  access_denied: ['no-connection', 'not-allowed'],
  invalid_token: ['sign-in'],
  unauthenticated: ['sign-in'],
  insufficient_scope: ['not-allowed', 'sign-in'],
  permission_denied: ['not-allowed'],
  production_protected: ['not-allowed'],
  not_supported: ['not-allowed'],
  confirmation_required: ['confirmation'],
  confirmation_invalid: ['confirmation'],
  confirmation_unavailable: ['confirmation'],
  invalid_arguments: ['not-accepted'],
  conflict: ['not-accepted'],
  not_applied: ['not-accepted'],
  rate_limit_exceeded: ['waiting'],
  rate_limited: ['waiting'],
  upstream_timeout: ['waiting'],
  upstream_unavailable: ['waiting', 'failed'],
  server_error: ['waiting', 'failed'],
  cancelled: ['waiting'],
  upstream_error: ['failed'],
  provider_error: ['failed'],
  unexpected_response: ['failed'],
  audit_unavailable: ['failed'],
  internal_error: ['failed'],
};
