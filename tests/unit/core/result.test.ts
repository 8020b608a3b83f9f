import { describe, expect, it } from 'vitest';
import { ERROR_CODES, ToolError } from '../../../src/core/errors.ts';
import { failure, success, toCallToolResult } from '../../../src/core/result.ts';

describe('results', () => {
  it('says a success twice: structured, and as compact JSON text', () => {
    expect(toCallToolResult(success({ a: 1 }, '{"a":1}'))).toEqual({
      content: [{ type: 'text', text: '{"a":1}' }],
      structuredContent: { a: 1 },
    });
  });

  it('says a failure in one form, without structuredContent [result.form]', () => {
    const cause = new Error('connect ECONNREFUSED 10.0.0.1');
    const error = new ToolError('not_found', 'Nothing there.', { field: 'id', nextTool: 'list_things' }, cause);
    const result = toCallToolResult(failure(error, 'req-1'));
    const body = {
      code: 'not_found',
      message: 'Nothing there.',
      retryable: false,
      field: 'id',
      nextTool: 'list_things',
      requestId: 'req-1',
    };
    expect(result.isError).toBe(true);
    expect(JSON.parse(String(result.content[0]?.text))).toEqual({ error: body });
    expect(result._meta).toEqual({ 'com.scalekit/error': body });
    expect(result).not.toHaveProperty('structuredContent');
    expect(JSON.stringify(result)).not.toContain('ECONNREFUSED');
  });

  it('takes retryable from the code unless the error knows better', () => {
    const retryable = (error: ToolError) => {
      const result = failure(error, 'r');
      return result.kind === 'failure' && result.error.retryable;
    };
    for (const [code, { retryable: expected }] of Object.entries(ERROR_CODES)) {
      expect(retryable(new ToolError(code as keyof typeof ERROR_CODES, 'm'))).toBe(expected);
    }
    expect(retryable(new ToolError('upstream_timeout', 'm', { retryable: false }))).toBe(false);
  });

  it('keeps the text of a defect to itself [result.no-leak]', () => {
    const result = toCallToolResult(failure(new TypeError('secret is not a function'), 'req-2'));
    expect(JSON.stringify(result)).not.toContain('secret');
    expect(result._meta).toMatchObject({ 'com.scalekit/error': { code: 'internal_error', requestId: 'req-2' } });
  });
});
