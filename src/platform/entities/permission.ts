import { z } from 'zod';

/** What roles of an environment can permit (`scalekit.v1.roles.Permission`). */
export const Permission = z.object({
  id: z.string().nullish(),
  name: z.string(),
  description: z.string().nullish(),
  create_time: z.string().nullish(),
  update_time: z.string().nullish(),
  is_scalekit_permission: z.boolean().nullish().describe('Scalekit brings it'),
});
