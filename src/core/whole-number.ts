import { z } from 'zod';

/**
 * A count, lifetime or version in an answer. The API writes integers of 64 bits as text. Beyond 2^53 the nearest number
 * that JSON readers have stands for it, which is better than no answer at all.
 */
export const WholeNumber = z.preprocess(
  (value) => (typeof value === 'string' && /^-?\d{1,19}$/.test(value) ? Number(value) : value),
  z.number().refine(Number.isInteger, 'must be a whole number').meta({ type: 'integer' }),
);
