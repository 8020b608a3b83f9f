import { z } from 'zod';
import { isObject, type JsonObject } from '../tool/json.ts';

/** An argument that is the text of a JSON object, because not every model can fill an object of any shape. */
export function jsonText(maxLength: number) {
  return z
    .string()
    .max(maxLength)
    .transform((text, context): JsonObject => {
      const value = parse(text);
      if (isObject(value)) return value as JsonObject;
      context.addIssue({ code: 'custom', message: 'must be the text of one JSON object' });
      return z.NEVER;
    });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
