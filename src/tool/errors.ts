/**
 * Every way a tool call can fail. `retryable` says whether the same call may succeed later without anybody changing
 * anything; an error may override it (a write that timed out must not be repeated blindly).
 */
export const ERROR_CODES = {
  invalid_arguments: { retryable: false, meaning: 'An argument is missing, malformed or unknown.' },
  invalid_request: { retryable: false, meaning: 'Scalekit understood the request and refused its content.' },
  confirmation_required: { retryable: false, meaning: 'The call would destroy something and is not confirmed yet.' },
  confirmation_invalid: { retryable: false, meaning: 'The confirmation is not one for this call, or no longer good.' },
  not_found: { retryable: false, meaning: 'What the call names does not exist, or the caller may not see it.' },
  conflict: { retryable: false, meaning: 'What the call would create exists already, or has changed meanwhile.' },
  permission_denied: { retryable: false, meaning: 'Scalekit does not allow this to the caller.' },
  unauthenticated: { retryable: false, meaning: 'Scalekit does not accept the credential behind this call.' },
  rate_limited: { retryable: true, meaning: 'Scalekit answers no more requests for now.' },
  upstream_error: { retryable: true, meaning: 'Scalekit failed to answer.' },
  upstream_timeout: { retryable: true, meaning: 'Scalekit did not answer in time.' },
  upstream_unavailable: { retryable: true, meaning: 'Scalekit cannot be reached.' },
  unexpected_response: { retryable: false, meaning: 'Scalekit answered in a form that this server does not know.' },
  not_supported: { retryable: false, meaning: 'This Scalekit environment does not offer the operation.' },
  provider_error: { retryable: false, meaning: 'A third-party service behind Scalekit failed.' },
  cancelled: { retryable: true, meaning: 'The client gave up on the call.' },
  internal_error: { retryable: false, meaning: 'A defect of this server.' },
} as const satisfies Record<string, { retryable: boolean; meaning: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Text that came from the platform. It leaves as JSON string values only, never inside a sentence of ours. */
export interface UpstreamDetail {
  readonly status?: number;
  readonly error_code?: string;
  readonly message?: string;
  readonly request_id?: string;
  readonly required_permissions?: readonly string[];
  readonly violations?: readonly { readonly field: string; readonly description: string }[];
}

/** What helps a model or a person to go on after a failure. */
export interface Recovery {
  /** Overrides the default of the code. */
  readonly retryable?: boolean;
  /** Earliest moment, in milliseconds from now, at which trying again makes sense. */
  readonly retryAfterMs?: number;
  /** The argument that was wrong, as a dotted path. */
  readonly field?: string;
  /** The values that the argument may have, where they are few. */
  readonly allowed?: readonly string[];
  /** A tool that yields what was missing. */
  readonly nextTool?: string;
  readonly upstream?: UpstreamDetail;
}

/**
 * A failure whose text is ours and may reach the model. The cause is private: it is logged, never answered.
 * Anything else that is thrown during a call is a defect and leaves as `internal_error` without its text.
 */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  readonly code: ErrorCode;
  readonly recovery: Recovery;

  constructor(code: ErrorCode, message: string, recovery: Recovery = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.recovery = recovery;
  }
}
