import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { defineTool } from '../core/tool.ts';
import { Organization } from '../platform/entities/organization.ts';
import { PortalLink } from '../platform/entities/portal-link.ts';
import { path } from '../platform/path.ts';
import { lostUpdate, readBack } from '../platform/read-back.ts';
import { cuttable, organizationId } from './fields/fields.ts';

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
  organization: Organization.extend({ settings: z.object({ features: Features.nullish() }).nullish() }),
});
/** Nothing to switch without a name: the API would take it. */
const featureName = z
  .string()
  .trim()
  .refine((name) => name !== '', 'must not be empty');

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
      .array(z.strictObject({ name: featureName, enabled: z.boolean() }))
      .refine(areDistinct, 'must name at least one feature, and none of them twice'),
  },
  output: z.object({ organization: Organization, ...cuttable }),
  async run({ organizationId: id, feature: changes }, { api }) {
    const features = merge(featuresOf(await current(api, id)), changes);
    await api.patch(path`/organizations/${id}/settings`, { features });
    const now = await readBack(current(api, id), 'get_organization_details');
    const lost = differing(features, featuresOf(now));
    if (lost.length === 0) return now;
    const isOwn = changes.some(({ name }) => lost.includes(name));
    const loss = isOwn ? 'A feature that this call switched' : 'Another feature';
    throw lostUpdate(`${loss} is not as this call left it.`, 'get_organization_details');
  },
});

/** The organization with all that a write of its features must keep. */
async function current(api: Api, id: string): Promise<z.output<typeof Current>> {
  return checkAnswer(Current, await api.get(path`/organizations/${id}`));
}

function featuresOf({ organization }: z.output<typeof Current>): readonly Feature[] {
  return organization.settings?.features ?? [];
}

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

/** Names of the features that are not as they were written. One that is missing is off. */
function differing(written: readonly Feature[], now: readonly Feature[]): string[] {
  const enabled = new Map(now.map((feature) => [feature.name, feature.enabled ?? false]));
  return written.filter((feature) => (enabled.get(feature.name) ?? false) !== feature.enabled).map(({ name }) => name);
}

export const portalTools = [generateAdminPortalLink, updateOrganizationSettings];
