import { z } from 'zod';
import { Word } from '../../core/word.ts';
import { NamedRole } from './dashboard-role.ts';
import { Members } from './members.ts';
import { Membership, Profile } from './profile.ts';

/** A person who works in the workspace (`scalekit.v1.members.Member`). */
export const Member = z.object({
  id: z.string(),
  email: z.string().nullish(),
  role: Word.nullish().describe('ADMIN or USER'),
  dashboard_role: NamedRole.nullish().describe(
    'What they may see and do; left out: none yet, or dashboard roles are off',
  ),
  first_name: z.string().nullish(),
  last_name: z.string().nullish(),
  external_id: z.string().nullish(),
  user_profile: Profile.nullish(),
  organizations: z.array(Membership).nullish(),
  metadata: Members.nullish(),
  create_time: z.string().nullish(),
  update_time: z.string().nullish(),
});

/** The same as far as a preview shows it. */
export const MemberInShort = Member.pick({
  id: true,
  email: true,
  role: true,
  dashboard_role: true,
  first_name: true,
  last_name: true,
});
