import { ToolError } from '../core/errors.ts';

/**
 * Waits for a read that follows a write. The API replaces lists as a whole and has no versions, so of two concurrent
 * writes one is lost; reading again is the only way to notice that.
 * @param written the read
 * @param nextTool the tool that shows the same, for the error
 * @throws ToolError whose message says that the write was accepted and must not be repeated
 */
export async function readBack<T>(written: Promise<T>, nextTool: string): Promise<T> {
  return written.catch((error: unknown) => {
    throw error instanceof ToolError ? unread(error, nextTool) : error;
  });
}

/**
 * The error of a lost update: the change of this call was overwritten, or it has overwritten another one.
 * @param loss a sentence that says what is wrong
 * @param nextTool the tool that shows the current state
 */
export function lostUpdate(loss: string, nextTool: string): ToolError {
  return new ToolError(
    'conflict',
    `Somebody else changed these settings at the same time. ${loss} Read what is there now, then decide what to do.`,
    { nextTool },
  );
}

/** The error when only the read has failed. It must not be mistaken for a failure of the write. */
function unread({ code, recovery: { upstream }, cause }: ToolError, nextTool: string): ToolError {
  const message = `The change has been sent, and Scalekit accepted it, but reading it back failed. Do not repeat the call: ${nextTool} tells what is there now.`;
  return new ToolError(code, message, { retryable: false, nextTool, ...(upstream && { upstream }) }, cause);
}
