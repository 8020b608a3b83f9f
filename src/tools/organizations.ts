import { z } from 'zod';
import { defineTool } from '../core/tool.ts';
import { Organization } from '../platform/entities/organization.ts';
import { path } from '../platform/path.ts';
import { cuttable, metadata, organizationId, pageInfo, pageQuery, paging } from './fields/fields.ts';

const listOrganizations = defineTool({
  name: 'list_organizations',
  title: 'List organizations',
  description: 'List the organizations of an environment. Each stands for one customer of the application.',
  place: 'environment',
  scope: 'organization:read',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  items: 'organizations',
  input: paging(100),
  output: z.object({ organizations: z.array(Organization), ...pageInfo }),
  run: (page, { api }) => api.get(path`/organizations`, pageQuery(page)),
});

const getOrganizationDetails = defineTool({
  name: 'get_organization_details',
  title: 'Get organization details',
  description: 'Show one organization: names and ids, metadata, and which features are switched on for it.',
  place: 'environment',
  scope: 'organization:read',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  input: { organizationId },
  output: z.object({ organization: Organization, ...cuttable }),
  run: (args, { api }) => api.get(path`/organizations/${args.organizationId}`),
});

const createOrganization = defineTool({
  name: 'create_organization',
  title: 'Create an organization',
  description:
    'Create an organization in an environment. Fails with a conflict when another organization has the same externalId.',
  place: 'environment',
  scope: 'organization:write',
  effect: 'add',
  idempotent: false,
  openWorld: false,
  input: {
    name: z.string().trim().min(1).max(200).describe('Display name'),
    externalId: z.string().trim().min(1).max(255).optional().describe('The id of this customer in your own system'),
    metadata: metadata(10),
  },
  output: z.object({ organization: Organization }),
  run: ({ name, externalId, metadata: pairs }, { api }) =>
    api.post(path`/organizations`, {
      display_name: name,
      ...(externalId !== undefined && { external_id: externalId }),
      ...(pairs !== undefined && { metadata: pairs }),
    }),
});

export const organizationTools = [listOrganizations, getOrganizationDetails, createOrganization];
