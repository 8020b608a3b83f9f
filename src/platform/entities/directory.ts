import { z } from 'zod';
import { WholeNumber } from '../../core/whole-number.ts';
import { Word } from '../../core/word.ts';
import { Members } from './members.ts';

/** A secret with which an identity provider reaches a directory (`scalekit.v1.directories.Secret`), without itself. */
export const DirectorySecret = z.object({
  id: z.string().nullish(),
  secret_suffix: z.string().nullish().describe('How the secret ends'),
  status: Word.nullish().describe('ACTIVE or INACTIVE'),
  create_time: z.string().nullish(),
  expire_time: z.string().nullish(),
  last_used_time: z.string().nullish(),
});

/** The roles that people get by their groups (`scalekit.v1.directories.RoleAssignments`). */
export const RoleAssignments = z.object({
  assignments: z
    .array(z.object({ group_id: z.string().nullish(), role_name: z.string().nullish(), role_id: z.string().nullish() }))
    .nullish(),
});

/** A directory of an organization (`scalekit.v1.directories.Directory`). */
export const Directory = z.object({
  id: z.string(),
  name: z.string().nullish(),
  directory_type: Word.nullish().describe('SCIM, LDAP or POLL'),
  directory_provider: Word.nullish(),
  organization_id: z.string().nullish(),
  enabled: z.boolean().nullish(),
  status: Word.nullish().describe('DRAFT, IN_PROGRESS or COMPLETED'),
  directory_endpoint: z.string().nullish().describe('What the identity provider is to be given, with a secret'),
  last_synced_at: z.string().nullish(),
  total_users: WholeNumber.nullish(),
  total_groups: WholeNumber.nullish(),
  secrets: z.array(DirectorySecret).nullish(),
  role_assignments: RoleAssignments.nullish(),
  attribute_mappings: z
    .object({ attributes: z.array(z.object({ key: z.string().nullish(), map_to: z.string().nullish() })).nullish() })
    .nullish(),
  groups_tracked: z.string().nullish(),
  email: z.string().nullish().describe('Whose access is used for polling'),
});

/** A group of a directory (`scalekit.v1.directories.DirectoryGroup`). */
export const DirectoryGroup = z.object({
  id: z.string(),
  display_name: z.string().nullish(),
  total_users: WholeNumber.nullish(),
  updated_at: z.string().nullish(),
  group_detail: Members.nullish().describe('All that the identity provider says, with includeDetail'),
});

/** A user of a directory (`scalekit.v1.directories.DirectoryUser`). */
export const DirectoryUser = z.object({
  id: z.string(),
  email: z.string().nullish(),
  preferred_username: z.string().nullish(),
  given_name: z.string().nullish(),
  family_name: z.string().nullish(),
  emails: z.array(z.string()).nullish(),
  groups: z.array(z.object({ id: z.string(), display_name: z.string().nullish() })).nullish(),
  updated_at: z.string().nullish(),
  user_detail: Members.nullish().describe('All that the identity provider says, with includeDetail'),
});
