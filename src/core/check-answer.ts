import type { z } from 'zod';
import { ToolError } from './errors.ts';

/** So many of the things that are wrong with an answer reach the log. */
const MAX_ISSUES = 5;

/**
 * A sentence that says what to do after a failed request to Scalekit.
 * @param safe whether sending the same request again cannot act twice
 */
export function whatNow(safe: boolean): string {
  return safe
    ? 'Repeat the call in a moment.'
    : 'The change may have been carried out or not: read the current state before you repeat the call.';
}

/**
 * Checks an answer of the API against its schema. Members that the schema does not describe are removed, because their
 * content is not known to be safe to show.
 * @param asked what the request was: after a write, the error also says that the change may have been carried out
 * @throws ToolError `unexpected_response`
 */
export function checkAnswer<Schema extends z.ZodObject>(
  schema: Schema,
  answer: unknown,
  asked: 'read' | 'write' = 'read',
): z.output<Schema> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const message = 'Scalekit answered in a form that this server does not know. Report the requestId to its operator.';
  const whole = asked === 'read' ? message : `${message} ${whatNow(false)}`;
  const cause = new Error(JSON.stringify(parsed.error.issues.slice(0, MAX_ISSUES)));
  throw new ToolError('unexpected_response', whole, {}, cause);
}
