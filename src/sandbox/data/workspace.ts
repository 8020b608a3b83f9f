import { HOME_ORGANIZATION_ID, WORKSPACE_ID } from './ids.ts';
import { PEOPLE, type Person } from './people.ts';
import type { Member, Workspace } from './types.ts';

const CREATED = '2025-02-03T09:12:41Z';

/** Harborlight sells shipment tracking to importers, ports and warehouses. */
export const WORKSPACE: Workspace = {
  id: WORKSPACE_ID,
  create_time: CREATED,
  update_time: '2026-01-12T15:03:20Z',
  display_name: 'Harborlight',
  region_code: 'EU',
  extended_info: { payment_overdue: false, payment_method_present: true, free_quota_exceeded: false },
  billing_customer_id: '',
  billing_subscription_id: '',
  auth_domain: 'harborlight.scalekit.example',
  deployment: 'eu',
};

export const MEMBERS: readonly Member[] = PEOPLE.map(toMember);

function toMember({ id, joinedAt, ...person }: Person): Member {
  const { givenName, familyName, email, role } = person;
  return member({ id, email, role, at: joinedAt, givenName, familyName, status: 'ACTIVE' });
}

interface Invitation {
  readonly email: string;
  readonly role: Member['role'];
  readonly at: string;
  readonly givenName?: string | undefined;
  readonly familyName?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Somebody who is asked to join the workspace and has not answered yet. */
export function invitedMember(id: string, invitation: Invitation): Member {
  return member({ id, ...invitation, status: 'PENDING_INVITE' });
}

function member(known: Invitation & { id: string; status: 'ACTIVE' | 'PENDING_INVITE' }): Member {
  const { id, email, role, at, givenName, familyName, metadata = {}, status } = known;
  return {
    id,
    create_time: at,
    update_time: at,
    workspace_id: WORKSPACE_ID,
    role,
    ...(givenName !== undefined && { first_name: givenName }),
    ...(familyName !== undefined && { last_name: familyName }),
    email,
    metadata,
    organizations: [
      {
        organization_id: HOME_ORGANIZATION_ID,
        join_time: at,
        membership_status: status,
        roles: [],
        name: 'Harborlight',
        metadata: {},
        display_name: 'Harborlight',
        created_at: at,
        ...(status === 'ACTIVE' && { accepted_at: at }),
        permissions: [],
      },
    ],
    user_profile: {
      id: id.replace('usr_', 'usp_'),
      given_name: givenName ?? '',
      family_name: familyName ?? '',
      name: [givenName, familyName].filter(Boolean).join(' '),
      locale: 'en',
      email_verified: status === 'ACTIVE',
      phone_number: '',
      metadata: {},
      custom_attributes: {},
      first_name: givenName ?? '',
      last_name: familyName ?? '',
      preferred_username: '',
      phone_number_verified: false,
      picture: '',
      groups: [],
      gender: '',
      external_identities: [],
    },
    external_id: '',
    workspace_ids: [WORKSPACE_ID],
  };
}
