import type { z } from 'zod';
import { isExact } from '../core/invisible.ts';

/** A text by which something is found later: it holds no character that people do not see. */
export function exact(text: z.ZodString) {
  return text.refine(isExact, 'must not hold characters that nobody sees');
}
