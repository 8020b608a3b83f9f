import {
  OrganizationMembershipSchema,
  UserProfileSchema,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/commons/commons_pb.js';
import { UserSchema, UserService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/users/users_pb.js';
import { complete } from '../contract/complete.ts';
import type { JsonOf } from '../contract/json.ts';
import { lineage, permittedTo, rolesIn } from '../data/access.ts';
import { membership } from '../data/memberships.ts';
import type { ResentInvite } from '../data/sessions.ts';
import type { Role, User } from '../data/types.ts';
import { bothNames, roleOfMember } from '../data/users.ts';
import { ApiError, byId, findIn, invalid, refuseTaken } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import type { EnvironmentContent } from '../store.ts';
import { page, refuseLongPage } from './paging.ts';
import { defined, given, now, remove, replace } from './parts.ts';

const TAKEN_ID = 'a user with this external_id';

/** No rule of the descriptor: the field's description says "between 10 and 100". */
const MAX_PAGE = 100;

const INVITATION_MS = 30 * 24 * 60 * 60 * 1000;

type Membership = User['memberships'][number];

/** Somebody, and where they are in an organization. */
interface Found {
  readonly user: User;
  readonly membership: Membership;
}

type Wanted = NonNullable<JsonOf<typeof UserService.method.createUserAndMembership.input>['user']>;

export const usersOperations = operations(
  { ...UserService, created: ['createUserAndMembership'] },
  {
    listOrganizationUsers: ({ request, content }) => {
      const users = usersOf(content, request.organization_id);
      return page('users', users, request, ['users', request.organization_id]);
    },

    searchOrganizationUsers: ({ request, content }) => {
      const matching = usersOf(content, request.organization_id).filter(isFoundBy(request.query));
      return page('users', matching, request, ['found users', request.organization_id, request.query.toLowerCase()]);
    },

    createUserAndMembership: ({ request, environment, content, store }) => {
      const wanted = given(request.user);
      const { send_invitation_email: invite = true } = request;
      const organization = byId(content.organizations, request.organization_id, 'organization');
      const roles = findRoles(content, organization.id, wanted.membership?.roles ?? [], 'user.membership.roles');
      const { email, external_id, metadata } = wanted;
      refuseTakenNames(content, wanted);
      const create_time = now();
      const user = complete(UserSchema, {
        id: store.newId('usr'),
        environment_id: environment.id,
        create_time,
        update_time: create_time,
        email,
        external_id,
        memberships: [
          {
            ...membership(organization, invite ? 'PENDING_INVITE' : 'ACTIVE', create_time),
            ...ofRoles(roles, content),
            metadata: wanted.membership?.metadata,
            inviter_email: wanted.membership?.inviter_email,
          },
        ],
        user_profile: { id: store.newId('usp'), ...profileOf(wanted) },
        metadata,
      });
      content.users.push(user);
      return { user };
    },

    getUser: ({ request, content }) => ({ user: findUser(content, request) }),

    listUsers: ({ request, environment, content }) => {
      refuseLongPage(request.page_size, MAX_PAGE);
      return page('users', content.users.toReversed(), request, ['all users', environment.id]);
    },

    // Documented: as for one organization.
    searchUsers: ({ request, environment, content }) => {
      const matching = content.users.toReversed().filter(isFoundBy(request.query));
      return page('users', matching, request, ['found among all', environment.id, request.query.toLowerCase()]);
    },

    // Lists and maps have no field mask: those that are left out are empty afterwards.
    updateUser: ({ request, content }) => {
      const before = findUser(content, request);
      const { external_id = before.external_id, user_profile, metadata } = given(request.user);
      const others = content.users.filter(({ id }) => id !== before.id);
      refuseTaken(others, (user) => Boolean(external_id) && user.external_id === external_id, TAKEN_ID);
      const { user_profile: profile } = before;
      const after: User = {
        ...before,
        external_id: external_id || undefined,
        user_profile: user_profile === undefined ? profile : changedProfile(profile, user_profile),
        metadata,
        update_time: now(),
      };
      return { user: replace(content.users, before, after) };
    },

    deleteUser: ({ request, content }) => {
      deleteUser(content, findUser(content, request));
      return {};
    },

    createMembership: ({ request, content }) => {
      const before = findUser(content, request);
      const organization = byId(content.organizations, request.organization_id, 'organization');
      refuseTaken(before.memberships, isIn(organization.id), 'a membership of this user in this organization');
      const { roles: named, metadata, inviter_email } = given(request.membership);
      const roles = findRoles(content, organization.id, named, 'membership.roles');
      const { send_invitation_email: invite = true } = request;
      const facts = membership(organization, invite ? 'PENDING_INVITE' : 'ACTIVE', now());
      const added = complete(OrganizationMembershipSchema, {
        ...facts,
        ...ofRoles(roles, content),
        metadata,
        inviter_email,
      });
      const after = { ...before, memberships: [...before.memberships, added] };
      return { user: replace(content.users, before, after) };
    },

    // Lists and maps have no field mask: those that are left out are empty afterwards.
    updateMembership: ({ request, content }) => {
      const { user, membership: before } = findMembership(content, request.organization_id, findUser(content, request));
      const { roles: named, metadata } = given(request.membership);
      const roles = named.length === 0 ? [] : findRoles(content, before.organization_id, named, 'membership.roles');
      return { user: changeMembership(content, user, { ...before, ...ofRoles(roles, content), metadata }) };
    },

    // Documented: unless it is told otherwise, it deletes a user who has no membership left.
    deleteMembership: ({ request, content }) => {
      const { cascade = true } = request;
      const { user } = findMembership(content, request.organization_id, findUser(content, request));
      const memberships = user.memberships.filter((one) => !isIn(request.organization_id)(one));
      if (memberships.length === 0 && cascade) deleteUser(content, user);
      else replace(content.users, user, { ...user, memberships });
      return {};
    },

    // Seen in the live tests of Scalekit's SDK: it is possible at once, and counts from one.
    resendInvite: ({ request, content }) => {
      const user = byId(content.users, request.id, 'user');
      const { organization_id, membership_status, inviter_email, created_at } = findMembership(
        content,
        request.organization_id,
        user,
      ).membership;
      if (!/INVITE/.test(membership_status)) {
        throw new ApiError('INVALID_ARGUMENT', 'the user has no pending invitation in this organization');
      }
      const isSame = (one: ResentInvite) => one.user_id === user.id && one.organization_id === organization_id;
      const before = content.resentInvites.find(isSame);
      const resent = { user_id: user.id, organization_id, resent_count: (before?.resent_count ?? 0) + 1 };
      if (before === undefined) content.resentInvites.push(resent);
      else replace(content.resentInvites, before, resent);
      const expires_at = new Date(Date.now() + INVITATION_MS).toISOString();
      return {
        invite: { ...resent, inviter_email, status: 'PENDING_INVITE', created_at, expires_at, resent_at: now() },
      };
    },

    // Documented: with those that come with them.
    listUserRoles: ({ request: { organization_id, user_id }, content }) => {
      const held = rolesOf(content, findMembership(content, organization_id, byId(content.users, user_id, 'user')));
      const all = new Set(held.flatMap((role) => lineage(role, content.roles)));
      return { roles: [...all].map(roleOfMember) };
    },

    // Documented: adds to the roles that somebody has.
    assignUserRoles: ({ request: { organization_id, user_id, roles: named }, content }) => {
      const found = findMembership(content, organization_id, byId(content.users, user_id, 'user'));
      const added = named.map(({ id, role_name }, i) => {
        const known = rolesIn(content.roles, organization_id);
        const role = known.find((one) => one.name === role_name || (role_name === '' && one.id === id));
        if (role !== undefined) return role;
        throw unknownRole(`roles[${i}].role_name`);
      });
      const held = [...new Set([...rolesOf(content, found), ...added])];
      changeMembership(content, found.user, { ...found.membership, ...ofRoles(held, content) });
      return { roles: held.map(roleOfMember) };
    },

    // Documented: only what somebody has by themselves.
    removeUserRole: ({ request: { organization_id, user_id, role_name }, content }) => {
      const found = findMembership(content, organization_id, byId(content.users, user_id, 'user'));
      const held = rolesOf(content, found);
      const role = findIn(held, ({ name }) => name === role_name, 'role');
      const left = held.filter((one) => one !== role);
      changeMembership(content, found.user, { ...found.membership, ...ofRoles(left, content) });
      return {};
    },

    listUserPermissions: ({ request: { organization_id, user_id }, content }) => {
      const held = rolesOf(content, findMembership(content, organization_id, byId(content.users, user_id, 'user')));
      const names = permittedTo(held, content.roles);
      return { permissions: content.permissions.filter(({ name }) => names.includes(name)) };
    },
  },
);

/** Whom a request is about, by either of their ids. @throws ApiError NOT_FOUND */
function findUser(
  { users }: EnvironmentContent,
  { id, external_id }: { readonly id?: string | undefined; readonly external_id?: string | undefined },
): User {
  return id === undefined
    ? findIn(users, (user) => user.external_id !== undefined && user.external_id === external_id, 'user')
    : byId(users, id, 'user');
}

const isIn =
  (organizationId: string) =>
  ({ organization_id }: Membership): boolean =>
    organization_id === organizationId;

/** @throws ApiError NOT_FOUND when there is no such organization, or the user is not in it */
function findMembership({ organizations }: EnvironmentContent, organizationId: string, user: User): Found {
  const { id } = byId(organizations, organizationId, 'organization');
  return { user, membership: findIn(user.memberships, isIn(id), 'membership') };
}

function changeMembership({ users }: EnvironmentContent, user: User, after: Membership): User {
  const memberships = user.memberships.map((one) => (isIn(after.organization_id)(one) ? after : one));
  return replace(users, user, { ...user, memberships });
}

/** The roles that somebody has by themselves. */
function rolesOf({ roles }: EnvironmentContent, { membership }: Found): Role[] {
  const { organization_id, roles: held } = membership;
  return rolesIn(roles, organization_id).filter(({ name }) => held.some((one) => one.name === name));
}

/** What a membership says of its roles. */
function ofRoles(roles: readonly Role[], content: EnvironmentContent) {
  return { roles: roles.map(roleOfMember), permissions: permittedTo(roles, content.roles) };
}

/** Takes a user away, with all that is theirs. */
function deleteUser({ users, sessions, passkeys }: EnvironmentContent, user: User): void {
  for (const session of sessions.filter(({ user_id }) => user_id === user.id)) remove(sessions, session);
  for (const passkey of passkeys.filter(({ user_id }) => user_id === user.id)) remove(passkeys, passkey);
  remove(users, user);
}

/** Documented: emails, ids and external ids, without regard to case. Names are not looked at. */
function isFoundBy(query: string) {
  const wanted = query.toLowerCase();
  return ({ id, email, external_id = '' }: User) =>
    [id, email, external_id].some((text) => text.toLowerCase().includes(wanted));
}

/** @throws ApiError NOT_FOUND when there is no such organization */
function usersOf({ organizations, users }: EnvironmentContent, organizationId: string): User[] {
  const { id } = byId(organizations, organizationId, 'organization');
  return users.filter(({ memberships }) => memberships.some(({ organization_id }) => organization_id === id));
}

function refuseTakenNames({ users }: EnvironmentContent, { email, external_id: externalId }: Wanted): void {
  refuseTaken(users, (user) => user.email.toLowerCase() === email.toLowerCase(), 'a user with this email');
  const sameId = ({ external_id }: User) => externalId !== undefined && external_id === externalId;
  refuseTaken(users, sameId, TAKEN_ID);
}

/** Whoever gets no role by name gets the one of everybody who joins. */
function findRoles(
  { roles, defaultRoles, organizationDefaults }: EnvironmentContent,
  organizationId: string,
  named: readonly { readonly name: string }[],
  at: string,
): Role[] {
  const own = organizationDefaults.find(({ organization_id }) => organization_id === organizationId);
  const wanted = named.length === 0 ? [{ name: own?.member ?? defaultRoles.member }] : named;
  const known = rolesIn(roles, organizationId);
  return wanted.map((role, i) => {
    const found = known.find(({ name }) => name === role.name);
    if (found !== undefined) return found;
    throw unknownRole(`${at}[${i}].name`);
  });
}

function unknownRole(field: string): ApiError {
  return invalid({ field, description: 'value is not a role of the environment', constraint: 'role.exists' });
}

/**
 * A profile has its names under the present and the deprecated members alike, whichever were sent. Seen in the live tests
 * of Scalekit's SDK: the deprecated ones come back. Inferred: the present ones do as well.
 */
function profileOf({ user_profile: wanted }: Wanted) {
  if (wanted === undefined) return {};
  const { first_name, last_name, given_name, family_name, ...facts } = wanted;
  const names = bothNames(given_name || first_name, family_name || last_name);
  return { ...facts, ...names, name: facts.name || names.name };
}

type Profile = NonNullable<User['user_profile']>;
type ProfileChange = NonNullable<
  NonNullable<JsonOf<typeof UserService.method.updateUser.input>['user']>['user_profile']
>;

/** What is left out of the texts stays; of lists and maps it does not. The full name is a text of its own. */
function changedProfile(before: Profile | undefined, wanted: ProfileChange): Profile {
  const { first_name, last_name, given_name, family_name, ...facts } = wanted;
  const { name: _, ...names } = bothNames(
    given_name ?? first_name ?? before?.given_name ?? '',
    family_name ?? last_name ?? before?.family_name ?? '',
  );
  return complete(UserProfileSchema, { ...before, ...defined(facts), ...names });
}
