import { z } from 'zod';
import { isDeeperThan, isObject, type JsonObject, MAX_DEPTH, parseJson } from '../core/json.ts';

/**
 * An argument that is the text of a JSON object. It is a text, because not every model can fill an object of any shape.
 * @param maxLength the longest text, in characters
 */
export function jsonText(maxLength: number) {
  return z
    .string()
    .max(maxLength)
    .transform((text, context): JsonObject => {
      const value = parseJson(text);
      if (isObject(value) && !isDeeperThan(value, MAX_DEPTH)) return value as JsonObject;
      const message = isObject(value) ? `has more than ${MAX_DEPTH} levels` : 'must be the text of one JSON object';
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    });
}
