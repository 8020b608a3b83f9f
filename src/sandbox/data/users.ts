import { UserSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/users/users_pb.js';
import { complete } from '../contract/complete.ts';
import { permittedTo } from './access.ts';
import {
  DEVELOPMENT_CONNECTION_IDS,
  ENVIRONMENT_IDS,
  type EnvironmentName,
  ORGANIZATION_IDS,
  type OrganizationName,
} from './ids.ts';
import { membership } from './memberships.ts';
import type { Organization, Role, User } from './types.ts';

/** Users of one environment, in the order of creation. */
export interface UsersContent {
  readonly users: User[];
}

/** Somebody at a customer; the roles are some of the environment's, by name, with spaces between them. */
type Person = readonly [
  email: string,
  roles: string,
  givenName: string,
  familyName: string,
  locale?: string | undefined,
  externalId?: string,
];

const PEOPLE = {
  rosa: ['rosa.delgado@tidewater.example', 'admin', 'Rosa', 'Delgado', 'en-US', 'hl-u-4001'],
  caleb: ['caleb.nwosu@tidewater.example', 'dispatcher', 'Caleb', 'Nwosu', undefined, 'hl-u-4002'],
  nightShift: ['night.shift@tidewater.example', 'member', '', ''],
  priya: ['priya.raman@tidewater.example', 'member', 'Priya', 'Raman'],
  anke: ['anke.vogel@meridian.example', 'admin', 'Anke', 'Vogel', 'de-DE'],
  juergen: ['jürgen.müller@lagerhaus.example', 'member', 'Jürgen', 'Müller', 'de-DE'],
  hina: ['sato@umineko.example', 'admin', '陽菜', '佐藤', 'ja-JP'],
  mateus: ['mateus.rocha@anchorage.example', 'dispatcher', 'Mateus', 'Rocha', 'pt-BR', 'hl-u-4008'],
  ines: ['ines.duarte@anchorage.example', 'member', 'Inês', 'Duarte'],
  tomas: ['tomas.beck@anchorage.example', 'member', 'Tomas', 'Beck'],
  lotte: ['lotte.visser@anchorage.example', 'member', 'Lotte', 'Visser'],
  erik: ['erik.lund@anchorage.example', 'dispatcher customs_broker', 'Erik', 'Lund'],
} as const satisfies Readonly<Record<string, Person>>;

/** The end of all ids of a person, who they are, where they work, since when, and when they were last seen. */
type Row = readonly [
  no: number,
  person: keyof typeof PEOPLE,
  organization: OrganizationName,
  status: 'ACTIVE' | 'PENDING_INVITE' | 'INACTIVE',
  since: string,
  lastLogin?: string,
  metadata?: Readonly<Record<string, string>>,
];

const FROM_IT = { department: 'IT', cost_center: 'TW-210' };

const ROWS: Readonly<Record<EnvironmentName, readonly Row[]>> = {
  development: [
    [1, 'rosa', 'tidewater', 'ACTIVE', '2025-03-11T08:41:12Z', '2026-01-19T13:02:44Z', FROM_IT],
    [2, 'caleb', 'tidewater', 'ACTIVE', '2025-03-12T15:20:31Z', '2026-01-20T06:55:10Z'],
    [3, 'nightShift', 'tidewater', 'ACTIVE', '2025-06-02T22:00:00Z'],
    [4, 'priya', 'tidewater', 'PENDING_INVITE', '2026-01-17T09:30:00Z'],
    [5, 'anke', 'meridian', 'ACTIVE', '2025-04-02T11:02:17Z', '2025-12-22T08:14:03Z'],
    [6, 'juergen', 'lagerhaus', 'INACTIVE', '2025-07-01T07:12:55Z'],
    [7, 'hina', 'umi', 'ACTIVE', '2025-08-05T02:33:08Z', '2025-11-30T00:40:19Z'],
    [
      8,
      'mateus',
      'anchorage',
      'ACTIVE',
      '2025-10-20T20:01:00Z',
      '2026-01-20T09:12:36Z',
      { shift: 'night', desk: '14' },
    ],
    [9, 'ines', 'anchorage', 'ACTIVE', '2025-10-21T08:30:45Z', '2026-01-18T16:20:00Z'],
    [10, 'tomas', 'anchorage', 'PENDING_INVITE', '2026-01-12T11:05:00Z'],
    [11, 'lotte', 'anchorage', 'ACTIVE', '2025-11-03T07:44:19Z', '2026-01-09T10:00:51Z'],
    [12, 'erik', 'anchorage', 'ACTIVE', '2025-11-10T09:15:00Z'],
  ],
  production: [
    [501, 'rosa', 'tidewater', 'ACTIVE', '2025-04-28T12:10:00Z', '2026-01-20T12:31:07Z'],
    [502, 'anke', 'meridian', 'ACTIVE', '2025-05-12T08:20:41Z', '2026-01-15T07:59:30Z'],
  ],
};

/** Who works at a second customer as well, and since when. */
const ALSO_AT: Readonly<Partial<Record<keyof typeof PEOPLE, readonly [OrganizationName, since: string]>>> = {
  ines: ['bluefin', '2025-12-02T13:00:00Z'],
};

/** Who signs in through a connection, and has come back since. */
const IDENTITIES = {
  development: [
    {
      of: 'rosa',
      identity: {
        connection_id: DEVELOPMENT_CONNECTION_IDS.tidewater,
        connection_type: 'OIDC',
        connection_provider: 'MICROSOFT_AD',
        connection_user_id: '00u4tidewater71rosa',
        created_time: '2025-03-11T08:41:12Z',
        last_login_time: '2026-01-19T13:02:44Z',
        last_synced_time: '2026-01-19T13:02:44Z',
      },
    },
  ],
  production: [],
} as const;

/** What each environment holds at start, given the organizations and roles that it holds. */
export function seedUsers(
  environment: EnvironmentName,
  { organizations, roles }: { readonly organizations: readonly Organization[]; readonly roles: readonly Role[] },
): UsersContent {
  const identities = IDENTITIES[environment];
  return { users: ROWS[environment].map(toUser) };

  function toUser([no, person, customer, status, since, last_login_time, metadata]: Row): User {
    const [email, roleNames, given_name, family_name, locale, external_id]: Person = PEOPLE[person];
    const number = 71204418093062000n + BigInt(no);
    const held = roles.filter(({ name }) => roleNames.split(' ').includes(name));
    const second = environment === 'development' ? ALSO_AT[person] : undefined;
    return complete(UserSchema, {
      id: `usr_${number}`,
      environment_id: ENVIRONMENT_IDS[environment],
      create_time: since,
      update_time: last_login_time ?? since,
      email,
      external_id,
      memberships: [
        membershipOf(customer, status, since),
        ...(second ? [membershipOf(second[0], 'ACTIVE', second[1])] : []),
      ],
      user_profile: {
        id: `usp_${number}`,
        ...bothNames(given_name, family_name),
        locale,
        email_verified: last_login_time !== undefined,
        external_identities: identities.filter(({ of }) => of === person).map(({ identity }) => identity),
      },
      metadata,
      last_login_time,
    });

    function membershipOf(where: OrganizationName, status: Row[3], since: string) {
      const organization = organizations.find(({ id }) => id === ORGANIZATION_IDS[environment][where]);
      if (organization === undefined) throw new Error(`${email} works at no organization of ${environment}.`);
      return {
        ...membership(organization, status, since),
        roles: held.map(roleOfMember),
        permissions: permittedTo(held, roles),
        inviter_email: status === 'PENDING_INVITE' ? PEOPLE.rosa[0] : undefined,
      };
    }
  }
}

/** The names of a person: under the present and the deprecated members alike. */
export function bothNames(given_name: string, family_name: string) {
  const name = `${given_name} ${family_name}`.trim();
  return { given_name, family_name, name, first_name: given_name, last_name: family_name };
}

/** What a membership says of a role. */
export function roleOfMember({ id, name, display_name }: Role) {
  return { id, name, display_name };
}
