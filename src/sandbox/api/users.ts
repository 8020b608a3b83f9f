import { toProfile, type User } from '../data/users.ts';
import type { EnvironmentContent, Store } from '../store.ts';
import { ApiError, invalid } from './api-error.ts';
import { list, optionalFlag } from './composite-fields.ts';
import { optionalText, text, textMap } from './fields.ts';
import { findOrganization } from './find-organization.ts';
import { email } from './formats.ts';
import { type Decoded, message } from './message.ts';
import { environmentOperation } from './operation.ts';
import { pageFields, paginate } from './paging.ts';

const pairs = () => textMap({ maxPairs: 20, keys: { minLen: 3, maxLen: 25 }, values: { minLen: 1, maxLen: 256 } });

/** scalekit.v1.users.CreateUserProfile */
const createProfile = {
  given_name: text({ maxLen: 255 }),
  family_name: text({ maxLen: 255 }),
  name: text(),
  locale: text(),
  phone_number: text(),
  metadata: pairs(),
  custom_attributes: pairs(),
  preferred_username: text({ maxLen: 512 }),
  picture: optionalText({ maxLen: 2048 }),
  gender: optionalText(),
  groups: list(text({ minLen: 1, maxLen: 250 }), { maxItems: 50 }),
  first_name: text({ maxLen: 200 }),
  last_name: text({ maxLen: 200 }),
} as const;

/** scalekit.v1.users.CreateUser */
const createUser = {
  email: email(),
  external_id: optionalText(),
  membership: message({
    roles: list(message({ name: text() }, { required: true })),
    metadata: pairs(),
    inviter_email: optionalText({ minLen: 5, maxLen: 254 }),
  }),
  user_profile: message(createProfile),
  metadata: pairs(),
} as const;

type Wanted = Decoded<typeof createUser>;

/** scalekit.v1.users.UserService */
export const usersOperations = [
  environmentOperation({
    verb: 'GET',
    path: '/organizations/{organization_id}/users',
    accepts: ['workspace', 'client'],
    permission: 'organizations_users_read',
    request: { organization_id: text({ minLen: 1, maxLen: 32, prefix: 'org_' }), ...pageFields({ max: 100 }) },
    run({ request, content }) {
      const { id } = findOrganization(content, request.organization_id);
      const { items, ...pages } = paginate(membersOf(content, id), request, ['users', id]);
      return { ...pages, users: items };
    },
  }),

  environmentOperation({
    verb: 'POST',
    path: '/organizations/{organization_id}/users',
    accepts: ['workspace', 'client'],
    permission: 'organizations_users_invite',
    body: 'user',
    request: {
      organization_id: text(),
      user: message(createUser, { required: true }),
      send_invitation_email: optionalFlag(),
    },
    status: 201,
    run({ request, environment, content, store }) {
      const { user: wanted, send_invitation_email: invite = true } = request;
      const organization = findOrganization(content, request.organization_id);
      refuseTaken(content.users, wanted);
      const now = new Date().toISOString();
      const user: User = {
        id: store.newId('usr'),
        environment_id: environment.id,
        create_time: now,
        update_time: now,
        email: wanted.email,
        ...(wanted.external_id !== undefined && { external_id: wanted.external_id }),
        memberships: [
          {
            organization_id: organization.id,
            join_time: invite ? null : now,
            membership_status: invite ? 'PENDING_INVITE' : 'ACTIVE',
            roles: findRoles(content, wanted),
            name: organization.display_name,
            metadata: wanted.membership?.metadata ?? {},
            display_name: organization.display_name,
            ...(wanted.membership?.inviter_email !== undefined && { inviter_email: wanted.membership.inviter_email }),
            created_at: now,
            ...(!invite && { accepted_at: now }),
            permissions: [],
          },
        ],
        user_profile: newProfile(store, wanted),
        metadata: wanted.metadata,
        last_login_time: null,
      };
      content.users.push(user);
      return { user };
    },
  }),
];

function membersOf({ users }: EnvironmentContent, organizationId: string): User[] {
  return users.filter(({ memberships }) =>
    memberships.some(({ organization_id }) => organization_id === organizationId),
  );
}

function refuseTaken(users: readonly User[], { email: address, external_id: externalId }: Wanted): void {
  const isSame = ({ email: other }: User) => other.toLowerCase() === address.toLowerCase();
  if (users.some(isSame)) throw new ApiError('ALREADY_EXISTS', 'a user with this email exists in the environment');
  if (externalId === undefined || !users.some(({ external_id }) => external_id === externalId)) return;
  throw new ApiError('ALREADY_EXISTS', 'a user with this external_id exists in the environment');
}

/** Whoever gets no role by name gets the one of everybody who joins. */
function findRoles({ roles, defaultRoles }: EnvironmentContent, { membership }: Wanted) {
  const wanted =
    membership === undefined || membership.roles.length === 0 ? [{ name: defaultRoles.member }] : membership.roles;
  const found = wanted.map((role) => roles.find(({ name }) => name === role?.name));
  const missing = found.indexOf(undefined);
  if (missing !== -1) {
    const field = `user.membership.roles[${missing}].name`;
    throw invalid([{ field, description: 'value is not a role of the environment', constraint: 'role.exists' }]);
  }
  return found.flatMap((role) =>
    role === undefined ? [] : [{ id: role.id, name: role.name, display_name: role.display_name }],
  );
}

/** The names of old clients end up where the others are. */
function newProfile(store: Store, { user_profile: wanted }: Wanted): User['user_profile'] {
  if (wanted === undefined) return toProfile(store.newId('usp'), { given_name: '', family_name: '' });
  const { first_name, last_name, given_name, family_name, picture = '', gender = '', ...facts } = wanted;
  return toProfile(store.newId('usp'), {
    ...facts,
    given_name: given_name || first_name,
    family_name: family_name || last_name,
    picture,
    gender,
  });
}
