import { z } from 'zod';
import { also, sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { Member } from '../platform/entities/member.ts';
import { withNames } from '../platform/entities/profile.ts';
import { inviteMember } from '../platform/invitation.ts';
import { path } from '../platform/path.ts';
import { email, shortText } from './fields/texts.ts';

/** The workspace and the people who work in it. */
export const workspace = toolset('workspace', { area: 'workspace', place: 'workspace' }, (t) => [
  t.list('list_workspace_members', {
    description:
      'List the team of this Scalekit workspace: teammates who work in its dashboard, invited ones included, with the roles of each (admin, user).',
    of: { members: Member },
    pages: 100,
    run: async ({ page }, { api }) => withNames(await api.get(path`/members`, page), 'members'),
  }),

  t.add('invite_workspace_member', {
    title: 'Invite a workspace member',
    description:
      'Invite a teammate by email to this Scalekit workspace and its dashboard. Without dashboardRole they may see nothing there.',
    openWorld: true, // mails an invitation
    input: {
      email,
      role: z.enum(['USER', 'ADMIN']).optional().describe('Final; default USER; ADMIN administers the workspace'),
      dashboardRole: shortText(64).optional().describe('admin, developer, member, no_access or id of a custom role'),
    },
    does: ({ email, role, dashboardRole }) =>
      sentence`Invite ${email} by mail to the workspace${also({ role, 'the dashboard role': dashboardRole })}.`,
    output: { member: Member, note: z.string().optional().describe('What is still to be done, or was not') },
    run: (invitation, { api }) => inviteMember(api, invitation),
  }),
]);
