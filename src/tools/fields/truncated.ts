import { z } from 'zod';

/** What an answer that is no list carries when it can outgrow the budget: it is cut then, with no way to go on. */
export const truncated = z.boolean().optional().describe('The end of a list inside is left out');
