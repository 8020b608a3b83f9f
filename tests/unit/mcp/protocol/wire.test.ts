import { describe, expect, it } from 'vitest';
import { ToolError } from '../../../../src/core/errors.ts';
import { failure, success } from '../../../../src/core/result.ts';
import { toCallToolResult } from '../../../../src/mcp/protocol/wire.ts';
import { verifies } from '../../../verifies.ts';

describe('the wire form of a result', () => {
  it('says a success twice: structured, and as compact JSON text', () => {
    expect(toCallToolResult(success({ a: 1 }, '{"a":1}'))).toEqual({
      content: [{ type: 'text', text: '{"a":1}' }],
      structuredContent: { a: 1 },
    });
  });

  verifies('result.form', 'says a failure in one form, without structuredContent', () => {
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

  verifies('result.no-leak', 'keeps the text of a defect to itself', () => {
    const result = toCallToolResult(failure(new TypeError('secret is not a function'), 'req-2'));
    expect(JSON.stringify(result)).not.toContain('secret');
    expect(result._meta).toMatchObject({ 'com.scalekit/error': { code: 'internal_error', requestId: 'req-2' } });
  });
});
