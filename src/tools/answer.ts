import type { z } from 'zod';
import { ToolError } from '../tool/errors.ts';

/**
 * Reads an answer of the API that a tool needs for its next step. What a tool yields needs no such check: the pipeline
 * has its own.
 * @throws ToolError `unexpected_response`
 */
export function readAnswer<Schema extends z.ZodObject>(schema: Schema, answer: unknown): z.output<Schema> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new ToolError(
    'unexpected_response',
    'Scalekit answered in a form that this server does not know. Report the requestId to its operator.',
    {},
    parsed.error,
  );
}
