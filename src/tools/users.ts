import { z } from 'zod';
import { defineTool } from '../core/tool.ts';
import { User } from '../platform/entities/user.ts';
import { path } from '../platform/path.ts';
import { email, limited, metadata, organizationId, pageInfo, pageQuery, paging } from './fields/fields.ts';

const listOrganizationUsers = defineTool({
  name: 'list_organization_users',
  title: 'List users of an organization',
  description: 'List the users of an organization, invited ones included, with their roles in it.',
  place: 'environment',
  scope: 'organization:read',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  items: 'users',
  input: { organizationId, ...paging(100) },
  output: z.object({ users: z.array(User), ...pageInfo }),
  run: ({ organizationId: organization, ...page }, { api }) =>
    api.get(path`/organizations/${organization}/users`, pageQuery(page)),
});

const createOrganizationUser = defineTool({
  name: 'create_organization_user',
  title: 'Create a user in an organization',
  description:
    'Create a user as a member of an organization. Scalekit mails them an invitation unless told otherwise. Email and externalId must be new to the environment.',
  place: 'environment',
  scope: 'organization:write',
  effect: 'add',
  idempotent: false,
  openWorld: true,
  input: {
    organizationId,
    email,
    externalId: z.string().trim().optional().describe('Their id in your own system'),
    firstName: limited(z.string().trim(), 255).optional(),
    lastName: limited(z.string().trim(), 255).optional(),
    metadata: metadata(20),
    roles: z.array(z.string()).optional().describe('Names from list_environment_roles'),
    // Always sent: whether the API mails without being told is its own affair, and may change.
    sendInvitationEmail: z.boolean().default(true),
  },
  output: z.object({ user: User }),
  run: ({ organizationId: organization, sendInvitationEmail, ...user }, { api }) =>
    api.post(path`/organizations/${organization}/users`, toCreateUser(user), {
      send_invitation_email: sendInvitationEmail,
    }),
});

interface NewUser {
  readonly email: string;
  readonly externalId?: string | undefined;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  readonly metadata?: Record<string, string> | undefined;
  readonly roles?: readonly string[] | undefined;
}

/**
 * In the API's terms: names belong to the profile, roles to the membership, and `first_name` is a thing of the past. An
 * empty text is one that was left out.
 */
function toCreateUser({ externalId, firstName, lastName, metadata: pairs, roles, ...user }: NewUser) {
  const profile = { ...(firstName && { given_name: firstName }), ...(lastName && { family_name: lastName }) };
  return {
    email: user.email,
    ...(externalId && { external_id: externalId }),
    ...(pairs !== undefined && { metadata: pairs }),
    ...(roles !== undefined && { membership: { roles: roles.map((name) => ({ name })) } }),
    ...(Object.keys(profile).length > 0 && { user_profile: profile }),
  };
}

export const usersTools = [listOrganizationUsers, createOrganizationUser];
