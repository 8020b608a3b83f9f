import type { z } from 'zod';
import { ToolError } from './errors.ts';

/**
 * What to do after a failed request to Scalekit.
 * @param safe whether the same request can be sent again without acting twice
 */
export function whatNow(safe: boolean): string {
  return safe
    ? 'Repeat the call in a moment.'
    : 'The change may have been carried out or not: read the current state before you repeat the call.';
}

/**
 * Checks an answer of the API against the form that is expected of it. Unknown members stay behind: nobody has looked at
 * what a schema does not describe.
 * @param asked whether the answer is that to a read; after a write, nobody can tell what happened
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
  throw new ToolError('unexpected_response', whole, {}, parsed.error);
}
