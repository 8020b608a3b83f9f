import type { Organization } from '../data/types.ts';
import { ApiError } from './api-error.ts';
import { choice, optionalText, text, textMap } from './fields.ts';
import { findOrganization } from './find-organization.ts';
import { type Decoded, message } from './message.ts';
import { environmentOperation } from './operation.ts';
import { pageFields, paginate } from './paging.ts';

const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** scalekit.v1.organizations.CreateOrganization */
const createOrganization = {
  display_name: text({ minLen: 1, maxLen: 200 }),
  region_code: choice(['REGION_CODE_UNSPECIFIED', 'US', 'EU']),
  external_id: optionalText(),
  metadata: textMap({ maxPairs: 10, keys: { minLen: 3, maxLen: 25 }, values: { minLen: 1, maxLen: 256 } }),
  slug: optionalText({ minLen: 1, maxLen: 253, pattern: SLUG }),
  logo_url: optionalText({ maxLen: 1024 }),
} as const;

/** scalekit.v1.organizations.OrganizationService */
export const organizationOperations = [
  environmentOperation({
    verb: 'GET',
    path: '/organizations',
    accepts: ['workspace', 'client'],
    permission: 'organizations_read',
    request: { ...pageFields({ max: 100 }), external_id: optionalText() },
    run({ request, environment, content }) {
      const { external_id: wanted } = request;
      const matching = content.organizations.filter(
        ({ external_id }) => wanted === undefined || external_id === wanted,
      );
      const { items, ...pages } = paginate(matching, request, ['organizations', environment.id, wanted]);
      return { ...pages, organizations: items };
    },
  }),

  environmentOperation({
    verb: 'GET',
    path: '/organizations/{id}',
    accepts: ['workspace', 'client'],
    permission: 'organizations_read',
    request: { id: text({ minLen: 1, maxLen: 32 }) },
    run: ({ request, content }) => ({ organization: findOrganization(content, request.id) }),
  }),

  environmentOperation({
    verb: 'POST',
    path: '/organizations',
    accepts: ['workspace', 'client'],
    permission: 'organizations_write',
    body: 'organization',
    request: { organization: message(createOrganization, { required: true }) },
    status: 201,
    run({ request, content, store }) {
      const wanted = request.organization;
      refuseTakenExternalId(content.organizations, wanted.external_id);
      const organization = toOrganization(store.newId('org'), wanted);
      content.organizations.push(organization);
      return { organization };
    },
  }),
];

function refuseTakenExternalId(organizations: readonly Organization[], externalId: string | undefined): void {
  if (externalId === undefined || !organizations.some(({ external_id }) => external_id === externalId)) return;
  throw new ApiError('ALREADY_EXISTS', 'an organization with this external_id exists in the environment');
}

function toOrganization(id: string, wanted: Decoded<typeof createOrganization>): Organization {
  const { external_id, slug, logo_url } = wanted;
  const now = new Date().toISOString();
  return {
    id,
    create_time: now,
    update_time: now,
    display_name: wanted.display_name,
    region_code: wanted.region_code,
    ...(external_id !== undefined && { external_id }),
    metadata: wanted.metadata,
    settings: { features: [] },
    ...(slug !== undefined && { slug }),
    ...(logo_url !== undefined && { logo_url }),
  };
}
