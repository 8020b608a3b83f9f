import { z } from 'zod';
import { sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { Organization } from '../platform/entities/organization.ts';
import { exact } from '../platform/exact.ts';
import { lettersOf, switchFeatures } from '../platform/organization-features.ts';
import { organizationId } from './fields/ids.ts';

/** The API would accept an empty name, which switches nothing. */
const name = exact(z.string().trim()).refine((text) => text !== '', 'must not be empty');

/** Which features organizations have. */
export const organizationSettings = toolset('organization_settings', { area: 'organization' }, (t) => [
  t.overwrite('update_organization_settings', {
    title: 'Switch features of an organization',
    description:
      'Switch features of an organization (customer, tenant) on or off: enable or disable SSO (sso), SCIM directory sync (dir_sync). The others stay.',
    input: {
      organizationId,
      feature: z
        .array(z.strictObject({ name, enabled: z.boolean() }))
        .refine(areDistinct, 'must name at least one feature, and none of them twice')
        .describe('At least one { name, enabled }: a feature, such as sso or dir_sync, and true for on'),
    },
    does: ({ organizationId, feature }) =>
      sentence`Switch features of the organization ${organizationId}: ${feature.map(({ name, enabled }) => sentence`${name} ${enabled ? sentence`on` : sentence`off`}`)}.`,
    output: { organization: Organization },
    run: ({ organizationId, feature }, { api }) => switchFeatures(api, organizationId, feature),
  }),
]);

function areDistinct(features: readonly { readonly name: string }[]): boolean {
  return features.length > 0 && new Set(features.map(({ name }) => lettersOf(name) || name)).size === features.length;
}
