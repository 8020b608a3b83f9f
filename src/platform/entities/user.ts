import { z } from 'zod';
import { Members } from './members.ts';
import { Membership, Profile } from './profile.ts';

/** A user of an environment, with the organizations they belong to (`scalekit.v1.users.User`). */
export const User = z.object({
  id: z.string(),
  email: z.string().nullish(),
  external_id: z.string().nullish().describe('The id of this user in your own system'),
  environment_id: z.string().nullish(),
  user_profile: Profile.nullish(),
  memberships: z.array(Membership).nullish(),
  metadata: Members.nullish(),
  last_login_time: z.string().nullish(),
  create_time: z.string().nullish(),
  update_time: z.string().nullish(),
});
