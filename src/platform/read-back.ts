import { ToolError } from '../core/errors.ts';

/**
 * What the API knows after a write. It replaces lists whole and knows no versions, so that of two writers at the same
 * time one loses: reading again is the only way to notice.
 * @param written what the call has changed and reads again
 * @param nextTool the tool that shows it
 */
export async function readBack<T>(written: Promise<T>, nextTool: string): Promise<T> {
  return written.catch((error: unknown) => {
    throw error instanceof ToolError ? unread(error, nextTool) : error;
  });
}

/** What the call has done is undone, or it has undone something else. */
export function lostUpdate(loss: string, nextTool: string): ToolError {
  return new ToolError(
    'conflict',
    `Somebody else changed these settings at the same time. ${loss} Read what is there now, then decide what to do.`,
    { nextTool },
  );
}

/** The write is done, whatever has become of the look at it: the reason of that must not pass for one of the write. */
function unread({ code, recovery: { upstream }, cause }: ToolError, nextTool: string): ToolError {
  const message = `The change has been sent, and Scalekit accepted it, but reading it back failed. Do not repeat the call: ${nextTool} tells what is there now.`;
  return new ToolError(code, message, { retryable: false, nextTool, ...(upstream && { upstream }) }, cause);
}
