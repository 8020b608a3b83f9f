import {
  OrganizationSchema,
  OrganizationService,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb.js';
import { complete } from '../contract/complete.ts';
import type { OrganizationsContent } from '../data/organizations.ts';
import type { Organization } from '../data/types.ts';
import { byId, refuseTaken } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import { page, refuseLongPage } from './paging.ts';
import { given, now, replace } from './parts.ts';

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
      const same = ({ external_id: other }: Organization) => other !== undefined && other === wanted.external_id;
      refuseTaken(content.organizations, same, 'an organization with this external_id');
      // Documented: unique in the environment.
      const sameSlug = ({ slug }: Organization) => slug !== undefined && slug === wanted.slug;
      refuseTaken(content.organizations, sameSlug, 'an organization with this slug');
      const create_time = now();
      const own = { id: store.newId('org'), create_time, update_time: create_time, settings: {} };
      const organization = complete(OrganizationSchema, { ...wanted, ...own });
      content.organizations.push(organization);
      return { organization };
    },

    generatePortalLink: ({ request, environment, content, store }) => {
      const { id: organizationId } = byId(content.organizations, request.id, 'organization');
      const step = { kind: 'portal', environmentId: environment.id, organizationId } as const;
      return {
        link: {
          id: store.newId('lnk'),
          location: store.links.add(step, PORTAL_LINK_MS),
          expire_time: new Date(Date.now() + PORTAL_LINK_MS).toISOString(),
        },
      };
    },

    // A list in a PATCH replaces the one before: what it does not name is gone.
    updateOrganizationSettings: ({ request: { id, settings }, content }) => {
      const before = byId(content.organizations, id, 'organization');
      const after = { ...before, settings: given(settings), update_time: now() };
      return { organization: replace(content.organizations, before, after) };
    },
  },
);
