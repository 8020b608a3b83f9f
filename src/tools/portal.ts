import { z } from 'zod';
import { Organization } from '../scalekit/entities/organization.ts';
import { PortalLink } from '../scalekit/entities/portal-link.ts';
import { path } from '../scalekit/path.ts';
import { defineTool } from '../tool/define-tool.ts';
import { readAnswer } from './answer.ts';
import { organizationId } from './fields.ts';

const generateAdminPortalLink = defineTool({
  name: 'generate_admin_portal_link',
  title: 'Generate an admin portal link',
  description:
    'Create a link with which an administrator of an organization sets up its SSO and directory. It is a secret, works once, and expires after one minute.',
  place: 'environment',
  scope: 'organization:write',
  effect: 'add',
  idempotent: false,
  openWorld: false,
  discloses: ['link.location'],
  input: {
    organizationId,
    features: z.array(z.enum(['sso', 'dir_sync'])).optional(),
  },
  output: z.object({ link: PortalLink }),
  run: (args, { api }) =>
    api.put(path`/organizations/${args.organizationId}/portal_links`, undefined, { features: args.features }),
});

/** Stricter than what is shown: a feature that cannot be written again must not be lost. */
const Features = z.array(z.object({ name: z.string().min(1), enabled: z.boolean().nullish() }));
const Current = z.object({
  organization: z.object({ settings: z.object({ features: Features.nullish() }).nullish() }),
});

const updateOrganizationSettings = defineTool({
  name: 'update_organization_settings',
  title: 'Switch features of an organization',
  description:
    'Switch features of an organization on or off, such as sso and dir_sync. What is not named stays as it is.',
  place: 'environment',
  scope: 'organization:write',
  effect: 'overwrite',
  idempotent: true,
  openWorld: false,
  input: {
    organizationId,
    feature: z
      .array(z.strictObject({ name: z.string().trim(), enabled: z.boolean() }))
      .refine(areDistinct, 'must name at least one feature, and none of them twice'),
  },
  output: z.object({ organization: Organization }),
  async run({ organizationId: id, feature: changes }, { api }) {
    const { organization } = readAnswer(Current, await api.get(path`/organizations/${id}`));
    const features = merge(organization.settings?.features ?? [], changes);
    return api.patch(path`/organizations/${id}/settings`, { features });
  },
});

function areDistinct(features: readonly Feature[]): boolean {
  return features.length > 0 && new Set(features.map(({ name }) => name)).size === features.length;
}

interface Feature {
  readonly name: string;
  readonly enabled?: boolean | null | undefined;
}

/** The API replaces the list whole, so that it must hold what is to stay. */
function merge(current: readonly Feature[], changes: readonly Feature[]) {
  const enabled = new Map([...current, ...changes].map((feature) => [feature.name, feature.enabled ?? false]));
  return [...enabled].map(([name, isEnabled]) => ({ name, enabled: isEnabled }));
}

export const portalTools = [generateAdminPortalLink, updateOrganizationSettings];
