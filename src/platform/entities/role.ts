import { z } from 'zod';

/** A role of an environment (`scalekit.v1.roles.Role`). */
export const Role = z.object({
  id: z.string(),
  name: z.string().describe('What users are given the role by'),
  display_name: z.string().nullish(),
  description: z.string().nullish(),
  default_creator: z.boolean().nullish().describe('Given to whoever creates an organization'),
  default_member: z.boolean().nullish().describe('Given to everybody who joins an organization'),
  extends: z.string().nullish().describe('Name of the role whose permissions it inherits'),
  permissions: z
    .array(
      z.object({
        name: z.string(),
        description: z.string().nullish(),
        role_name: z.string().nullish().describe('The role that grants it: this one, or one that it extends'),
      }),
    )
    .nullish(),
  is_org_role: z.boolean().nullish().describe('Belongs to one organization alone'),
});
