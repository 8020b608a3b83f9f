import { seedAccess } from './access.ts';
import {
  DEVELOPMENT_ORGANIZATION_IDS,
  ENVIRONMENT_IDS,
  type EnvironmentName,
  PRODUCTION_ORGANIZATION_IDS,
} from './ids.ts';
import type { UserProfile } from './types.ts';

/** Users of one environment, in the order of creation. */
export interface UsersContent {
  readonly users: User[];
}

/** scalekit.v1.users.User */
export interface User {
  readonly id: string;
  readonly environment_id: string;
  readonly create_time: string;
  readonly update_time: string;
  readonly email: string;
  readonly external_id?: string;
  readonly memberships: readonly Membership[];
  readonly user_profile: UserProfile;
  readonly metadata: Readonly<Record<string, string>>;
  readonly last_login_time: string | null;
}

/** scalekit.v1.commons.OrganizationMembership */
interface Membership {
  readonly organization_id: string;
  readonly join_time: string | null;
  readonly membership_status: 'ACTIVE' | 'INACTIVE' | 'PENDING_INVITE' | 'INVITE_EXPIRED';
  readonly roles: readonly { readonly id: string; readonly name: string; readonly display_name: string }[];
  readonly name?: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly display_name?: string;
  readonly inviter_email?: string;
  readonly created_at?: string;
  readonly accepted_at?: string;
  readonly expires_at?: string;
  readonly permissions: readonly string[];
}

/** What is known of a person; the rest of a profile follows or stays empty. */
type ProfileFacts = Pick<UserProfile, 'given_name' | 'family_name'> &
  Partial<Omit<UserProfile, 'id' | 'first_name' | 'last_name' | 'external_identities'>>;

/** A whole profile. */
export function toProfile(id: string, { given_name, family_name, name, ...facts }: ProfileFacts): UserProfile {
  return {
    id,
    given_name,
    family_name,
    name: name || `${given_name} ${family_name}`.trim(),
    locale: '',
    email_verified: false,
    phone_number: '',
    metadata: {},
    custom_attributes: {},
    first_name: '',
    last_name: '',
    preferred_username: '',
    phone_number_verified: false,
    picture: '',
    groups: [],
    gender: '',
    external_identities: [],
    ...facts,
  };
}

/** What each environment holds at start. */
export function seedUsers(environment: EnvironmentName): UsersContent {
  return { users: PEOPLE[environment].map((person) => toUser(person, environment)) };
}

