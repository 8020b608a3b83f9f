import { UserSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/users/users_pb.js';
import { complete } from '../contract/complete.ts';
import { seedAccess } from './access.ts';
import {
  DEVELOPMENT_ORGANIZATION_IDS as DEV,
  ENVIRONMENT_IDS,
  type EnvironmentName,
  PRODUCTION_ORGANIZATION_IDS as PRD,
} from './ids.ts';
import { seedOrganizations } from './organizations.ts';
import type { User } from './types.ts';

/** Users of one environment, in the order of creation. */
export interface UsersContent {
  readonly users: User[];
}

/** Somebody at a customer, as far as the seed data tells people apart. */
interface Person {
  readonly email: string;
  readonly names?: readonly [given: string, family: string];
  readonly locale?: string;
  readonly status?: 'PENDING_INVITE' | 'INACTIVE';
  /** Name of one of the environment's roles. */
  readonly role: string;
  readonly externalId?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The end of all ids of a person, who they are, where they work, since when, and when they were last seen. */
type Row = readonly [no: number, person: Person, organization: string, since: string, lastLogin?: string];

const ROSA: Person = {
  email: 'rosa.delgado@tidewater.example',
  names: ['Rosa', 'Delgado'],
  locale: 'en-US',
  role: 'admin',
  externalId: 'hl-u-4001',
};
const ANKE: Person = { email: 'anke.vogel@meridian.example', names: ['Anke', 'Vogel'], locale: 'de-DE', role: 'admin' };
const CALEB: Person = {
  email: 'caleb.nwosu@tidewater.example',
  names: ['Caleb', 'Nwosu'],
  role: 'dispatcher',
  externalId: 'hl-u-4002',
};
const NIGHT_SHIFT: Person = { email: 'night.shift@tidewater.example', role: 'member' };
const PRIYA: Person = {
  email: 'priya.raman@tidewater.example',
  names: ['Priya', 'Raman'],
  status: 'PENDING_INVITE',
  role: 'member',
};
const JUERGEN: Person = {
  email: 'jürgen.müller@lagerhaus.example',
  names: ['Jürgen', 'Müller'],
  locale: 'de-DE',
  status: 'INACTIVE',
  role: 'member',
};
const HINA: Person = { email: 'sato@umineko.example', names: ['陽菜', '佐藤'], locale: 'ja-JP', role: 'admin' };

const { tidewater, meridian, lagerhaus, umi } = DEV;
const FROM_IT = { ...ROSA, metadata: { department: 'IT', cost_center: 'TW-210' } };

const PEOPLE: Readonly<Record<EnvironmentName, readonly Row[]>> = {
  development: [
    [1, FROM_IT, tidewater, '2025-03-11T08:41:12Z', '2026-01-19T13:02:44Z'],
    [2, CALEB, tidewater, '2025-03-12T15:20:31Z', '2026-01-20T06:55:10Z'],
    [3, NIGHT_SHIFT, tidewater, '2025-06-02T22:00:00Z'],
    [4, PRIYA, tidewater, '2026-01-17T09:30:00Z'],
    [5, ANKE, meridian, '2025-04-02T11:02:17Z', '2025-12-22T08:14:03Z'],
    [6, JUERGEN, lagerhaus, '2025-07-01T07:12:55Z'],
    [7, HINA, umi, '2025-08-05T02:33:08Z', '2025-11-30T00:40:19Z'],
  ],
  production: [
    [501, ROSA, PRD.tidewater, '2025-04-28T12:10:00Z', '2026-01-20T12:31:07Z'],
    [502, ANKE, PRD.meridian, '2025-05-12T08:20:41Z', '2026-01-15T07:59:30Z'],
  ],
};

/** What each environment holds at start. */
export function seedUsers(environment: EnvironmentName): UsersContent {
  return { users: PEOPLE[environment].map((row) => toUser(row, environment)) };
}

function toUser([no, person, organization_id, since, lastLogin]: Row, environment: EnvironmentName): User {
  const { email, names: [given_name, family_name] = ['', ''], locale, externalId: external_id, metadata } = person;
  const number = 71204418093062000n + BigInt(no);
  const invited = person.status === 'PENDING_INVITE';
  const name = seedOrganizations(environment).organizations.find(({ id }) => id === organization_id)?.display_name;
  const role = seedAccess(environment).roles.find((candidate) => candidate.name === person.role);
  return complete(UserSchema, {
    id: `usr_${number}`,
    environment_id: ENVIRONMENT_IDS[environment],
    create_time: since,
    update_time: lastLogin ?? since,
    email,
    external_id,
    memberships: [
      {
        organization_id,
        join_time: invited ? undefined : since,
        membership_status: person.status ?? 'ACTIVE',
        roles: role && [{ id: role.id, name: role.name, display_name: role.display_name }],
        name,
        display_name: name,
        inviter_email: invited ? ROSA.email : undefined,
        created_at: since,
        accepted_at: invited ? undefined : since,
      },
    ],
    user_profile: {
      id: `usp_${number}`,
      given_name,
      family_name,
      name: `${given_name} ${family_name}`.trim(),
      locale,
      email_verified: lastLogin !== undefined,
    },
    metadata,
    last_login_time: lastLogin,
  });
}
