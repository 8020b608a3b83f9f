import { z } from 'zod';
import { isObject } from '../../core/json.ts';

/**
 * An object whose members the application chose, as it came. `z.record` and `z.looseObject` drop a member that is called
 * `__proto__` in silence, and what is written back after that would have lost it.
 */
export const Members = z
  .unknown()
  .refine(isObject, 'must be an object')
  .meta({ type: 'object', additionalProperties: {} }) as unknown as z.ZodType<Record<string, unknown>>;

/** The same with texts only. */
export const TextMembers = z
  .unknown()
  .refine(isTexts, 'must be an object of texts')
  .meta({ type: 'object', additionalProperties: { type: 'string' } }) as unknown as z.ZodType<Record<string, string>>;

function isTexts(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((member) => typeof member === 'string');
}
