import { z } from 'zod';
import { toolset } from '../core/toolset.ts';
import { Member } from '../platform/entities/member.ts';
import { path } from '../platform/path.ts';
import { email } from './fields/texts.ts';

/** The workspace and the people who work in it. */
export const workspace = toolset('workspace', { area: 'workspace', place: 'workspace' }, (t) => [
  t.list('list_workspace_members', {
    description:
      'List the team of this Scalekit workspace: teammates who work in its dashboard, invited ones included, with their role (admin or user).',
    of: { members: Member },
    pages: 100,
    run: ({ page }, { api }) => api.get(path`/members`, page),
  }),

  t.add('invite_workspace_member', {
    title: 'Invite a workspace member',
    description:
      'Invite a teammate by email to this Scalekit workspace and its dashboard, as admin or user. The role is final: this API cannot change it.',
    openWorld: true, // mails an invitation
    input: {
      email,
      // Always sent: which role the API gives without one is not documented.
      role: z.enum(['USER', 'ADMIN']).default('USER').describe('ADMIN administers the workspace'),
    },
    output: { member: Member },
    run: (invitation, { api }) => api.post(path`/members`, invitation),
  }),
]);
