import { z } from 'zod';

/** A person who works in the workspace (`scalekit.v1.members.Member`). */
export const Member = z.object({
  id: z.string(),
  email: z.string().nullish(),
  role: z.string().nullish().describe('ADMIN or USER'),
  first_name: z.string().nullish(),
  last_name: z.string().nullish(),
  user_profile: z
    .object({ given_name: z.string().nullish(), family_name: z.string().nullish(), name: z.string().nullish() })
    .nullish(),
  organizations: z
    .array(
      z.object({
        organization_id: z.string().nullish(),
        membership_status: z.string().nullish().describe('ACTIVE, INACTIVE, PENDING_INVITE or INVITE_EXPIRED'),
      }),
    )
    .nullish(),
  create_time: z.string().nullish(),
  update_time: z.string().nullish(),
});
