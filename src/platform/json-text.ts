import { z } from 'zod';
import { excessOf, MAX_VALUES } from '../core/extent.ts';
import { isDeeperThan, isObject, type JsonObject, MAX_DEPTH, parseJson } from '../core/json.ts';

/** The longest text, in characters. */
const MAX_LENGTH = 65_536;

/**
 * An argument that is the text of a JSON object. It is a text, because not every model can fill an object of any shape.
 * It is parsed only if it is not longer than that, and neither too wide nor too deep.
 */
export const jsonText = z
  .string()
  .max(MAX_LENGTH, { abort: true })
  .transform((text, context): JsonObject => {
    const excess = excessOf(text);
    const value = excess === undefined ? parseJson(text) : undefined;
    if (isObject(value) && !isDeeperThan(value, MAX_DEPTH)) return value as JsonObject;
    context.addIssue({ code: 'custom', message: reason(excess ?? (isObject(value) ? 'deep' : 'other')) });
    return z.NEVER;
  });

function reason(problem: 'deep' | 'many' | 'other'): string {
  if (problem === 'deep') return `has more than ${MAX_DEPTH} levels`;
  return problem === 'many' ? `has more than ${MAX_VALUES} values` : 'must be the text of one JSON object';
}
