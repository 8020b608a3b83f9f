import type { z } from 'zod';
import { whatNow } from '../scalekit/upstream-error.ts';
import { ToolError } from '../tool/errors.ts';

/**
 * Reads an answer of the API that a tool needs for its next step. What a tool yields needs no such check: the pipeline
 * has its own.
 * @param asked whether the answer is that to a read; after a write, nobody can tell what happened
 * @throws ToolError `unexpected_response`
 */
export function readAnswer<Schema extends z.ZodObject>(
  schema: Schema,
  answer: unknown,
  asked: 'read' | 'write' = 'read',
): z.output<Schema> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const message = 'Scalekit answered in a form that this server does not know. Report the requestId to its operator.';
  throw new ToolError(
    'unexpected_response',
    asked === 'read' ? message : `${message} ${whatNow(false)}`,
    {},
    parsed.error,
  );
}
