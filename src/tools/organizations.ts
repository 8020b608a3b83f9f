import { z } from 'zod';
import { toolset } from '../core/toolset.ts';
import { Organization } from '../platform/entities/organization.ts';
import { exact } from '../platform/exact.ts';
import { path } from '../platform/path.ts';
import { organizationId } from './fields/ids.ts';
import { metadata, shownName } from './fields/texts.ts';

/** The customers of the application. */
export const organizations = toolset('organizations', { area: 'organization' }, (t) => [
  t.list('list_organizations', {
    description:
      'List all organizations (orgs): the customers, tenants or companies of the application. Other tools ask for the id of one.',
    alwaysLoad: true,
    of: { organizations: Organization },
    pages: 100,
    run: ({ page }, { api }) => api.get(path`/organizations`, page),
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
      externalId: exact(z.string().trim().min(1).max(255, { abort: true }))
        .optional()
        .describe('The id of this customer in your own system'),
      metadata: metadata(10),
    },
    output: { organization: Organization },
    run: ({ name, externalId, metadata }, { api }) =>
      api.post(path`/organizations`, { display_name: name, external_id: externalId, metadata }),
  }),
]);
