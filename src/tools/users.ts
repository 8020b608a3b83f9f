import { z } from 'zod';
import { toolset } from '../core/toolset.ts';
import { withNames } from '../platform/entities/profile.ts';
import { User } from '../platform/entities/user.ts';
import { exact } from '../platform/exact.ts';
import { createUser } from '../platform/new-user.ts';
import { searchPage } from '../platform/pages.ts';
import { path } from '../platform/path.ts';
import { organizationId } from './fields/ids.ts';
import { note } from './fields/notes.ts';
import { email, metadata, namePart, searched } from './fields/texts.ts';

/** The users of organizations. */
export const users = toolset('users', { area: 'organization' }, (t) => [
  t.list('list_organization_users', {
    aliases: ['search_organization_users'],
    title: 'List users of an organization',
    description:
      'List the users (members, people) of one organization, customer or tenant, invited ones included, with their roles.',
    of: { users: User },
    pages: 100,
    input: { organizationId, query: searched.optional().describe('Part of an email, id or external id, to find some') },
    async run({ organizationId, query, page }, { api }) {
      const answer =
        query === undefined
          ? await api.get(path`/organizations/${organizationId}/users`, page)
          : await api.get(path`/organizations/${organizationId}/users:search`, { query, ...searchPage(page) });
      return withNames(answer, 'users');
    },
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
      roles: z.array(exact(z.string().trim())).optional().describe('Names from list_environment_roles'),
      // Always sent, because the API may change what it does without this.
      sendInvitationEmail: z.boolean().default(true),
    },
    output: { user: User, note },
    run: ({ organizationId, ...wanted }, { api }) => createUser(api, organizationId, wanted),
  }),
]);
