import { ApiError, type Code } from './api-error.ts';

/** A refusal with an error code of its own, where the API does not repeat the google.rpc code. */
export class NamedError extends ApiError {
  readonly #errorInfo: Readonly<Record<string, unknown>>;

  constructor(code: Code, message: string, errorInfo: { readonly error_code: string } & Record<string, unknown>) {
    super(code, message);
    this.#errorInfo = errorInfo;
  }

  override body(requestId: string): Record<string, unknown> {
    const body = super.body(requestId);
    const [info] = body['details'] as readonly Record<string, unknown>[];
    return { ...body, details: [{ ...info, ...this.#errorInfo }] };
  }
}
