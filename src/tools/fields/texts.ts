import { z } from 'zod';

export const email = z
  .string()
  .trim()
  .max(254)
  .refine((value) => /^\S+@\S+$/.test(value), 'must be an email address');

/** A text that may be empty. Its limit, in characters, is checked but is not part of the advertised schema. */
export function limited(text: z.ZodString, max: number) {
  return text.refine((value) => value.length <= max, `must be at most ${max} characters`);
}

/**
 * A text that is not empty. That and its limit, in characters, are checked but are not part of the advertised schema.
 */
export function shortText(max: number) {
  return z.string().refine((text) => text !== '' && text.length <= max, `must be 1 to ${max} characters`);
}

/** Key-value pairs of the customer's application, with the limits of the API. */
export function metadata(maxPairs: number) {
  return z
    .record(z.string().min(3).max(25), z.string().min(1).max(256))
    .refine((pairs) => Object.keys(pairs).length <= maxPairs, `holds more than ${maxPairs} pairs`)
    .optional()
    .describe(`At most ${maxPairs} pairs; keys of 3 to 25 characters`);
}
