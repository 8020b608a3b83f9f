import { ERROR_CODES, type ErrorCode, type Recovery, ToolError } from './errors.ts';
import type { JsonObject } from './json.ts';

/** The one form in which failures leave: as text, and under `_meta["com.scalekit/error"]`. */
interface FailureBody extends Omit<Recovery, 'retryable'> {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly requestId: string;
}

/** What a call would destroy, and the string that makes it happen. */
export interface Confirmable {
  readonly preview: JsonObject;
  readonly confirmation: string;
  /** RFC 3339. */
  readonly confirmationExpiresAt: string;
}

/** What a tool call comes to. */
export type Result =
  | {
      readonly kind: 'success';
      readonly data: JsonObject;
      /** `data` as compact JSON. */
      readonly text: string;
      /** Paths of secrets in `data` that the tool exists to hand out. */
      readonly discloses: readonly string[];
    }
  | { readonly kind: 'failure'; readonly error: FailureBody }
  | { readonly kind: 'preview'; readonly error: FailureBody & Confirmable };

export function success(data: JsonObject, text: string, discloses: readonly string[] = []): Result {
  return { kind: 'success', data, text, discloses };
}

/**
 * The only way an error becomes a result. A `ToolError` speaks for itself; anything else is a defect whose text stays
 * in the log, where `requestId` finds it.
 */
export function failure(error: unknown, requestId: string): Result & { readonly kind: 'failure' } {
  if (!(error instanceof ToolError)) {
    return failure(
      new ToolError(
        'internal_error',
        'This server failed to carry out the call. Report the requestId to its operator; repeating the call will not help.',
      ),
      requestId,
    );
  }
  const { retryable = ERROR_CODES[error.code].retryable, ...recovery } = error.recovery;
  return { kind: 'failure', error: { code: error.code, message: error.message, retryable, ...recovery, requestId } };
}

/** Asks for confirmation. Every client can show a failure, so this has the form of one. */
export function preview(confirmable: Confirmable, requestId: string): Result {
  const message =
    'Nothing has been changed yet. `preview` is what would be lost. Once the person agrees, call again with the same arguments and `confirmation`.';
  const { error } = failure(new ToolError('confirmation_required', message), requestId);
  return { kind: 'preview', error: { ...error, ...confirmable } };
}
