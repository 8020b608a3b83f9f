import { type ErrorCode, ToolError } from '../core/errors.ts';

/** Failures that mean that this caller, or this environment, cannot read such things, now and later. */
const UNREADABLE: ReadonlySet<ErrorCode> = new Set(['not_supported', 'permission_denied']);

/** Whether a failure means that. */
export function isUnreadable(error: unknown): error is ToolError {
  return error instanceof ToolError && UNREADABLE.has(error.code);
}

/** The same for a list, of which an API that has none says 404, in its own form or not. */
export function isUnlistable(error: unknown): error is ToolError {
  if (isUnreadable(error)) return true;
  return error instanceof ToolError && (error.code === 'not_found' || error.recovery.upstream?.status === 404);
}
