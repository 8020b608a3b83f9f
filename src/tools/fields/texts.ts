import { z } from 'zod';

export const email = z
  .string()
  .trim()
  .max(254)
  .refine((value) => /^\S+@\S+$/.test(value), 'must be an email address');

/** A text that may be empty, with a limit in characters that is checked but not announced. */
export function limited(text: z.ZodString, max: number) {
  return text.refine((value) => value.length <= max, `must be at most ${max} characters`);
}

/** A text that is not empty, with a limit in characters. Both are checked but not announced. */
export function shortText(max: number) {
  return z.string().refine((text) => text !== '' && text.length <= max, `must be 1 to ${max} characters`);
}

/** Pairs that an application keeps with something of its own, under the API's rules for them. */
export function metadata(maxPairs: number) {
  return z
    .record(z.string().min(3).max(25), z.string().min(1).max(256))
    .refine((pairs) => Object.keys(pairs).length <= maxPairs, `holds more than ${maxPairs} pairs`)
    .optional()
    .describe(`At most ${maxPairs} pairs; keys of 3 to 25 characters`);
}
