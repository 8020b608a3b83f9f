import { complete } from '../contract/complete.ts';
import { MemberSchema } from '../contract/published/members.ts';
import { WorkspaceSchema } from '../contract/published/workspaces.ts';
import { ENVIRONMENT_DOMAINS, ENVIRONMENT_IDS, HOME_ORGANIZATION_ID, WORKSPACE_ID } from './ids.ts';
import { PEOPLE } from './people.ts';
import type { Environment, Member, Workspace } from './types.ts';

/** Harborlight sells shipment tracking to importers, ports and warehouses. */
export const WORKSPACE: Workspace = complete(WorkspaceSchema, {
  id: WORKSPACE_ID,
  create_time: '2025-02-03T09:12:41Z',
  update_time: '2026-01-12T15:03:20Z',
  display_name: 'Harborlight',
  region_code: 'EU',
  extended_info: { payment_method_present: true },
  auth_domain: 'harborlight.scalekit.example',
  deployment: 'eu',
});

export const ENVIRONMENTS: readonly Environment[] = [
  {
    id: ENVIRONMENT_IDS.development,
    create_time: '2025-02-03T09:12:41.512Z',
    update_time: '2025-02-03T09:12:41.512Z',
    display_name: 'Development',
    domain: ENVIRONMENT_DOMAINS.development,
    region_code: 'EU',
    type: 'DEV',
    custom_domain_status: 'INITIAL',
  },
  {
    id: ENVIRONMENT_IDS.production,
    create_time: '2025-02-03T09:12:41.893Z',
    update_time: '2025-04-28T11:30:02.118Z',
    display_name: 'Production',
    domain: ENVIRONMENT_DOMAINS.production,
    region_code: 'EU',
    type: 'PRD',
    custom_domain: 'auth.harborlight.example',
    custom_domain_status: 'ACTIVE',
  },
];

export const MEMBERS: readonly Member[] = PEOPLE.map(({ id, joinedAt, givenName, familyName, email, role }) =>
  toMember(id, 'ACTIVE', { email, role, first_name: givenName, last_name: familyName, create_time: joinedAt }),
);

type Known = Pick<Member, 'email' | 'role' | 'first_name' | 'last_name' | 'create_time'> &
  Partial<Pick<Member, 'metadata'>>;

/** Somebody of the workspace, or somebody who is asked to join it and has not answered yet. */
export function toMember(id: string, status: 'ACTIVE' | 'PENDING_INVITE', known: Known): Member {
  const { first_name = '', last_name = '', create_time: at } = known;
  return complete(MemberSchema, {
    ...known,
    id,
    update_time: at,
    workspace_id: WORKSPACE_ID,
    organizations: [
      {
        organization_id: HOME_ORGANIZATION_ID,
        join_time: at,
        membership_status: status,
        name: 'Harborlight',
        display_name: 'Harborlight',
        created_at: at,
        accepted_at: status === 'ACTIVE' ? at : undefined,
      },
    ],
    user_profile: {
      id: id.replace('usr_', 'usp_'),
      given_name: first_name,
      family_name: last_name,
      name: [first_name, last_name].filter(Boolean).join(' '),
      locale: 'en',
      email_verified: status === 'ACTIVE',
      first_name,
      last_name,
    },
    workspace_ids: [WORKSPACE_ID],
  });
}
