import { z } from 'zod';

/** An OAuth scope of an environment (`scalekit.v1.clients.Scope`). */
export const Scope = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  enabled: z.boolean().nullish(),
});
