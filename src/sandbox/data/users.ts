import { UserSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/users/users_pb.js';
import { complete } from '../contract/complete.ts';
import { seedAccess } from './access.ts';
import {
  DEVELOPMENT_ORGANIZATION_IDS as DEV,
  ENVIRONMENT_IDS,
  type EnvironmentName,
  PRODUCTION_ORGANIZATION_IDS as PRD,
} from './ids.ts';
import type { User } from './types.ts';

/** Users of one environment, in the order of creation. */
export interface UsersContent {
  readonly users: User[];
}

/** Somebody at a customer, as far as the seed data tells people apart. */
interface Person {
  /** The end of all their ids. */
  readonly no: number;
  readonly email: string;
  readonly names?: readonly [given: string, family: string];
  readonly locale?: string;
  readonly organization: readonly [id: string, name: string];
  readonly status?: 'PENDING_INVITE' | 'INACTIVE';
  /** Name of one of the environment's roles. */
  readonly role: string;
  readonly since: string;
  readonly lastLogin?: string;
  readonly externalId?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

const TIDEWATER = 'Tidewater Logistics';
const MERIDIAN = 'Meridian Freight GmbH';

const ROSA = {
  email: 'rosa.delgado@tidewater.example',
  names: ['Rosa', 'Delgado'],
  locale: 'en-US',
  role: 'admin',
  externalId: 'hl-u-4001',
} as const;
const ANKE = {
  email: 'anke.vogel@meridian.example',
  names: ['Anke', 'Vogel'],
  locale: 'de-DE',
  role: 'admin',
} as const;

const PEOPLE: Readonly<Record<EnvironmentName, readonly Person[]>> = {
  development: [
    {
      ...ROSA,
      no: 1,
      organization: [DEV.tidewater, TIDEWATER],
      since: '2025-03-11T08:41:12Z',
      lastLogin: '2026-01-19T13:02:44Z',
      metadata: { department: 'IT', cost_center: 'TW-210' },
    },
    {
      no: 2,
      email: 'caleb.nwosu@tidewater.example',
      names: ['Caleb', 'Nwosu'],
      organization: [DEV.tidewater, TIDEWATER],
      role: 'dispatcher',
      since: '2025-03-12T15:20:31Z',
      lastLogin: '2026-01-20T06:55:10Z',
      externalId: 'hl-u-4002',
    },
    {
      no: 3,
      email: 'night.shift@tidewater.example',
      organization: [DEV.tidewater, TIDEWATER],
      role: 'member',
      since: '2025-06-02T22:00:00Z',
    },
    {
      no: 4,
      email: 'priya.raman@tidewater.example',
      names: ['Priya', 'Raman'],
      organization: [DEV.tidewater, TIDEWATER],
      status: 'PENDING_INVITE',
      role: 'member',
      since: '2026-01-17T09:30:00Z',
    },
    {
      ...ANKE,
      no: 5,
      organization: [DEV.meridian, MERIDIAN],
      since: '2025-04-02T11:02:17Z',
      lastLogin: '2025-12-22T08:14:03Z',
    },
    {
      no: 6,
      email: 'jürgen.müller@lagerhaus.example',
      names: ['Jürgen', 'Müller'],
      locale: 'de-DE',
      organization: [DEV.lagerhaus, 'Lagerhaus Müller & Söhne'],
      status: 'INACTIVE',
      role: 'member',
      since: '2025-07-01T07:12:55Z',
    },
    {
      no: 7,
      email: 'sato@umineko.example',
      names: ['陽菜', '佐藤'],
      locale: 'ja-JP',
      organization: [DEV.umi, '海運株式会社ウミネコ'],
      role: 'admin',
      since: '2025-08-05T02:33:08Z',
      lastLogin: '2025-11-30T00:40:19Z',
    },
  ],
  production: [
    {
      ...ROSA,
      no: 501,
      organization: [PRD.tidewater, TIDEWATER],
      since: '2025-04-28T12:10:00Z',
      lastLogin: '2026-01-20T12:31:07Z',
    },
    {
      ...ANKE,
      no: 502,
      organization: [PRD.meridian, MERIDIAN],
      since: '2025-05-12T08:20:41Z',
      lastLogin: '2026-01-15T07:59:30Z',
    },
  ],
};

/** What each environment holds at start. */
export function seedUsers(environment: EnvironmentName): UsersContent {
  return { users: PEOPLE[environment].map((person) => toUser(person, environment)) };
}

function toUser(person: Person, environment: EnvironmentName): User {
  const { no, email, names: [given_name, family_name] = ['', ''], locale, since, lastLogin, metadata } = person;
  const number = 71204418093062000n + BigInt(no);
  const invited = person.status === 'PENDING_INVITE';
  const [organization_id, name] = person.organization;
  const role = seedAccess(environment).roles.find((candidate) => candidate.name === person.role);
  return complete(UserSchema, {
    id: `usr_${number}`,
    environment_id: ENVIRONMENT_IDS[environment],
    create_time: since,
    update_time: lastLogin ?? since,
    email,
    external_id: person.externalId,
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
