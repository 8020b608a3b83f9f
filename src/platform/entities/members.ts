import { z } from 'zod';
import { isObject } from '../../core/json.ts';

/**
 * An object with members of any name, unchanged. `z.record` and `z.looseObject` silently drop a member called
 * `__proto__`, so that it would be lost when the object is written back.
 */
export const Members = z
  .unknown()
  .refine(isObject, 'must be an object')
  .meta({ type: 'object', additionalProperties: {} }) as unknown as z.ZodType<Record<string, unknown>>;

/** The same, with strings as values. */
export const TextMembers = z
  .unknown()
  .refine(isTexts, 'must be an object of texts')
  .meta({ type: 'object', additionalProperties: { type: 'string' } }) as unknown as z.ZodType<Record<string, string>>;

function isTexts(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((member) => typeof member === 'string');
}
