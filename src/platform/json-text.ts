import { z } from 'zod';
import { isObject, type JsonObject } from '../core/json.ts';

/** As deep as the bodies of messages may be. What is much deeper cannot be written as text again. */
const MAX_DEPTH = 64;

/** An argument that is the text of a JSON object, because not every model can fill an object of any shape. */
export function jsonText(maxLength: number) {
  return z
    .string()
    .max(maxLength)
    .transform((text, context): JsonObject => {
      const value = parse(text);
      if (isObject(value) && isWithin(MAX_DEPTH, value)) return value as JsonObject;
      const message = isObject(value) ? `has more than ${MAX_DEPTH} levels` : 'must be the text of one JSON object';
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    });
}

/** Whether objects and arrays lie in each other at most that deep. */
function isWithin(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isWithin(levels - 1, inner));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
