import { z } from 'zod';

/** An OAuth scope that clients of an environment can request (`scalekit.v1.clients.Scope`). */
export const OAuthScope = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  enabled: z.boolean().nullish(),
});
