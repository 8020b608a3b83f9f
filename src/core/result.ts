import type { ResourceLink } from './content.ts';
import { ERROR_CODES, type ErrorCode, type Recovery, ToolError } from './errors.ts';
import { isObject, type JsonObject } from './json.ts';

/** The form of all failures: sent as text, behind a word. */
export interface FailureBody extends Omit<Recovery, 'retryable'> {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly requestId: string;
}

/** What a call would do and destroy, and the string that confirms the call. */
export interface Confirmable {
  /** What the call is about to do, in one sentence with its values. */
  readonly action?: string | undefined;
  /** What would be destroyed; left out where nothing would. */
  readonly preview?: JsonObject | undefined;
  readonly confirmation: string;
  /** RFC 3339. */
  readonly confirmationExpiresAt: string;
}

/** The outcome of a tool call, ready to be sent. */
export type Result =
  | {
      readonly kind: 'success';
      readonly data: JsonObject;
      /** `data` as compact JSON. */
      readonly text: string;
      /** Paths of secrets in `data` that the tool exists to hand out. */
      readonly discloses: readonly string[];
      /** Resources under which a client finds again what the call has made or changed. */
      readonly links?: readonly ResourceLink[];
    }
  | { readonly kind: 'failure'; readonly error: FailureBody }
  | { readonly kind: 'preview'; readonly error: FailureBody & Confirmable };

/**
 * Makes a successful result. `text` is `data` as compact JSON.
 * @param mayDisclose paths at which the tool hands out secrets; those that are in the data are flagged
 */
export function success(data: JsonObject, text: string, mayDisclose: readonly string[] = []): Result {
  return { kind: 'success', data, text, discloses: mayDisclose.filter((path) => textsAt(data, path).length > 0) };
}

/**
 * The texts at a path of names with dots between them, through lists; empty ones are none.
 * @param path such as `connections.authentication_link`
 */
export function textsAt(value: unknown, path: string): string[] {
  return textsUnder(value, path.split('.'));
}

function textsUnder(value: unknown, [name, ...rest]: readonly string[]): string[] {
  if (Array.isArray(value))
    return value.flatMap((entry) => textsUnder(entry, name === undefined ? [] : [name, ...rest]));
  if (name === undefined) return typeof value === 'string' && value !== '' ? [value] : [];
  return isObject(value) && Object.hasOwn(value, name) ? textsUnder(value[name], rest) : [];
}

/**
 * Converts an error to a result; no other function does. A `ToolError` keeps its code and message. Any other error is a
 * defect, which becomes `internal_error`; its text is only in the log, under the `requestId`.
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

/**
 * A result that asks for confirmation. It has the form of a failure, because every client can show that.
 * @param hasChanged whether the call was confirmed already, for something that is not there any more in that form
 */
export function preview(confirmable: Confirmable, requestId: string, hasChanged: boolean): Result {
  const { error } = failure(hasChanged ? changed() : required(confirmable.preview !== undefined), requestId);
  return { kind: 'preview', error: { ...error, ...confirmable } };
}

function required(takesAway: boolean): ToolError {
  const shown = takesAway
    ? '`action` is what the call would do, `preview` what would be lost.'
    : 'It would change a production environment; `action` is what it would do.';
  return new ToolError(
    'confirmation_required',
    `Nothing has been changed yet. ${shown} Once the person agrees, call again with the same arguments and \`confirmation\`.`,
  );
}

function changed(): ToolError {
  return new ToolError(
    'confirmation_invalid',
    'Nothing has been changed: what the person agreed to is not what is there now. `preview` is what would be lost now. Show it to the person; once they agree to that, call again with the same arguments and the new `confirmation`.',
    { field: 'confirmation' },
  );
}