/** Somebody at a customer, as far as the seed data tells people apart. */
interface Person {
  /** The end of all their ids. */
  readonly no: number;
  readonly email: string;
  readonly names?: readonly [given: string, family: string];
  readonly locale?: string;
  readonly organization: { readonly id: string; readonly name: string };
  readonly status?: Membership['membership_status'];
  /** Name of one of the environment's roles. */
  readonly role: string;
  readonly since: string;
  readonly lastLogin?: string;
  readonly externalId?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

const { tidewater, meridian, lagerhaus, umi } = DEVELOPMENT_ORGANIZATION_IDS;
const TIDEWATER = { id: tidewater, name: 'Tidewater Logistics' };

const PEOPLE: Readonly<Record<EnvironmentName, readonly Person[]>> = {
  development: [
    {
      no: 1,
      email: 'rosa.delgado@tidewater.example',
      names: ['Rosa', 'Delgado'],
      locale: 'en-US',
      organization: TIDEWATER,
      role: 'admin',
      since: '2025-03-11T08:41:12Z',
      lastLogin: '2026-01-19T13:02:44Z',
      externalId: 'hl-u-4001',
      metadata: { department: 'IT', cost_center: 'TW-210' },
    },
    {
      no: 2,
      email: 'caleb.nwosu@tidewater.example',
      names: ['Caleb', 'Nwosu'],
      organization: TIDEWATER,
      role: 'dispatcher',
      since: '2025-03-12T15:20:31Z',
      lastLogin: '2026-01-20T06:55:10Z',
      externalId: 'hl-u-4002',
    },
    {
      no: 3,
      email: 'night.shift@tidewater.example',
      organization: TIDEWATER,
      role: 'member',
      since: '2025-06-02T22:00:00Z',
    },
    {
      no: 4,
      email: 'priya.raman@tidewater.example',
      names: ['Priya', 'Raman'],
      organization: TIDEWATER,
      status: 'PENDING_INVITE',
      role: 'member',
      since: '2026-01-17T09:30:00Z',
    },
    {
      no: 5,
      email: 'anke.vogel@meridian.example',
      names: ['Anke', 'Vogel'],
      locale: 'de-DE',
      organization: { id: meridian, name: 'Meridian Freight GmbH' },
      role: 'admin',
      since: '2025-04-02T11:02:17Z',
      lastLogin: '2025-12-22T08:14:03Z',
    },
    {
      no: 6,
      email: 'jürgen.müller@lagerhaus.example',
      names: ['Jürgen', 'Müller'],
      locale: 'de-DE',
      organization: { id: lagerhaus, name: 'Lagerhaus Müller & Söhne' },
      status: 'INACTIVE',
      role: 'member',
      since: '2025-07-01T07:12:55Z',
    },
    {
      no: 7,
      email: 'sato@umineko.example',
      names: ['陽菜', '佐藤'],
      locale: 'ja-JP',
      organization: { id: umi, name: '海運株式会社ウミネコ' },
      role: 'admin',
      since: '2025-08-05T02:33:08Z',
      lastLogin: '2025-11-30T00:40:19Z',
    },
  ],
  production: [
    {
      no: 501,
      email: 'rosa.delgado@tidewater.example',
      names: ['Rosa', 'Delgado'],
      locale: 'en-US',
      organization: { id: PRODUCTION_ORGANIZATION_IDS.tidewater, name: 'Tidewater Logistics' },
      role: 'admin',
      since: '2025-04-28T12:10:00Z',
      lastLogin: '2026-01-20T12:31:07Z',
      externalId: 'hl-u-4001',
    },
    {
      no: 502,
      email: 'anke.vogel@meridian.example',
      names: ['Anke', 'Vogel'],
      locale: 'de-DE',
      organization: { id: PRODUCTION_ORGANIZATION_IDS.meridian, name: 'Meridian Freight GmbH' },
      role: 'admin',
      since: '2025-05-12T08:20:41Z',
      lastLogin: '2026-01-15T07:59:30Z',
    },
  ],
};

function toUser(person: Person, environment: EnvironmentName): User {
  const { no, email, names: [given_name, family_name] = ['', ''], locale = '', since, externalId } = person;
  const number = 71204418093062000n + BigInt(no);
  return {
    id: `usr_${number}`,
    environment_id: ENVIRONMENT_IDS[environment],
    create_time: since,
    update_time: person.lastLogin ?? since,
    email,
    ...(externalId !== undefined && { external_id: externalId }),
    memberships: [toMembership(person, environment)],
    user_profile: toProfile(`usp_${number}`, {
      given_name,
      family_name,
      locale,
      email_verified: person.lastLogin !== undefined,
    }),
    metadata: person.metadata ?? {},
    last_login_time: person.lastLogin ?? null,
  };
}

function toMembership(
  { organization, status = 'ACTIVE', role: roleName, since }: Person,
  environment: EnvironmentName,
): Membership {
  const roles = seedAccess(environment).roles.filter(({ name }) => name === roleName);
  const invited = status === 'PENDING_INVITE';
  return {
    organization_id: organization.id,
    join_time: invited ? null : since,
    membership_status: status,
    roles: roles.map(({ id, name, display_name }) => ({ id, name, display_name })),
    name: organization.name,
    metadata: {},
    display_name: organization.name,
    ...(invited && { inviter_email: 'rosa.delgado@tidewater.example' }),
    created_at: since,
    ...(!invited && { accepted_at: since }),
    permissions: [],
  };
}
