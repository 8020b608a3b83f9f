import { complete } from '../contract/complete.ts';
import { MemberSchema } from '../contract/published/members.ts';
import { WorkspaceSchema } from '../contract/published/workspaces.ts';
import { DASHBOARD_ROLES } from './dashboard-roles.ts';
import {
  ENVIRONMENT_DOMAINS,
  ENVIRONMENT_IDS,
  type EnvironmentName,
  HOME_ORGANIZATION_ID,
  WORKSPACE_ID,
} from './ids.ts';
import { membership } from './memberships.ts';
import { PEOPLE } from './people.ts';
import type { Environment, Member, Workspace } from './types.ts';

const HOME_ORGANIZATION = { id: HOME_ORGANIZATION_ID, display_name: 'Harborlight' };

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
    ...environment('development', '2025-02-03T09:12:41.512Z'),
    display_name: 'Development',
    type: 'DEV',
    custom_domain_status: 'INITIAL',
  },
  {
    ...environment('production', '2025-02-03T09:12:41.893Z', '2025-04-28T11:30:02.118Z'),
    display_name: 'Production',
    type: 'PRD',
    custom_domain: 'auth.harborlight.example',
    custom_domain_status: 'ACTIVE',
  },
];

function environment(name: EnvironmentName, create_time: string, update_time = create_time) {
  return { id: ENVIRONMENT_IDS[name], create_time, update_time, domain: ENVIRONMENT_DOMAINS[name], region_code: 'EU' };
}

export const MEMBERS: readonly Member[] = PEOPLE.map(({ id, joinedAt, givenName, familyName, email, role, mayDo }) => {
  const names = { first_name: givenName, last_name: familyName };
  const dashboard_role = DASHBOARD_ROLES.find(({ name }) => name === mayDo);
  return toMember(id, 'ACTIVE', { email, role, ...names, dashboard_role, create_time: joinedAt });
});

type Known = Pick<Member, 'email' | 'role' | 'first_name' | 'last_name' | 'create_time'> &
  Partial<Pick<Member, 'metadata' | 'dashboard_role'>>;

/** Somebody of the workspace, or somebody who is asked to join it and has not answered yet. */
export function toMember(id: string, status: 'ACTIVE' | 'PENDING_INVITE', known: Known): Member {
  const { first_name = '', last_name = '', create_time = '' } = known;
  return complete(MemberSchema, {
    ...known,
    id,
    update_time: create_time,
    workspace_id: WORKSPACE_ID,
    organizations: [{ ...membership(HOME_ORGANIZATION, status, create_time), join_time: create_time }],
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
