import { z } from 'zod';

/** The argument that the surface adds to every tool with the effect `destroy`. */
export const confirmation = z
  .string()
  .min(1)
  .max(500)
  .optional()
  .describe('From the answer to the first call without it');
