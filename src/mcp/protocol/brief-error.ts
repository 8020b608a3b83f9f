import { withBriefTexts } from '../../core/brief.ts';
import { isObject, parseJson } from '../../core/json.ts';

/** Errors without anything long in them are shorter, in characters. */
const SHORT = 1_000;

/**
 * A message with brief texts in its error, if it has one: what the SDK and this server say of a request may repeat names,
 * versions and URIs as they came.
 */
export function withBriefErrorIn<Answer extends object>(answer: Answer): Answer {
  return 'error' in answer ? { ...answer, error: withBriefTexts(answer.error) } : answer;
}

/**
 * The same for a response of the SDK. Streams stay as they are: what a handler tells in one, this server wrote.
 */
export async function withBriefError(response: Response): Promise<Response> {
  if (response.headers.get('content-type')?.startsWith('application/json') !== true) return response;
  const text = await response.text();
  const answer = text.length <= SHORT ? undefined : parseJson(text);
  const body = isObject(answer) && 'error' in answer ? JSON.stringify(withBriefErrorIn(answer)) : text;
  return new Response(body, { status: response.status, headers: response.headers });
}
