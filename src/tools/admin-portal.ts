import { z } from 'zod';
import { checkAnswer } from '../core/check-answer.ts';
import { also, sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { ListedPortalLink, PortalLink } from '../platform/entities/portal-link.ts';
import { path } from '../platform/path.ts';
import { LinkOwner, revokeLink, showLink } from '../platform/portal-link.ts';
import { idFrom, organizationId } from './fields/ids.ts';
import { note, PORTAL_NOTE } from './fields/notes.ts';

const One = z.object({ link: PortalLink });

/** The portal in which administrators of organizations set up SSO and directories. */
export const adminPortal = toolset('admin_portal', { area: 'organization' }, (t) => [
  t.add('generate_admin_portal_link', {
    title: 'Generate an admin portal link',
    foundBy:
      "let the customer's IT set up SSO or SCIM themselves, link for the IT admin, self-service setup, send setup instructions to a customer, customer configures it alone",
    description:
      'Create an admin portal link, with which a customer’s administrator sets up SSO and SCIM directory sync. Secret: for that administrator alone.',
    discloses: ['link.location'],
    input: { organizationId, features: z.array(z.enum(['sso', 'dir_sync'])).optional() },
    does: ({ organizationId, features }) =>
      sentence`Create an admin portal link for the organization ${organizationId}${also({ 'the features': features })}.`,
    output: { link: PortalLink, note },
    async run({ organizationId, features }, { api }) {
      const answer = await api.put(path`/organizations/${organizationId}/portal_links`, undefined, { features });
      return { ...checkAnswer(One, answer, 'write'), note: PORTAL_NOTE };
    },
  }),

  t.list('list_admin_portal_links', {
    title: 'List admin portal links',
    foundBy: 'open setup links, which links did we send to a customer, is a setup link still valid',
    description:
      'List the portal links that are still good for a customer, for setting up SSO and SCIM, and until when; not the links themselves.',
    rare: true,
    needsWorkspaceToken: true,
    of: { links: ListedPortalLink },
    input: { organizationId },
    run: ({ organizationId }, { api }) => api.get(path`/organizations/${organizationId}/portal_links`),
  }),

  t.destroy('revoke_admin_portal_link', {
    title: 'Revoke an admin portal link',
    foundBy: 'take back a link, make a setup link invalid',
    description:
      'Revoke (delete) a portal link for setting up SSO and SCIM, such as one that was sent to the wrong address.',
    rare: true,
    needsWorkspaceToken: true, // which links there are is told to such alone
    input: { organizationId, linkId: idFrom('lnk', 'list_admin_portal_links') },
    shows: { organization: LinkOwner, link: ListedPortalLink, other_links: z.int() },
    stopsWorking:
      'This link: whoever holds it cannot open the portal with it any more. Whoever has opened it may be in still.',
    does: ({ organizationId, linkId }) =>
      sentence`Revoke the admin portal link ${linkId} of the organization ${organizationId}.`,
    show: ({ organizationId, linkId }, { api }) => showLink(api, organizationId, linkId),
    output: { revoked_id: z.string() },
    run: ({ organizationId, linkId }, { api }) => revokeLink(api, organizationId, linkId),
  }),
]);
