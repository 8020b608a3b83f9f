import { z } from 'zod';
import { ToolError } from '../core/errors.ts';
import { toolset } from '../core/toolset.ts';
import { Organization } from '../platform/entities/organization.ts';
import { exact } from '../platform/exact.ts';
import { createOrganization } from '../platform/new-organization.ts';
import { shorterPage } from '../platform/pages.ts';
import { path } from '../platform/path.ts';
import { webUrl } from '../platform/uri.ts';
import { organizationId } from './fields/ids.ts';
import { metadata, searched, shownName } from './fields/texts.ts';

/** The longest page of the API's search. */
const SEARCHED_AT_ONCE = 30;

const externalId = exact(z.string().trim().min(1).max(255, { abort: true }));

/** Labels as in names of hosts, between dots. */
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const SLUG = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);
const slug = z
  .string()
  .trim()
  .max(253, { abort: true })
  .refine((text) => SLUG.test(text), 'must be lower-case letters, digits and hyphens, in labels between dots');

/** The API demands https here, for loopback too. */
const logoUrl = webUrl(z.string().trim().max(1024, { abort: true })).refine(
  (url) => /^https:/i.test(url),
  'must be an https URL',
);

/** The customers of the application. */
export const organizations = toolset('organizations', { area: 'organization' }, (t) => [
  t.list('list_organizations', {
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
        return api.get(path`/organizations:search`, { query, ...shorterPage(page, SEARCHED_AT_ONCE) });
      }
      throw new ToolError('invalid_arguments', 'Give query or externalId, not both: one organization has that id.', {
        field: 'query',
      });
    },
  }),

  t.read('get_organization_details', {
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
