import { z } from 'zod';
import { also, sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { DependentConnections } from '../platform/entities/dependents.ts';
import { Domain } from '../platform/entities/domain.ts';
import { DOMAIN_TYPES } from '../platform/enum-words.ts';
import { addDomain, leadDomain, listDomains, showDomain, verifyDomain } from '../platform/organization-domain.ts';
import { path } from '../platform/path.ts';
import { idFrom, organizationId } from './fields/ids.ts';
import { domainName } from './fields/organization.ts';

const connectionId = idFrom('conn', 'list_organization_connections');
const domainId = idFrom('dom', 'list_organization_domains');
const domainType = z.enum(DOMAIN_TYPES).optional();
const output = { domain: Domain };

/** The domains of organizations: by them people are led to the SSO of their organization. */
export const organizationDomains = toolset('organization_domains', { area: 'organization', rare: true }, (t) => [
  t.list('list_organization_domains', {
    title: 'List domains of an organization',
    foundBy: 'email domains of a customer, TXT record, is a domain verified, which addresses belong to a company',
    description:
      'List the email domains of a customer or tenant, by which people are sent to its SSO, with their verification and the DNS TXT record to publish.',
    of: { domains: Domain },
    pages: 100,
    input: {
      organizationId,
      domainType,
      connectionId: connectionId.optional().describe('Only those that lead to this connection'),
    },
    run: ({ organizationId, page, ...filter }, { api }) => listDomains(api, organizationId, filter, page),
  }),

  t.add('add_organization_domain', {
    title: 'Add a domain to an organization',
    foundBy: 'customer has another email domain, company bought a domain, claim a domain',
    description:
      'Add an email domain to a customer or tenant: people with such addresses are sent to its SSO login. Then publish the DNS record, and verify.',
    input: {
      organizationId,
      domain: domainName.describe('Such as acme.com; no public one such as gmail.com'),
      domainType: domainType.describe(
        'Default ORGANIZATION_DOMAIN. ALLOWED_EMAIL_DOMAIN only suggests the organization',
      ),
      connectionId: connectionId.optional().describe('The SSO connection that it leads to'),
    },
    does: ({ organizationId, domain, domainType, connectionId }) =>
      sentence`Add the domain ${domain} to the organization ${organizationId}${also({ type: domainType, 'the connection': connectionId })}.`,
    output,
    run: ({ organizationId, ...wanted }, { api }) => addDomain(api, organizationId, wanted),
  }),

  t.add('verify_organization_domain', {
    title: 'Verify a domain of an organization',
    foundBy: 'prove ownership of an email domain, TXT record, customer published the record, confirm a domain',
    description: 'Verify an email domain: check its DNS TXT record now, so that it counts for SSO login.',
    repeatable: true,
    input: { organizationId, domainId },
    does: ({ organizationId, domainId }) =>
      sentence`Verify the domain ${domainId} of the organization ${organizationId} by its DNS record.`,
    output: { verified: z.boolean() },
    run: ({ organizationId, domainId }, { api }) => verifyDomain(api, organizationId, domainId),
  }),

  t.overwrite('update_organization_domain', {
    title: 'Lead a domain to another connection',
    foundBy: 'change what a domain of a customer is for',
    description: 'Change the SSO connection that an email domain leads to. Name and type of a domain are final.',
    input: { organizationId, domainId, connectionId },
    does: ({ organizationId, domainId, connectionId }) =>
      sentence`Lead the domain ${domainId} of the organization ${organizationId} to the connection ${connectionId}.`,
    output,
    run: ({ organizationId, domainId, connectionId }, { api }) =>
      leadDomain(api, organizationId, domainId, connectionId),
  }),

  t.remove('delete_organization_domain', {
    title: 'Delete a domain of an organization',
    foundBy: 'take a domain from a customer, company sold a domain, wrong email domain',
    description:
      'Delete or remove an email domain: people with such addresses are no longer led to SSO login, or offered its owner.',
    input: { organizationId, domainId },
    does: ({ organizationId, domainId }) =>
      sentence`Delete the domain ${domainId} of the organization ${organizationId}.`,
    shows: { domain: Domain, connections: DependentConnections },
    stopsWorking:
      'People with addresses of this domain are not sent to the SSO of the organization, or offered it, any more.',
    show: ({ organizationId, domainId }, { api }) => showDomain(api, organizationId, domainId),
    at: ({ organizationId, domainId }) => path`/organizations/${organizationId}/domains/${domainId}`,
    listedBy: 'list_organization_domains',
  }),
]);
