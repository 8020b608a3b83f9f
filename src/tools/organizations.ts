import { z } from 'zod';
import { ToolError } from '../core/errors.ts';
import { also, given, sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { updateOrganization } from '../platform/changed-organization.ts';
import {
  DependentClients,
  DependentConnections,
  DependentDirectories,
  DependentDomains,
  DependentUsers,
} from '../platform/entities/dependents.ts';
import { Organization } from '../platform/entities/organization.ts';
import { createOrganization } from '../platform/new-organization.ts';
import { showOrganization } from '../platform/organization-dependents.ts';
import { searchPage } from '../platform/pages.ts';
import { path } from '../platform/path.ts';
import { organizationId } from './fields/ids.ts';
import { externalId, logoUrl, logoUrlOrNone, slug, slugOrNone } from './fields/organization.ts';
import { metadata, metadataChanges, searched, shownName } from './fields/texts.ts';

/** The customers of the application. */
export const organizations = toolset('organizations', { area: 'organization' }, (t) => [
  t.list('list_organizations', {
    aliases: ['search_organizations'],
    foundBy: 'customers, find a customer, organization id, who uses our product or app, all accounts',
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
    foundBy: 'does a customer have SSO or SCIM on, external id, information on one company, look up a customer',
    description:
      'Show one organization (org, customer, tenant): name, id, metadata, and which features it has, such as SSO.',
    input: { organizationId },
    output: { organization: Organization },
    run: ({ organizationId }, { api }) => api.get(path`/organizations/${organizationId}`),
  }),

  t.add('create_organization', {
    title: 'Create an organization',
    foundBy: 'onboard, add a customer, new account of a company, we signed or won a new customer',
    description: 'Create an organization for a new customer (company, tenant). externalId must be new.',
    input: {
      name: shownName(200).describe('Display name'),
      externalId: externalId.optional().describe('The id of this customer in your own system'),
      metadata: metadata(10),
      slug: slug.optional().describe('Host label such as acme, for redirect URIs by organization'),
      logoUrl: logoUrl.optional(),
      regionCode: z.enum(['US', 'EU']).optional(),
    },
    output: { organization: Organization },
    does: ({ name, externalId, metadata, slug, logoUrl, regionCode }) =>
      sentence`Create the organization ${name}${also({ 'external id': externalId, metadata, slug, logo: logoUrl, region: regionCode })}.`,
    run: (wanted, { api }) => createOrganization(api, wanted),
  }),

  t.overwrite('update_organization', {
    title: 'Change an organization',
    foundBy: 'rename a customer, company has a new name, metadata or external id of a customer, logo of a customer',
    description:
      'Change an organization (customer, tenant): rename it, set its externalId, metadata, slug or logo. What is left out stays.',
    rare: true,
    input: {
      organizationId,
      name: shownName(200).optional().describe('Display name'),
      externalId: externalId.optional().describe('The id of this customer in your own system'),
      metadata: metadataChanges(10),
      slug: slugOrNone.optional().describe('Empty: none'),
      logoUrl: logoUrlOrNone.optional().describe('Empty: none'),
    },
    output: { organization: Organization },
    does: ({ organizationId, name, externalId, metadata, slug, logoUrl }) =>
      sentence`Change the organization ${organizationId}: ${given({ name, 'external id': externalId, metadata, slug, logo: logoUrl })}.`,
    run: ({ organizationId, ...changes }, { api }) => updateOrganization(api, organizationId, changes),
  }),

  t.remove('delete_organization', {
    title: 'Delete an organization',
    foundBy:
      'offboard a customer, customer leaves, with all its users, customer cancelled, contract ended, remove everything of a company',
    description:
      'Delete an organization (customer, tenant) for good, with its SSO, directories, API clients and the memberships of its users.',
    rare: true,
    input: { organizationId },
    shows: {
      organization: Organization,
      connections: DependentConnections,
      domains: DependentDomains,
      directories: DependentDirectories,
      clients: DependentClients,
      users: DependentUsers,
    },
    stopsWorking:
      'Everything of this customer: its users can no longer sign in to it, and its SSO, directories, domains and API clients are gone.',
    does: ({ organizationId }) =>
      sentence`Delete the organization ${organizationId} for good, with all that belongs to it.`,
    show: ({ organizationId }, { api }) => showOrganization(api, organizationId),
    at: ({ organizationId }) => path`/organizations/${organizationId}`,
    listedBy: 'list_organizations',
  }),
]);
