import { z } from 'zod';
import { also, given, sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { updateUser } from '../platform/changed-user.ts';
import { DependentPasskeys, DependentSessions } from '../platform/entities/dependents.ts';
import { HeldPermission, HeldRole, Invite } from '../platform/entities/held-role.ts';
import { Membership, withNames } from '../platform/entities/profile.ts';
import { User } from '../platform/entities/user.ts';
import { exact } from '../platform/exact.ts';
import { findUser } from '../platform/find-user.ts';
import {
  addToOrganization,
  removeFromOrganization,
  showMembership,
  updateMembership,
} from '../platform/memberships.ts';
import { createUser } from '../platform/new-user.ts';
import { searchPage } from '../platform/pages.ts';
import { path } from '../platform/path.ts';
import { assignRoles, removeRole, showRole } from '../platform/user-roles.ts';
import { showUser } from '../platform/user-sessions.ts';
import { organizationId, userId } from './fields/ids.ts';
import { note } from './fields/notes.ts';
import { externalId } from './fields/organization.ts';
import { email, metadata, metadataChanges, namePart, searched, shownText, trimmedText } from './fields/texts.ts';

const roles = z.array(exact(z.string().trim().min(1)));
/** An id that becomes a part of a path, where a slash would part it. */
const pathId = externalId.refine((id) => !/[/\\]/.test(id), 'must not hold a slash here: list_users finds such a user');
const member = { organizationId, userId };
const user = { user: User };
/** What a preview has room for. */
const DeletedUser = User.omit({ environment_id: true, update_time: true });
const mailing = (isMailed: boolean) => (isMailed ? sentence`mail an invitation` : sentence`mail nothing`);

/** The users of organizations. */
export const users = toolset('users', { area: 'organization' }, (t) => [
  t.list('list_organization_users', {
    aliases: ['search_organization_users'],
    title: 'List users of an organization',
    foundBy:
      'people in a tenant, members of a customer, who works at a company, who at a customer can log in, admins of a customer',
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
    foundBy: 'add or invite a member, new login for an employee of a customer, new person at a customer, test user',
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
    does: ({ organizationId, email, externalId, firstName, lastName, metadata, roles, sendInvitationEmail }) =>
      sentence`Create the user ${email} in the organization ${organizationId}${also({ 'external id': externalId, 'first name': firstName, 'last name': lastName, metadata, roles })}, and ${mailing(sendInvitationEmail)}.`,
    output: { user: User, note },
    run: ({ organizationId, ...wanted }, { api }) => createUser(api, organizationId, wanted),
  }),

  t.list('list_users', {
    aliases: ['search_users'],
    title: 'List users of an environment',
    foundBy: 'find a user by email, look up an account, all logins, search a person by name, everybody',
    description:
      'List the users (people, logins, accounts) of all customers together, or search them by part of an email or externalId.',
    rare: true,
    of: { users: User },
    pages: 100,
    input: { query: searched.optional().describe('Part of an email, id or external id, to find some') },
    async run({ query, page }, { api }) {
      const answer =
        query === undefined
          ? await api.get(path`/users`, page)
          : await api.get(path`/users:search`, { query, ...searchPage(page) });
      return withNames(answer, 'users');
    },
  }),

  t.read('get_user', {
    title: 'Get a user',
    foundBy:
      'which organizations is a user in, account details, look up one person, has somebody accepted, last login of a person',
    description:
      'Show one user (member, login): profile, metadata, and which organizations this person is in, with their roles there.',
    rare: true,
    input: {
      userId: userId.optional(),
      externalId: pathId.optional().describe('In place of userId: your own id of the user'),
    },
    output: user,
    run: (named, { api }) => findUser(api, named),
  }),

  t.overwrite('update_user', {
    title: 'Change a user',
    foundBy: "phone number, profile, misspelled name, person married and has a new name, correct a person's data",
    description:
      'Change a user (person, member): name, phone, locale, externalId, metadata. What is left out stays. An email cannot be changed.',
    rare: true,
    input: {
      userId,
      externalId: externalId.optional().describe('Their id in your own system'),
      firstName: namePart(255).optional(),
      lastName: namePart(255).optional(),
      name: shownText().optional().describe('Full name; follows the other two where it is made of them'),
      locale: trimmedText(100).optional().describe('Such as en-US'),
      phoneNumber: trimmedText(50).optional().describe('With country code: +15551234567'),
      metadata: metadataChanges(20),
    },
    does: ({ userId, externalId, firstName, lastName, phoneNumber, ...changes }) =>
      sentence`Change the user ${userId}: ${given({ 'external id': externalId, 'first name': firstName, 'last name': lastName, phone: phoneNumber, ...changes })}.`,
    output: user,
    run: ({ userId, ...changes }, { api }) => updateUser(api, userId, changes),
  }),

  t.remove('delete_user', {
    title: 'Delete a user',
    foundBy: 'delete a user account, erase personal data, GDPR, for good, right to be forgotten, person has left',
    description:
      'Delete a user (person, login) for good, from every organization. remove_user_from_organization takes them out of one.',
    rare: true,
    input: { userId },
    does: ({ userId }) => sentence`Delete the user ${userId} for good, from all organizations.`,
    shows: { user: DeletedUser, sessions: DependentSessions, passkeys: DependentPasskeys },
    comesAndGoes: ['sessions'],
    stopsWorking: 'Every sign-in of this user, in all organizations shown, and the sessions and passkeys shown.',
    show: ({ userId }, { api }) => showUser(api, userId),
    at: ({ userId }) => path`/users/${userId}`,
    listedBy: 'list_users',
  }),

  t.add('add_user_to_organization', {
    title: 'Add a user to an organization',
    foundBy: 'existing person works for another company too, put a user in a second tenant, belongs to two customers',
    description:
      'Add an existing user to one more organization (customer, tenant) as a member, with roles. Mails an invitation unless told otherwise.',
    rare: true,
    openWorld: true, // mails an invitation
    input: {
      ...member,
      roles: roles.optional().describe('Names from list_environment_roles'),
      metadata: metadata(20),
      sendInvitationEmail: z.boolean().default(true),
    },
    does: ({ organizationId, userId, roles, metadata, sendInvitationEmail }) =>
      sentence`Make the user ${userId} a member of the organization ${organizationId}${also({ roles, metadata })}, and ${mailing(sendInvitationEmail)}.`,
    output: { ...user, note },
    run: ({ organizationId, userId, ...wanted }, { api }) => addToOrganization(api, { organizationId, userId }, wanted),
  }),

  t.overwrite('update_organization_membership', {
    title: 'Change a membership',
    foundBy: 'change the roles of a user in an organization, replace roles of a member, promote or demote',
    description:
      'Change the membership of a user in an organization: replace all their roles there, or change its metadata. What is left out stays.',
    rare: true,
    input: {
      ...member,
      roles: roles.min(1).optional().describe('Names from list_environment_roles; replace all'),
      metadata: metadataChanges(20),
    },
    does: ({ organizationId, userId, roles, metadata }) =>
      sentence`Change the membership of the user ${userId} in the organization ${organizationId}: ${given({ 'all roles to': roles, metadata })}.`,
    output: user,
    run: ({ organizationId, userId, ...wanted }, { api }) => updateMembership(api, { organizationId, userId }, wanted),
  }),

  t.destroy('remove_user_from_organization', {
    title: 'Remove a user from an organization',
    foundBy: 'kick out, offboard a member, no longer in this company, employee left the customer, keep the account',
    description:
      'Remove a user (member, person) from one organization (customer, tenant). They stay a user unless deleteUser says otherwise.',
    rare: true,
    input: {
      ...member,
      deleteUser: z.boolean().optional().describe('true: delete the user too, if this was their only organization'),
    },
    does: ({ organizationId, userId, deleteUser }) =>
      sentence`Remove the user ${userId} from the organization ${organizationId}${deleteUser ? sentence`, and delete them if it is their only one` : sentence``}.`,
    shows: {
      user: User.pick({ id: true, email: true, external_id: true }),
      membership: Membership,
      other_organizations: z.array(Membership.pick({ organization_id: true, display_name: true })),
      deletes_user: z.boolean().describe('Whether the user is deleted too'),
    },
    stopsWorking: 'Sign-in of this user to this organization, with the roles shown.',
    show: ({ deleteUser = false, ...place }, { api }) => showMembership(api, place, deleteUser),
    output: { organization_id: z.string(), user_id: z.string(), user_deleted: z.boolean() },
    run: ({ deleteUser = false, ...place }, { api }) => removeFromOrganization(api, place, deleteUser),
  }),

  t.add('resend_user_invite', {
    title: 'Resend an invitation to a user',
    foundBy:
      'invitation did not arrive, send the email again, never received the mail, invitation expired, lost the invitation',
    description:
      'Resend (mail again) the invitation of a user who has not accepted it to an organization; an expired one is renewed.',
    rare: true,
    openWorld: true, // mails an invitation
    input: member,
    does: ({ organizationId, userId }) =>
      sentence`Mail the invitation of the user ${userId} to the organization ${organizationId} again.`,
    output: { invite: Invite },
    run: ({ organizationId, userId }, { api }) =>
      api.patch(path`/invites/organizations/${organizationId}/users/${userId}/resend`, {}),
  }),

  t.list('list_user_roles', {
    title: 'List roles of a user',
    foundBy: 'roles of one person, is somebody an admin, what role does a user have',
    description:
      'List the roles that a user (member, person) has in an organization, with those that come with other roles.',
    rare: true,
    of: { roles: HeldRole },
    input: member,
    run: ({ organizationId, userId }, { api }) => api.get(path`/organizations/${organizationId}/users/${userId}/roles`),
  }),

  t.add('assign_user_roles', {
    title: 'Assign roles to a user',
    foundBy: 'make a user an admin, give a user a role, promote, more rights for a person at a customer',
    description:
      'Assign (give, grant) roles to a user in an organization, beside those they have. update_organization_membership replaces all.',
    rare: true,
    repeatable: true,
    input: { ...member, roles: roles.min(1).describe('Names from list_environment_roles') },
    does: ({ organizationId, userId, roles }) =>
      sentence`Give the user ${userId} these roles in the organization ${organizationId} as well: ${roles}.`,
    output: { roles: z.array(HeldRole) },
    run: ({ roles, ...place }, { api }) => assignRoles(api, place, roles),
  }),

  t.destroy('remove_user_role', {
    title: 'Remove a role from a user',
    foundBy: 'take a role from a user, demote, no longer an admin, take admin rights away from a person',
    description: 'Remove (take away, revoke) one role from a user in an organization. They stay a member.',
    rare: true,
    input: { ...member, roleName: trimmedText(100).describe('From list_user_roles') },
    does: ({ organizationId, userId, roleName }) =>
      sentence`Take the role ${roleName} away from the user ${userId} in the organization ${organizationId}.`,
    shows: {
      user: User.pick({ id: true, email: true }),
      role: HeldRole,
      other_roles: z.array(z.string()),
      permissions: z.array(z.string()).describe('What all roles of theirs permit now'),
    },
    stopsWorking: 'What this user may do in this organization by this role alone.',
    show: ({ roleName, ...place }, { api }) => showRole(api, place, roleName),
    output: { removed_role: z.string(), roles: z.array(z.string()).describe('Those that are left') },
    run: ({ roleName, ...place }, { api }) => removeRole(api, place, roleName),
  }),

  t.list('list_user_permissions', {
    title: 'List permissions of a user',
    foundBy: 'what may a user do, access of one user, effective rights of a person, is somebody allowed to',
    description:
      'List what a user (member, person) may do in an organization: the permissions of all their roles there.',
    rare: true,
    of: { permissions: HeldPermission },
    input: member,
    run: ({ organizationId, userId }, { api }) =>
      api.get(path`/organizations/${organizationId}/users/${userId}/permissions`),
  }),
]);
