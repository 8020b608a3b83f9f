import { describe, expect, it } from 'vitest';
import { ERROR_CODES, type ErrorCode, ToolError } from '../../../../src/core/errors.ts';
import { failure, preview, type Result, success } from '../../../../src/core/result.ts';
import { toCallToolResult } from '../../../../src/mcp/protocol/wire.ts';
import { failureIn } from '../../../fixtures/failure-in.ts';
import { verifies } from '../../../verifies.ts';

describe('the wire form of a result', () => {
  it('says a success twice: structured, and as compact JSON text', () => {
    expect(toCallToolResult(success({ a: 1 }, '{"a":1}'), 'modern')).toEqual({
      content: [{ type: 'text', text: '{"a":1}' }],
      structuredContent: { a: 1 },
    });
  });

  verifies('resources.linked', 'has links after the text, and only in the era of 2026', () => {
    const link = { uri: 'x://a/1', name: 'a', title: 'An A', mimeType: 'application/json' } as const;
    const result: Result = { kind: 'success', data: { a: 1 }, text: '{"a":1}', discloses: [], links: [link] };
    const text = { type: 'text', text: '{"a":1}' };
    expect(toCallToolResult(result, 'modern').content).toEqual([text, { type: 'resource_link', ...link }]);
    expect(toCallToolResult(result, 'legacy').content).toEqual([text]);
  });

  verifies('result.form', 'says a failure in one form, without structuredContent', () => {
    const cause = new Error('connect ECONNREFUSED 10.0.0.1');
    const error = new ToolError('not_found', 'Nothing there.', { field: 'id', nextTool: 'list_things' }, cause);
    const result = toCallToolResult(failure(error, 'req-1'), 'modern');
    const body = {
      code: 'not_found',
      message: 'Nothing there.',
      retryable: false,
      field: 'id',
      nextTool: 'list_things',
      requestId: 'req-1',
    };
    expect(result.isError).toBe(true);
    expect(failureIn(result)).toEqual(body);
    expect(result._meta).toEqual({
      'com.scalekit/error': { code: 'not_found', retryable: false, requestId: 'req-1' },
    });
    expect(result).not.toHaveProperty('structuredContent');
    expect(JSON.stringify(result)).not.toContain('ECONNREFUSED');
  });

  verifies('result.form', 'begins the text of every failure and preview with a word, so that it is no JSON', () => {
    const codes = Object.keys(ERROR_CODES) as ErrorCode[];
    const results = codes.map((code) => failure(new ToolError(code, 'Why.'), 'req-1'));
    const shown = { preview: { a: 1 }, confirmation: 'c', confirmationExpiresAt: '2026-01-01T00:00:00.000Z' };
    for (const result of [...results, preview(shown, 'req-2', false), preview(shown, 'req-3', true)]) {
      const sent = toCallToolResult(result, 'modern');
      const [block] = sent.content;
      const text = block?.type === 'text' ? block.text : '';
      expect(() => JSON.parse(text)).toThrow();
      expect(text).toMatch(/^[A-Za-z]+ \{/);
      const { code, retryable, requestId } = failureIn(sent);
      expect(sent._meta).toEqual({ 'com.scalekit/error': { code, retryable, requestId } });
    }
  });

  verifies('result.no-leak', 'keeps the text of a defect to itself', () => {
    const result = toCallToolResult(failure(new TypeError('secret is not a function'), 'req-2'), 'modern');
    expect(JSON.stringify(result)).not.toContain('secret');
    expect(result._meta).toMatchObject({ 'com.scalekit/error': { code: 'internal_error', requestId: 'req-2' } });
  });
});
