import { z } from 'zod';
import { isObject } from '../../core/json.ts';
import { Members } from './members.ts';

/** An account at an identity provider that somebody signs in with (`scalekit.v1.commons.ExternalIdentity`). */
const ExternalIdentity = z.object({
  connection_id: z.string().nullish(),
  connection_type: z.string().nullish(),
  connection_provider: z.string().nullish(),
  connection_user_id: z.string().nullish(),
  is_social: z.boolean().nullish(),
  last_login_time: z.string().nullish(),
  created_time: z.string().nullish(),
  last_synced_time: z.string().nullish(),
});

/** What is known of a person (`scalekit.v1.commons.UserProfile`), without the deprecated names. */
export const Profile = z.object({
  given_name: z.string().nullish(),
  family_name: z.string().nullish(),
  name: z.string().nullish(),
  preferred_username: z.string().nullish(),
  email_verified: z.boolean().nullish(),
  phone_number: z.string().nullish(),
  phone_number_verified: z.boolean().nullish(),
  locale: z.string().nullish(),
  groups: z.array(z.string()).nullish(),
  custom_attributes: Members.nullish(),
  metadata: Members.nullish().describe('Attributes as the identity provider sent them'),
  external_identities: z.array(ExternalIdentity).nullish().describe('What they sign in with'),
});

/** Where somebody stands in an organization (`scalekit.v1.commons.OrganizationMembership`). */
export const Membership = z.object({
  organization_id: z.string().nullish(),
  display_name: z.string().nullish().describe('Name of the organization'),
  membership_status: z.string().nullish().describe('ACTIVE, INACTIVE, PENDING_INVITE or INVITE_EXPIRED'),
  roles: z.array(z.object({ name: z.string().nullish(), display_name: z.string().nullish() })).nullish(),
  permissions: z.array(z.string()).nullish(),
  join_time: z.string().nullish(),
  created_at: z.string().nullish(),
  accepted_at: z.string().nullish(),
  expires_at: z.string().nullish(),
  inviter_email: z.string().nullish(),
  provisioning_method: z.string().nullish(),
  metadata: Members.nullish(),
});

/**
 * An answer of the API in which every profile has its names where they are now. Those of people whom older programs made
 * stand under the deprecated members, and may stand there alone.
 * @param member of the answer that holds a person, or a list of people
 */
export function withNames(answer: unknown, member: string): unknown {
  if (!isObject(answer)) return answer;
  const people = answer[member];
  return { ...answer, [member]: Array.isArray(people) ? people.map(named) : named(people) };
}

function named(person: unknown): unknown {
  if (!isObject(person) || !isObject(person['user_profile'])) return person;
  const { first_name, last_name, ...profile } = person['user_profile'];
  const given_name = profile['given_name'] || first_name;
  const family_name = profile['family_name'] || last_name;
  return { ...person, user_profile: { ...profile, given_name, family_name } };
}
