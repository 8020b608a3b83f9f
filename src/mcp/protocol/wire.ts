import type { ResourceLink } from '../../core/content.ts';
import type { Era } from '../../core/message.ts';
import type { Result } from '../../core/result.ts';

type Block = { readonly type: 'text'; readonly text: string } | ({ readonly type: 'resource_link' } & ResourceLink);

/** A `CallToolResult` of the Model Context Protocol, as far as this server uses it. */
export type CallToolResult = {
  readonly content: Block[];
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
 *
 * Links come after the text, and only in the era of 2026, all of whose clients know them: 2025-03-26 has
 * no such block, and clients of the revisions of 2025 may fail at it.
 */
export function toCallToolResult(result: Result, era: Era): CallToolResult {
  if (result.kind === 'success') {
    const links = era === 'modern' ? (result.links ?? []) : [];
    return {
      content: [
        { type: 'text', text: result.text },
        ...links.map((link) => ({ type: 'resource_link' as const, ...link })),
      ],
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
