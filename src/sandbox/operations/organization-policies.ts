import { OrganizationService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb.js';
import { APPLICATION_POLICY, type SessionPolicy } from '../data/policies.ts';
import { byId, invalid } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import type { EnvironmentContent } from '../store.ts';
import { defined, given, remove } from './parts.ts';

interface OfOrganization {
  readonly organization_id: string;
}

const IN_MINUTES: Readonly<Record<string, number>> = { HOURS: 60, DAYS: 1440 };

/** What holds for single organizations: how long sessions last, how many users there may be, who sets up what. */
export const organizationPoliciesOperations = operations(OrganizationService, {
  // Seen in the live tests of Scalekit's SDK: a new organization has what the application has.
  getOrganizationSessionPolicy: ({ request, content }) => ({ policy: policyOf(content, request.organization_id) }),

  getApplicationSessionPolicy: ({ request, content }) => {
    byId(content.organizations, request.organization_id, 'organization');
    return { application_policy: APPLICATION_POLICY };
  },

  // Seen there as well: a part may be set alone, a false stays, and the source alone reverts. Documented: answers are
  // in minutes, and every value exceeds the life of an access token.
  updateOrganizationSessionPolicy: ({ request, content }) => {
    const { organization_id, policy_source, ...wanted } = request;
    const before = policyOf(content, organization_id);
    const absolute = inMinutes(wanted.absolute_session_timeout, wanted.absolute_session_timeout_unit);
    const idle = inMinutes(wanted.idle_session_timeout, wanted.idle_session_timeout_unit);
    refuseShort('absolute_session_timeout', absolute);
    refuseShort('idle_session_timeout', idle);
    const kept = content.sessionPolicies.find(isOf(organization_id));
    if (kept !== undefined) remove(content.sessionPolicies, kept);
    if (policy_source !== 'CUSTOM') return { policy: policyOf(content, organization_id) };
    const { idle_session_timeout_enabled } = wanted;
    const policy: SessionPolicy = {
      ...before,
      policy_source,
      ...defined({ absolute_session_timeout: absolute, idle_session_timeout: idle, idle_session_timeout_enabled }),
      absolute_session_timeout_unit: 'MINUTES',
      idle_session_timeout_unit: 'MINUTES',
    };
    content.sessionPolicies.push({ ...policy, organization_id });
    return { policy };
  },

  getOrganizationUserManagementSetting: ({ request, content }) => ({
    settings: { max_allowed_users: limitOf(content, request.organization_id) },
  }),

  // Documented: no number, and zero, are no limit.
  upsertUserManagementSettings: ({ request, content }) => {
    const { organization_id, settings } = request;
    const { max_allowed_users } = given(settings);
    byId(content.organizations, organization_id, 'organization');
    const kept = content.userLimits.find(isOf(organization_id));
    if (kept !== undefined) remove(content.userLimits, kept);
    if (max_allowed_users) content.userLimits.push({ organization_id, max_allowed_users });
    return { settings: { max_allowed_users: limitOf(content, organization_id) } };
  },

  // Those that are still good.
  getPortalLinks: ({ request, content }) => {
    const { id } = byId(content.organizations, request.id, 'organization');
    const isGood = ({ expire_time = '' }) => Date.parse(expire_time) > Date.now();
    return { links: content.portalLinks.filter((link) => isOf(id)(link) && isGood(link)) };
  },

  deletePortalLinkByID: ({ request, content, store }) => {
    const own = content.portalLinks.filter(isOf(request.id));
    const link = byId(own, request.link_id, 'link');
    store.links.revoke(link.location);
    return remove(content.portalLinks, link);
  },
});

function isOf(organizationId: string) {
  return ({ organization_id }: OfOrganization) => organization_id === organizationId;
}

function policyOf(content: EnvironmentContent, organizationId: string): SessionPolicy {
  byId(content.organizations, organizationId, 'organization');
  const { organization_id: _, ...own } = content.sessionPolicies.find(isOf(organizationId)) ?? {
    organization_id: organizationId,
    policy_source: 'APPLICATION',
  };
  return own;
}

function limitOf(content: EnvironmentContent, organizationId: string): number | undefined {
  byId(content.organizations, organizationId, 'organization');
  return content.userLimits.find(isOf(organizationId))?.max_allowed_users;
}

function inMinutes(value: number | undefined, unit: string | undefined): number | undefined {
  return value === undefined ? undefined : value * (IN_MINUTES[unit ?? ''] ?? 1);
}

function refuseShort(field: string, minutes: number | undefined): void {
  if (minutes === undefined || minutes > APPLICATION_POLICY.access_token_expiry) return;
  const description = `must exceed the life of an access token, ${APPLICATION_POLICY.access_token_expiry} minutes`;
  throw invalid({ field, description, constraint: 'session_policy.min' });
}
