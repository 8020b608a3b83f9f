import { ToolError } from './errors.ts';

/**
 * Makes sure that what was deleted is gone, so that no deletion is told as a success unseen: the API may answer 200 to
 * what it has not done. Only that it finds nothing there any more proves it.
 * @param reading reads what was deleted
 * @param nextTool the tool that lists what is there
 * @throws ToolError `not_applied` when it is still there; the error of `unread` when it cannot be read
 */
export async function requireGone(reading: Promise<unknown>, nextTool: string): Promise<void> {
  try {
    await reading;
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    if (error.code === 'not_found') return;
    throw unread(error, nextTool);
  }
  const message =
    'Scalekit accepted the deletion, but what was to be deleted is still there. Do not repeat the call: delete it in the Scalekit dashboard.';
  throw new ToolError('not_applied', message, { nextTool });
}

/** The error when only the read that follows a write has failed. It must not be mistaken for a failure of the write. */
export function unread({ code, recovery: { upstream }, cause }: ToolError, nextTool: string): ToolError {
  const message = `The change has been sent, and Scalekit accepted it, but reading it back failed. Do not repeat the call: ${nextTool} tells what is there now.`;
  return new ToolError(code, message, { retryable: false, nextTool, ...(upstream && { upstream }) }, cause);
}
