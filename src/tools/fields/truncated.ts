import { z } from 'zod';

/** A member of answers that are not lists but may exceed the budget. Such an answer is cut, and cannot be continued. */
export const truncated = z.boolean().optional().describe('The end of a list inside is left out');
