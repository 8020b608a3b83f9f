import { complete } from '../contract/complete.ts';
import { MemberSchema } from '../contract/published/members.ts';
import { ProductUsageSchema, WorkspaceSchema } from '../contract/published/workspaces.ts';
import { DASHBOARD_ROLES } from './dashboard-roles.ts';
import {
  ENVIRONMENT_DOMAINS,
  ENVIRONMENT_IDS,
  type EnvironmentName,
  HOME_ORGANIZATION_ID,
  MEMBER_IDS,
  WORKSPACE_ID,
} from './ids.ts';
import { membership } from './memberships.ts';
import { PEOPLE } from './people.ts';
import type { Environment, Member, ProductUsage, Workspace } from './types.ts';

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
  billing_mode: 'STRIPE',
  workspace_type: 'WORKSPACE_TYPE_NORMAL',
});

/** What Harborlight has used in this period: more people than are free, and connections that are paid one by one. */
export const PRODUCT_USAGE: readonly ProductUsage[] = [
  used('Monthly active users', 'MAX', [
    ['Free', 10_000, 10_000, 0],
    ['Next 90,000', 2_412, 90_000, 24.12],
  ]),
  used('SSO connections', 'SUM', [['Connection', 4, 25, 200]]),
];

type Tier = readonly [name: string, count: number, available: number, price: number];

function used(product_name: string, aggregation_method: string, tiers: readonly Tier[]): ProductUsage {
  return complete(ProductUsageSchema, {
    product_id: `prod_${product_name.toLowerCase().replaceAll(' ', '_')}`,
    product_name,
    tiers: tiers.map(([tier_name, count, available, price_for_current_tier]) => ({
      tier_name,
      current_count: String(count),
      total_available_count: String(available),
      price_for_current_tier,
      currency: 'USD',
      is_free_tier: price_for_current_tier === 0,
    })),
    total_amount: tiers.reduce((sum, [, , , price]) => sum + price, 0),
    total_count: tiers.reduce((sum, [, count]) => sum + count, 0),
    currency: 'USD',
    aggregation_method,
  });
}

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

const SIGNING_IN: readonly Member[] = PEOPLE.map(({ id, joinedAt, givenName, familyName, email, role, mayDo }) => {
  const names = { first_name: givenName, last_name: familyName };
  const dashboard_role = DASHBOARD_ROLES.find(({ name }) => name === mayDo);
  return toMember(id, 'ACTIVE', { email, role, ...names, dashboard_role, create_time: joinedAt });
});

/** Members who do not sign in here: one who has left, and one who has not come yet and has no role. */
const OTHERS: readonly Member[] = [
  toMember(MEMBER_IDS.contractor, 'ACTIVE', {
    email: 'lena@voss-consulting.example',
    role: 'USER',
    first_name: 'Lena',
    last_name: 'Voss',
    dashboard_role: DASHBOARD_ROLES.find(({ name }) => name === 'developer'),
    create_time: '2025-07-01T08:00:12Z',
  }),
  toMember(MEMBER_IDS.auditor, 'PENDING_INVITE', {
    email: 'tobias@grell-audit.example',
    role: 'USER',
    first_name: 'Tobias',
    last_name: 'Grell',
    create_time: '2026-01-19T13:20:47Z',
  }),
];

export const MEMBERS: readonly Member[] = [...SIGNING_IN, ...OTHERS];

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
