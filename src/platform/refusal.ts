import { ToolError } from '../core/errors.ts';

/** Where the API's field of a violation comes from. */
interface Origin {
  /** The field, or what stands before its entries, in the API's names. */
  readonly at: string;
  /** The argument. */
  readonly field: string;
  /** The tool that lists its values. */
  readonly nextTool?: string;
  /** What the API speaks of where it names no field. Only of an argument that the call names. */
  readonly word?: RegExp | undefined;
}

/**
 * Adds to a refusal of the API which argument it is about: the API names fields of its own messages, which callers do not
 * know. The first violation counts.
 * @returns the error to throw
 */
export function aboutArguments(refusal: unknown, origins: readonly Origin[]): unknown {
  if (!(refusal instanceof ToolError) || refusal.code !== 'invalid_request') return refusal;
  const { violations: [first] = [], message = '' } = refusal.recovery.upstream ?? {};
  const origin =
    first === undefined
      ? origins.find(({ word }) => word?.test(message))
      : origins.find(({ at }) => first.field === at || /^[.[]/.test(rest(first.field, at)));
  if (origin === undefined) return refusal;
  const { field, nextTool } = origin;
  const recovery = { field, ...(nextTool && { nextTool }), ...refusal.recovery };
  return new ToolError(refusal.code, refusal.message, recovery, refusal.cause);
}

/**
 * Checks that a call that changes something says what.
 * @param changes by the names of the arguments, all of them
 * @throws ToolError `invalid_arguments`
 */
export function requireChange(changes: Readonly<Record<string, unknown>>, field: string): void {
  if (Object.values(changes).some((value) => value !== undefined)) return;
  throw new ToolError('invalid_arguments', 'Nothing to change: give at least one argument beside the ids.', { field });
}

/** Whether the API refuses something because it is there already. */
export function isConflict(refusal: unknown): refusal is ToolError {
  return refusal instanceof ToolError && refusal.code === 'conflict';
}

/** What follows a beginning; empty for a text that begins otherwise. */
function rest(text: string, beginning: string): string {
  return text.startsWith(beginning) ? text.slice(beginning.length) : '';
}
