import { withBriefTexts } from '../../core/brief.ts';
import { isObject, parseJson } from '../../core/json.ts';

/** Errors without anything long in them are shorter, in characters. */
const SHORT = 1_000;

/**
 * The response of the SDK, whose errors repeat names, versions and URIs as they came, with brief texts in its error.
 * Streams stay as they are: what a handler tells in one, this server wrote.
 */
export async function withBriefError(response: Response): Promise<Response> {
  if (response.headers.get('content-type')?.startsWith('application/json') !== true) return response;
  const text = await response.text();
  const answer = text.length <= SHORT ? undefined : parseJson(text);
  const isLongError = isObject(answer) && answer['error'] !== undefined;
  const body = isLongError ? JSON.stringify({ ...answer, error: withBriefTexts(answer['error']) }) : text;
  return new Response(body, { status: response.status, headers: response.headers });
}
