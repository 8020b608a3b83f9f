import { z } from 'zod';
import { Members } from './members.ts';

/** A user of an environment, with the organizations they belong to (`scalekit.v1.users.User`). */
export const User = z.object({
  id: z.string(),
  email: z.string().nullish(),
  external_id: z.string().nullish().describe('The id of this user in your own system'),
  user_profile: z
    .object({
      given_name: z.string().nullish(),
      family_name: z.string().nullish(),
      name: z.string().nullish(),
      email_verified: z.boolean().nullish(),
      phone_number: z.string().nullish(),
      locale: z.string().nullish(),
      groups: z.array(z.string()).nullish(),
      custom_attributes: Members.nullish(),
    })
    .nullish(),
  memberships: z
    .array(
      z.object({
        organization_id: z.string().nullish(),
        display_name: z.string().nullish().describe('Name of the organization'),
        membership_status: z.string().nullish().describe('ACTIVE, INACTIVE, PENDING_INVITE or INVITE_EXPIRED'),
        roles: z.array(z.object({ name: z.string().nullish(), display_name: z.string().nullish() })).nullish(),
        join_time: z.string().nullish(),
        expires_at: z.string().nullish(),
        inviter_email: z.string().nullish(),
        provisioning_method: z.string().nullish(),
      }),
    )
    .nullish(),
  metadata: Members.nullish(),
  last_login_time: z.string().nullish(),
  create_time: z.string().nullish(),
  update_time: z.string().nullish(),
});
