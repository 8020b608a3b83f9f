import { z } from 'zod';

/** A role that somebody has in an organization (`scalekit.v1.commons.Role`). */
export const HeldRole = z.object({
  id: z.string().nullish(),
  name: z.string(),
  display_name: z.string().nullish(),
});

/** What somebody may do in an organization (`scalekit.v1.users.Permission`). */
export const HeldPermission = z.object({
  id: z.string().nullish(),
  name: z.string(),
  description: z.string().nullish(),
});

/** An invitation to an organization (`scalekit.v1.users.Invite`). */
export const Invite = z.object({
  organization_id: z.string().nullish(),
  user_id: z.string().nullish(),
  inviter_email: z.string().nullish(),
  status: z.string(),
  created_at: z.string().nullish(),
  expires_at: z.string().nullish(),
  resent_at: z.string().nullish(),
  resent_count: z.int().nullish(),
});
