import { expect } from 'vitest';
import { fromAnswer } from '../../../src/scalekit/upstream-error.ts';
import { verifies } from '../../verifies.ts';

verifies.each('api.permissions', [
  ['SCALEKIT_API_URL', 'Your role in the Scalekit workspace'],
  ['SCALEKIT_ENV_URL', 'The client with which this server acts'],
] as const)('a 403 says whose permission is missing where %s names the API', (setting, whose) => {
  const error = fromAnswer({
    status: 403,
    text: JSON.stringify({ code: 7, details: [{ error_code: 'PERMISSION_DENIED' }] }),
    retryAfter: undefined,
    safe: false,
    isCollection: false,
    setting,
  });
  expect(error).toMatchObject({ code: 'permission_denied', message: expect.stringContaining(whose) });
  expect(error.message).toContain('An admin of the workspace can give it');
});
