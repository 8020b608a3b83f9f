import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { withEmptyLists } from '../core/list-answer.ts';
import { Organization } from './entities/organization.ts';
import { ListedPortalLink } from './entities/portal-link.ts';
import { path } from './path.ts';
import { readBack } from './read-back.ts';

const LIST = 'list_admin_portal_links';

/** Whose a link is, for people: an id says nothing to them. */
export const LinkOwner = Organization.pick({ id: true, display_name: true, external_id: true });
const OneOwner = z.object({ organization: LinkOwner });
const All = z.object({ links: z.array(ListedPortalLink) });

async function readLinks(api: Api, organizationId: string) {
  const answer = await api.get(path`/organizations/${organizationId}/portal_links`);
  return checkAnswer(All, withEmptyLists(answer, ['links'])).links;
}

/**
 * Reads a link that is to be revoked, and whose it is (`GET /organizations/{id}/portal_links`, `GET /organizations/{id}`).
 * @throws ToolError `not_found`
 */
export async function showLink(api: Api, organizationId: string, linkId: string) {
  const links = await readLinks(api, organizationId);
  const link = links.find(({ id }) => id === linkId);
  if (link === undefined) {
    const message = 'This organization has no link with this id, or it has expired.';
    throw new ToolError('not_found', message, { field: 'linkId', nextTool: LIST });
  }
  const { organization } = checkAnswer(OneOwner, await api.get(path`/organizations/${organizationId}`));
  return { organization, link, other_links: links.length - 1 };
}

/**
 * Revokes a link (`DELETE /organizations/{id}/portal_links/{id}`), and looks whether it is gone.
 * @throws ToolError `not_applied`
 */
export async function revokeLink(api: Api, organizationId: string, linkId: string) {
  await api.delete(path`/organizations/${organizationId}/portal_links/${linkId}`);
  const links = await readBack(readLinks(api, organizationId), LIST);
  if (!links.some(({ id }) => id === linkId)) return { revoked_id: linkId };
  const message =
    'Scalekit accepted the call, but the link is still there. Do not repeat the call: revoke it in the Scalekit dashboard.';
  throw new ToolError('not_applied', message, { nextTool: LIST });
}
