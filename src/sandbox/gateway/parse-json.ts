import { ApiError } from './api-error.ts';

/**
 * Reads a body as JSON; an empty one as unset.
 * @throws ApiError INVALID_ARGUMENT
 */
export function parseJson(body: string): unknown {
  if (body.trim() === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    throw new ApiError('INVALID_ARGUMENT', 'proto: syntax error: the body is not JSON');
  }
}
