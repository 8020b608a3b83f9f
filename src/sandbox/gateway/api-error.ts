/** The google.rpc codes that this API answers with, each with its HTTP status. */
const CODES = {
  INVALID_ARGUMENT: { number: 3, status: 400 },
  NOT_FOUND: { number: 5, status: 404 },
  ALREADY_EXISTS: { number: 6, status: 409 },
  PERMISSION_DENIED: { number: 7, status: 403 },
  FAILED_PRECONDITION: { number: 9, status: 400 },
  UNIMPLEMENTED: { number: 12, status: 501 },
  INTERNAL: { number: 13, status: 500 },
  UNAUTHENTICATED: { number: 16, status: 401 },
} as const;

type Code = keyof typeof CODES;

/** One field of a request that breaks a rule, as `ErrorInfo` reports it. */
export interface Violation {
  /** Path in the request message, such as `organization.display_name`. */
  readonly field: string;
  readonly description: string;
  /** Name of the rule, such as `string.max_len`. */
  readonly constraint: string;
}

/** Members of `scalekit.v1.errdetails.ErrorInfo` that say more than the code. */
interface ErrorInfo {
  /** Where the API does not repeat the google.rpc code. */
  readonly error_code?: string;
  readonly validation_error_info?: { readonly field_violations: readonly Violation[] };
  readonly resource_info?: Readonly<Record<string, unknown>>;
  readonly tool_error_info?: Readonly<Record<string, unknown>>;
}

/** A refusal of the management API. Its text is meant for whoever sent the request. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: Code;
  readonly #info: ErrorInfo;

  constructor(code: Code, message: string, info: ErrorInfo = {}) {
    super(message);
    this.code = code;
    this.#info = info;
  }

  get status(): number {
    return CODES[this.code].status;
  }

  /** The body: a google.rpc.Status with one `ErrorInfo`. */
  body(requestId: string): Record<string, unknown> {
    const info = {
      '@type': 'type.googleapis.com/scalekit.v1.errdetails.ErrorInfo',
      error_code: this.code,
      request_info: { request_id: requestId, serving_data: '' },
      ...this.#info,
    };
    return { code: CODES[this.code].number, message: this.message, details: [info] };
  }
}

/** What the gateway itself answers before any operation is found: a Status without details. */
export class RoutingError extends ApiError {
  override body(): Record<string, unknown> {
    return { code: CODES[this.code].number, message: this.message, details: [] };
  }
}

/** Refuses a request because of its content. */
export function invalid(...violations: readonly Violation[]): ApiError {
  const summary = violations.map(({ field, description }) => `${field}: ${description}`).join('; ');
  const validation_error_info = { field_violations: violations };
  return new ApiError('INVALID_ARGUMENT', `validation error: ${summary}`, { validation_error_info });
}

/** Refuses a credential that the operation is not for. */
export function forbidden(required_permissions: readonly string[]): ApiError {
  const resource_info = { resource_name: '', owner: '', description: '', required_permissions, user: '' };
  return new ApiError('PERMISSION_DENIED', 'the credential does not permit this operation', { resource_info });
}

/** @throws ApiError NOT_FOUND for what is not there */
export function found<T>(sought: T | undefined, what: string): T {
  if (sought === undefined) throw new ApiError('NOT_FOUND', `${what} not found`);
  return sought;
}

/** Finds an entry. @throws ApiError NOT_FOUND */
export function findIn<T>(list: readonly T[], isSought: (entry: T) => boolean, what: string): T {
  return found(list.find(isSought), what);
}

/** Finds an entry by its id. @throws ApiError NOT_FOUND */
export function byId<T extends { readonly id: string }>(list: readonly T[], id: string | undefined, what: string): T {
  return findIn(list, (entry) => entry.id === id, what);
}

/**
 * Refuses what would be there a second time.
 * @param error_code where it is known to be another word than the one of google.rpc
 * @throws ApiError ALREADY_EXISTS
 */
export function refuseTaken<T>(
  list: readonly T[],
  isSame: (entry: T) => boolean,
  what: string,
  error_code = 'ALREADY_EXISTS',
): void {
  if (list.some(isSame)) throw new ApiError('ALREADY_EXISTS', `${what} exists in the environment`, { error_code });
}
