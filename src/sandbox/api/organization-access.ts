import { randomUUID } from 'node:crypto';
import type { Organization } from '../data/types.ts';
import { flag, list, optionalFlag } from './composite-fields.ts';
import { choice, text } from './fields.ts';
import { findOrganization } from './find-organization.ts';
import { message } from './message.ts';
import { environmentOperation } from './operation.ts';

const PORTAL_LINK_MS = 60_000;

const organizationId = text({ minLen: 1, maxLen: 32, prefix: 'org_' });

/** scalekit.v1.organizations.OrganizationService: portal links and settings. */
export const organizationAccessOperations = [
  environmentOperation({
    verb: 'PUT',
    path: '/organizations/{id}/portal_links',
    accepts: ['workspace', 'client'],
    permission: 'organizations_write',
    request: {
      id: organizationId,
      sso: optionalFlag(),
      directory_sync: optionalFlag(),
      features: list(choice(['FEATURE_UNSPECIFIED', 'dir_sync', 'sso'])),
    },
    run({ request, environment, content, store }) {
      findOrganization(content, request.id);
      return {
        link: {
          id: store.newId('lnk'),
          location: `https://${environment.domain}/magicLink/${randomUUID()}_p`,
          expire_time: new Date(Date.now() + PORTAL_LINK_MS).toISOString(),
        },
      };
    },
  }),

  environmentOperation({
    verb: 'PATCH',
    path: '/organizations/{id}/settings',
    accepts: ['workspace', 'client'],
    permission: 'organizations_write',
    body: 'settings',
    request: {
      id: organizationId,
      settings: message(
        { features: list(message({ name: text(), enabled: flag() }, { required: true })) },
        { required: true },
      ),
    },
    run({ request, content }) {
      const found = findOrganization(content, request.id);
      // A list in a PATCH replaces the one before: what it does not name is gone.
      const organization: Organization = {
        ...found,
        settings: request.settings,
        update_time: new Date().toISOString(),
      };
      content.organizations[content.organizations.indexOf(found)] = organization;
      return { organization };
    },
  }),
];
