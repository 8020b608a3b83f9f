import { z } from 'zod';
import { given, sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { Organization } from '../platform/entities/organization.ts';
import { ApplicationPolicy, SessionPolicy } from '../platform/entities/session-policy.ts';
import { POLICY_SOURCES } from '../platform/enum-words.ts';
import { exact } from '../platform/exact.ts';
import { lettersOf, switchFeatures } from '../platform/organization-features.ts';
import { changePolicy, showPolicy } from '../platform/session-policy.ts';
import { limitUsers, UserLimit } from '../platform/user-limit.ts';
import { organizationId } from './fields/ids.ts';

/** The API would accept an empty name, which switches nothing. */
const name = exact(z.string().trim()).refine((text) => text !== '', 'must not be empty');

const minutes = z.int().min(1).optional();

/** Which features organizations have, how long their sessions last, and how many users they may have. */
export const organizationSettings = toolset('organization_settings', { area: 'organization' }, (t) => [
  t.overwrite('update_organization_settings', {
    title: 'Switch features of an organization',
    foundBy:
      'enable SSO or SCIM for a customer, turn single sign-on or directory sync on or off, customer bought SSO, unlock a feature for a company',
    description:
      'Switch features of an organization (customer, tenant) on or off: enable or disable SSO (sso), SCIM directory sync (dir_sync). The others stay.',
    input: {
      organizationId,
      feature: z
        .array(z.strictObject({ name, enabled: z.boolean() }))
        .refine(areDistinct, 'must name at least one feature, and none of them twice')
        .describe('At least one { name, enabled }: a feature such as sso, true for on'),
    },
    does: ({ organizationId, feature }) =>
      sentence`Switch features of the organization ${organizationId}: ${feature.map(({ name, enabled }) => sentence`${name} ${enabled ? sentence`on` : sentence`off`}`)}.`,
    output: { organization: Organization },
    run: ({ organizationId, feature }, { api }) => switchFeatures(api, organizationId, feature),
  }),

  t.read('get_organization_session_policy', {
    title: 'Get the session policy of an organization',
    foundBy: 'session length of one customer, timeout, how long do people of a company stay signed in',
    description:
      'Show how long logins of a customer’s users last: absolute and idle session timeout, its own or those of the application.',
    rare: true,
    input: {
      organizationId,
      includeApplication: z.boolean().optional().describe('And what the application has'),
    },
    output: { policy: SessionPolicy, application_policy: ApplicationPolicy.nullish() },
    run: ({ organizationId, includeApplication = false }, { api }) =>
      showPolicy(api, organizationId, includeApplication),
  }),

  t.overwrite('update_organization_session_policy', {
    title: 'Change the session policy of an organization',
    foundBy:
      'session length of one customer, timeout, customer wants people logged out sooner, idle minutes for a company',
    description:
      'Change how long logins of a customer’s users last (session timeout), or go back to the application’s. What is left out stays.',
    rare: true,
    input: {
      organizationId,
      policySource: z.enum(POLICY_SOURCES).optional().describe('APPLICATION: as the application. Left out: CUSTOM'),
      absoluteTimeoutMinutes: minutes.describe('Sign in again after so long, whatever they do'),
      idleTimeoutEnabled: z.boolean().optional(),
      idleTimeoutMinutes: minutes.describe('Sign in again after so long without doing anything'),
    },
    output: { policy: SessionPolicy, previous_policy: SessionPolicy },
    does: ({ organizationId, policySource, absoluteTimeoutMinutes, idleTimeoutEnabled, idleTimeoutMinutes }) =>
      sentence`Change the session policy of the organization ${organizationId}: ${given({ source: policySource, 'absolute timeout in minutes': absoluteTimeoutMinutes, 'idle timeout on': idleTimeoutEnabled, 'idle timeout in minutes': idleTimeoutMinutes })}.`,
    run: ({ organizationId, ...wanted }, { api }) => changePolicy(api, organizationId, wanted),
  }),

  t.overwrite('set_organization_user_limit', {
    title: 'Set the user limit of an organization',
    foundBy:
      'seats, maximum number of users, cap, trial customer may have few people, no more than so many people, raise the limit of a customer',
    description: 'Set how many users (seats) a customer may have at most, or lift that limit.',
    rare: true,
    input: { organizationId, maxUsers: z.int().min(0).describe('0: no limit') },
    output: { settings: UserLimit },
    does: ({ organizationId, maxUsers }) =>
      maxUsers === 0
        ? sentence`Lift the limit on users of the organization ${organizationId}.`
        : sentence`Let the organization ${organizationId} have at most ${maxUsers} users.`,
    run: ({ organizationId, maxUsers }, { api }) => limitUsers(api, organizationId, maxUsers),
  }),
]);

function areDistinct(features: readonly { readonly name: string }[]): boolean {
  return features.length > 0 && new Set(features.map(({ name }) => lettersOf(name) || name)).size === features.length;
}
