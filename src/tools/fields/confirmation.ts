import { z } from 'zod';

/** Added by the surface to every tool that destroys. */
export const confirmation = z.string().max(500).optional().describe('From the answer to the first call without it');
