import { z } from 'zod';
import { toolset } from '../core/toolset.ts';
import { PortalLink } from '../platform/entities/portal-link.ts';
import { path } from '../platform/path.ts';
import { organizationId } from './fields/ids.ts';

/** The portal in which administrators of organizations set up SSO and directories. */
export const adminPortal = toolset('admin_portal', { area: 'organization' }, (t) => [
  t.add('generate_admin_portal_link', {
    title: 'Generate an admin portal link',
    description:
      'Create an admin portal link, with which a customer’s administrator sets up SSO and SCIM directory sync. Secret: works once, for one minute.',
    discloses: ['link.location'],
    input: { organizationId, features: z.array(z.enum(['sso', 'dir_sync'])).optional() },
    output: { link: PortalLink },
    run: ({ organizationId, features }, { api }) =>
      api.put(path`/organizations/${organizationId}/portal_links`, undefined, { features }),
  }),
]);
