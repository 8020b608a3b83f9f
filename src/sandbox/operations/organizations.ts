import {
  OrganizationSchema,
  OrganizationService,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb.js';
import { complete } from '../contract/complete.ts';
import type { OrganizationsContent } from '../data/organizations.ts';
import type { Organization, User } from '../data/types.ts';
import { byId, refuseTaken } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import type { EnvironmentContent } from '../store.ts';
import { page, refuseLongPage } from './paging.ts';
import { given, masked, now, remove, replace } from './parts.ts';

const PORTAL_LINK_MS = 60_000;

/** No rule of the descriptor: Scalekit's API reference says "between 10 and 100", and its Go SDK's tests ask for 1. */
const MAX_PAGE = 100;

/** Seen in the live tests of Scalekit's SDK: the youngest organization stands first. */
function youngestFirst({ organizations }: OrganizationsContent): Organization[] {
  return organizations.toReversed();
}

export const organizationsOperations = operations(
  { ...OrganizationService, created: ['createOrganization'] },
  {
    listOrganization: ({ request, environment, content }) => {
      refuseLongPage(request.page_size, MAX_PAGE);
      const { external_id: wanted } = request;
      const matching = youngestFirst(content).filter(
        ({ external_id }) => wanted === undefined || external_id === wanted,
      );
      return page('organizations', matching, request, ['organizations', environment.id, wanted]);
    },

    // Documented: names, ids and external ids, without regard to case.
    searchOrganization: ({ request, environment, content }) => {
      const wanted = request.query.toLowerCase();
      const matching = youngestFirst(content).filter(({ id, display_name, external_id = '' }) =>
        [id, display_name, external_id].some((text) => text.toLowerCase().includes(wanted)),
      );
      return page('organizations', matching, request, ['found organizations', environment.id, wanted]);
    },

    getOrganization: ({ request, content }) => ({
      organization: byId(content.organizations, request.id, 'organization'),
    }),

    createOrganization: ({ request, content, store }) => {
      const wanted = given(request.organization);
      refuseTakenNames(content, wanted);
      const create_time = now();
      const own = { id: store.newId('org'), create_time, update_time: create_time, settings: {} };
      const organization = complete(OrganizationSchema, { ...wanted, ...own });
      content.organizations.push(organization);
      return { organization };
    },

    // Seen in the live tests of Scalekit's SDK: what a request leaves out stays; slug and logo are set alone, too.
    updateOrganization: ({ request, content }) => {
      const before = byId(content.organizations, request.id, 'organization');
      const changes = masked(given(request.organization), request.update_mask);
      refuseTakenNames(content, changes, before.id);
      const { external_id, slug, logo_url } = { ...before, ...changes };
      // An empty text is the same as none.
      const texts = {
        external_id: external_id || undefined,
        slug: slug || undefined,
        logo_url: logo_url || undefined,
      };
      const after = { ...before, ...changes, ...texts, update_time: now() } as Organization;
      return { organization: replace(content.organizations, before, after) };
    },

    // Seen in the live tests of Scalekit's SDK: members do not keep it from being deleted. Inferred: they stay users.
    deleteOrganization: ({ request, content }) => {
      const organization = byId(content.organizations, request.id, 'organization');
      leaveOrganization(content, organization.id);
      return remove(content.organizations, organization);
    },

    generatePortalLink: ({ request, environment, content, store }) => {
      const { id: organizationId } = byId(content.organizations, request.id, 'organization');
      const step = { kind: 'portal', environmentId: environment.id, organizationId } as const;
      const link = {
        id: store.newId('lnk'),
        location: store.links.add(step, PORTAL_LINK_MS),
        expire_time: new Date(Date.now() + PORTAL_LINK_MS).toISOString(),
      };
      content.portalLinks.push({ ...link, organization_id: organizationId });
      return { link };
    },

    // A list in a PATCH replaces the one before: what it does not name is gone.
    updateOrganizationSettings: ({ request: { id, settings }, content }) => {
      const before = byId(content.organizations, id, 'organization');
      const after = { ...before, settings: given(settings), update_time: now() };
      return { organization: replace(content.organizations, before, after) };
    },
  },
);

/** Documented: both are unique in the environment. */
function refuseTakenNames(
  { organizations }: OrganizationsContent,
  {
    external_id: externalId,
    slug: wanted,
  }: { readonly external_id?: string | undefined; readonly slug?: string | undefined },
  ownId?: string,
): void {
  const others = organizations.filter(({ id }) => id !== ownId);
  const sameId = ({ external_id }: Organization) => Boolean(externalId) && external_id === externalId;
  refuseTaken(others, sameId, 'an organization with this external_id');
  refuseTaken(others, ({ slug }) => Boolean(wanted) && slug === wanted, 'an organization with this slug');
}

/** Takes everything away that belongs to an organization: connections, domains, directories, clients, and the memberships of its people. */
function leaveOrganization(content: EnvironmentContent, organizationId: string): void {
  const { users, ssoConnections, domains, directories, organizationClients, apiTokens } = content;
  const isOfIt = ({ organization_id }: { readonly organization_id?: string | undefined }) =>
    organization_id === organizationId;
  for (const connection of ssoConnections.filter(isOfIt)) remove(ssoConnections, connection);
  for (const domain of domains.filter(isOfIt)) remove(domains, domain);
  for (const directory of directories.filter(isOfIt)) remove(directories, directory);
  for (const client of organizationClients.filter(isOfIt)) remove(organizationClients, client);
  for (const token of apiTokens.filter(isOfIt)) remove(apiTokens, token);
  for (const user of users.filter(({ memberships }) => memberships.some(isOfIt))) {
    const left: User = { ...user, memberships: user.memberships.filter((membership) => !isOfIt(membership)) };
    replace(users, user, left);
  }
}
