/** The google.rpc codes that this API answers with, each with its HTTP status. */
const CODES = {
  INVALID_ARGUMENT: { number: 3, status: 400 },
  NOT_FOUND: { number: 5, status: 404 },
  ALREADY_EXISTS: { number: 6, status: 409 },
  PERMISSION_DENIED: { number: 7, status: 403 },
  UNIMPLEMENTED: { number: 12, status: 501 },
  INTERNAL: { number: 13, status: 500 },
  UNAUTHENTICATED: { number: 16, status: 401 },
} as const;

export type Code = keyof typeof CODES;

/** One field of a request that breaks a rule, as `ErrorInfo` reports it. */
export interface Violation {
  /** Path in the request message, such as `organization.display_name`. */
  readonly field: string;
  readonly description: string;
  /** Name of the rule, such as `string.max_len`. */
  readonly constraint: string;
}

interface Detail {
  readonly violations?: readonly Violation[];
  readonly requiredPermissions?: readonly string[];
}

/** A refusal of the management API. Its text is meant for whoever sent the request. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: Code;
  readonly detail: Detail | undefined;

  constructor(code: Code, message: string, detail?: Detail) {
    super(message);
    this.code = code;
    this.detail = detail;
  }

  get status(): number {
    return CODES[this.code].status;
  }

  /** The body: a google.rpc.Status with one `ErrorInfo`. */
  body(requestId: string): Record<string, unknown> {
    return {
      code: CODES[this.code].number,
      message: this.message,
      details: [this.#errorInfo(requestId)],
    };
  }

  #errorInfo(requestId: string): Record<string, unknown> {
    const { violations, requiredPermissions } = this.detail ?? {};
    return {
      '@type': 'type.googleapis.com/scalekit.v1.errdetails.ErrorInfo',
      error_code: this.code,
      request_info: { request_id: requestId, serving_data: '' },
      ...(violations && { validation_error_info: { field_violations: violations } }),
      ...(requiredPermissions && {
        resource_info: {
          resource_name: '',
          owner: '',
          description: '',
          required_permissions: requiredPermissions,
          user: '',
        },
      }),
    };
  }
}

/** What the gateway itself answers before any operation is found: a Status without details. */
export class RoutingError extends ApiError {
  override body(): Record<string, unknown> {
    return { code: CODES[this.code].number, message: this.message, details: [] };
  }
}

/** Refuses a request because of its content. */
export function invalid(violations: readonly Violation[]): ApiError {
  const summary = violations.map(({ field, description }) => `${field}: ${description}`).join('; ');
  return new ApiError('INVALID_ARGUMENT', `validation error: ${summary}`, { violations });
}
