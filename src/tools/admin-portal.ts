import { z } from 'zod';
import { checkAnswer } from '../core/check-answer.ts';
import { also, sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { PortalLink } from '../platform/entities/portal-link.ts';
import { path } from '../platform/path.ts';
import { organizationId } from './fields/ids.ts';
import { note, PORTAL_NOTE } from './fields/notes.ts';

const One = z.object({ link: PortalLink });

/** The portal in which administrators of organizations set up SSO and directories. */
export const adminPortal = toolset('admin_portal', { area: 'organization' }, (t) => [
  t.add('generate_admin_portal_link', {
    title: 'Generate an admin portal link',
    description:
      'Create an admin portal link, with which a customer’s administrator sets up SSO and SCIM directory sync. Secret: a credential, for that administrator alone.',
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
]);
