import type { Result } from '../../core/result.ts';

/** A `CallToolResult` of the Model Context Protocol, as far as this server uses it. */
export type CallToolResult = {
  readonly content: { readonly type: 'text'; readonly text: string }[];
  readonly structuredContent?: Record<string, unknown>;
  readonly isError?: true;
  readonly _meta?: Record<string, unknown>;
};

const ERROR_META_KEY = 'com.scalekit/error';
const SENSITIVE_META_KEY = 'com.scalekit/sensitive';

/**
 * Converts a result to its form in MCP. A failure has no `structuredContent`: clients of SDK 1.x check it against the
 * tool's `outputSchema` even for errors, and would then hide the reason. Gemini CLI takes a text that is JSON as a whole for
 * `structuredContent`, with the same effect; so the text of a failure begins with a word.
 */
export function toCallToolResult(result: Result): CallToolResult {
  if (result.kind === 'success') {
    return {
      content: [{ type: 'text', text: result.text }],
      structuredContent: result.data,
      ...(result.discloses.length > 0 && { _meta: { [SENSITIVE_META_KEY]: [...result.discloses] } }),
    };
  }
  const { code, retryable, requestId } = result.error;
  return {
    content: [{ type: 'text', text: `Error ${JSON.stringify({ error: result.error })}` }],
    isError: true,
    // Some programs show it to their model beside the text, so it has only what programs decide by.
    _meta: { [ERROR_META_KEY]: { code, retryable, requestId } },
  };
}
