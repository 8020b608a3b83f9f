import { z } from 'zod';

/** The argument that the surface adds to every tool with the effect `destroy`. */
export const confirmation = z
  .string()
  .refine((text) => text !== '' && text.length <= 500, 'must be confirmation of the first answer')
  .optional()
  .describe('From a call without it');
