import { describe, expect, it } from 'vitest';
import { ERROR_CODES, ToolError } from '../../../src/core/errors.ts';
import { failure } from '../../../src/core/result.ts';

describe('results', () => {
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
});
