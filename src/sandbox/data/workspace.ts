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

function toMember(person: Person): Member {
  const { id, givenName, familyName, joinedAt } = person;
  return {
    id,
    create_time: joinedAt,
    update_time: joinedAt,
    workspace_id: WORKSPACE_ID,
    role: person.role,
    first_name: givenName,
    last_name: familyName,
    email: person.email,
    metadata: {},
    organizations: [
      {
        organization_id: HOME_ORGANIZATION_ID,
        join_time: joinedAt,
        membership_status: 'ACTIVE',
        roles: [],
        name: 'Harborlight',
        metadata: {},
        display_name: 'Harborlight',
        created_at: joinedAt,
        accepted_at: joinedAt,
        permissions: [],
      },
    ],
    user_profile: {
      id: id.replace('usr_', 'usp_'),
      given_name: givenName,
      family_name: familyName,
      name: `${givenName} ${familyName}`,
      locale: 'en',
      email_verified: true,
      phone_number: '',
      metadata: {},
      custom_attributes: {},
      first_name: givenName,
      last_name: familyName,
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
