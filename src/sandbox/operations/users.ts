import { UserSchema, UserService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/users/users_pb.js';
import { complete } from '../contract/complete.ts';
import type { JsonOf } from '../contract/json.ts';
import { permittedTo } from '../data/access.ts';
import { membership } from '../data/memberships.ts';
import type { User } from '../data/types.ts';
import { bothNames, roleOfMember } from '../data/users.ts';
import { byId, invalid, refuseTaken } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import type { EnvironmentContent } from '../store.ts';
import { page } from './paging.ts';
import { given, now } from './parts.ts';

type Wanted = NonNullable<JsonOf<typeof UserService.method.createUserAndMembership.input>['user']>;

export const usersOperations = operations(
  { ...UserService, created: ['createUserAndMembership'] },
  {
    listOrganizationUsers: ({ request, content }) => {
      const users = usersOf(content, request.organization_id);
      return page('users', users, request, ['users', request.organization_id]);
    },

    // Documented: emails, ids and external ids, without regard to case. Names are not looked at.
    searchOrganizationUsers: ({ request, content }) => {
      const wanted = request.query.toLowerCase();
      const matching = usersOf(content, request.organization_id).filter(({ id, email, external_id = '' }) =>
        [id, email, external_id].some((text) => text.toLowerCase().includes(wanted)),
      );
      return page('users', matching, request, ['found users', request.organization_id, wanted]);
    },

    createUserAndMembership: ({ request, environment, content, store }) => {
      const wanted = given(request.user);
      const { send_invitation_email: invite = true } = request;
      const organization = byId(content.organizations, request.organization_id, 'organization');
      const roles = findRoles(content, wanted.membership?.roles ?? []);
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
            roles: roles.map(roleOfMember),
            permissions: permittedTo(roles, content.roles),
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
  },
);

/** @throws ApiError NOT_FOUND when there is no such organization */
function usersOf({ organizations, users }: EnvironmentContent, organizationId: string): User[] {
  const { id } = byId(organizations, organizationId, 'organization');
  return users.filter(({ memberships }) => memberships.some(({ organization_id }) => organization_id === id));
}

function refuseTakenNames({ users }: EnvironmentContent, { email, external_id: externalId }: Wanted): void {
  refuseTaken(users, (user) => user.email.toLowerCase() === email.toLowerCase(), 'a user with this email');
  const sameId = ({ external_id }: User) => externalId !== undefined && external_id === externalId;
  refuseTaken(users, sameId, 'a user with this external_id');
}

/** Whoever gets no role by name gets the one of everybody who joins. */
function findRoles({ roles, defaultRoles }: EnvironmentContent, named: readonly { readonly name: string }[]) {
  const wanted = named.length === 0 ? [{ name: defaultRoles.member }] : named;
  return wanted.map((role, i) => {
    const found = roles.find(({ name }) => name === role.name);
    if (found !== undefined) return found;
    const field = `user.membership.roles[${i}].name`;
    throw invalid({ field, description: 'value is not a role of the environment', constraint: 'role.exists' });
  });
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
