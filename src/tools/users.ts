import { z } from 'zod';
import { toolset } from '../core/toolset.ts';
import { User } from '../platform/entities/user.ts';
import { exact } from '../platform/exact.ts';
import { path } from '../platform/path.ts';
import { organizationId } from './fields/ids.ts';
import { email, metadata, namePart } from './fields/texts.ts';

/** The users of organizations. */
export const users = toolset('users', { area: 'organization' }, (t) => [
  t.list('list_organization_users', {
    title: 'List users of an organization',
    description:
      'List the users (members, people) of one organization, customer or tenant, invited ones included, with their roles.',
    of: { users: User },
    pages: 100,
    input: { organizationId },
    run: ({ organizationId, page }, { api }) => api.get(path`/organizations/${organizationId}/users`, page),
  }),

  t.add('create_organization_user', {
    title: 'Create a user in an organization',
    description:
      'Create a user: add or invite a person as a member of an organization (customer). Mails an invitation unless told otherwise. Email and externalId must be new.',
    openWorld: true, // mails an invitation
    input: {
      organizationId,
      email,
      externalId: exact(z.string().trim()).optional().describe('Their id in your own system'),
      firstName: namePart(255).optional(),
      lastName: namePart(255).optional(),
      metadata: metadata(20),
      roles: z.array(exact(z.string())).optional().describe('Names from list_environment_roles'),
      // Always sent, because the API may change what it does without this.
      sendInvitationEmail: z.boolean().default(true),
    },
    output: { user: User },
    run({ organizationId, email, externalId, firstName, lastName, metadata, roles, sendInvitationEmail }, { api }) {
      // Names are part of the profile, roles of the membership. An empty text counts as left out.
      const profile = { given_name: firstName || undefined, family_name: lastName || undefined };
      const user = {
        email,
        external_id: externalId || undefined,
        metadata,
        membership: roles && { roles: roles.map((name) => ({ name })) },
        user_profile: firstName || lastName ? profile : undefined,
      };
      const query = { send_invitation_email: sendInvitationEmail };
      return api.post(path`/organizations/${organizationId}/users`, user, query);
    },
  }),
]);
