import { z } from 'zod';
import { ToolError } from '../core/errors.ts';
import { toolset } from '../core/toolset.ts';
import { Organization } from '../platform/entities/organization.ts';
import { createOrganization } from '../platform/new-organization.ts';
import { searchPage } from '../platform/pages.ts';
import { path } from '../platform/path.ts';
import { organizationId } from './fields/ids.ts';
import { externalId, logoUrl, slug } from './fields/organization.ts';
import { metadata, searched, shownName } from './fields/texts.ts';

/** The customers of the application. */
export const organizations = toolset('organizations', { area: 'organization' }, (t) => [
  t.list('list_organizations', {
    aliases: ['search_organizations'],
    description:
      'List all organizations (orgs): the customers, tenants or companies of the application. Other tools ask for the id of one.',
    alwaysLoad: true,
    of: { organizations: Organization },
    pages: 100,
    input: {
      query: searched.optional().describe('Part of a name, id or external id, to find some'),
      externalId: externalId.optional().describe('Your own id, to find one'),
    },
    run({ query, externalId: external_id, page }, { api }) {
      if (query === undefined) return api.get(path`/organizations`, { external_id, ...page });
      if (external_id === undefined) {
        return api.get(path`/organizations:search`, { query, ...searchPage(page) });
      }
      throw new ToolError('invalid_arguments', 'Give query or externalId, not both: one organization has that id.', {
        field: 'query',
      });
    },
  }),

  t.read('get_organization_details', {
    aliases: ['get_organization'],
    description:
      'Show one organization (org, customer, tenant): names, ids, metadata, and which features it has, such as SSO.',
    input: { organizationId },
    output: { organization: Organization },
    run: ({ organizationId }, { api }) => api.get(path`/organizations/${organizationId}`),
  }),

  t.add('create_organization', {
    title: 'Create an organization',
    description:
      'Create an organization for a new customer (company, tenant). Fails with a conflict when another one has the same externalId.',
    input: {
      name: shownName(200).describe('Display name'),
      externalId: externalId.optional().describe('The id of this customer in your own system'),
      metadata: metadata(10),
      slug: slug.optional().describe('Host label such as acme, for redirect URIs by organization'),
      logoUrl: logoUrl.optional(),
      regionCode: z.enum(['US', 'EU']).optional(),
    },
    output: { organization: Organization },
    run: (wanted, { api }) => createOrganization(api, wanted),
  }),
]);
