import { z } from 'zod';
import { also, sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { DependentUsers } from '../platform/entities/dependents.ts';
import { Member, MemberInShort } from '../platform/entities/member.ts';
import { withNames } from '../platform/entities/profile.ts';
import { NumberText, ProductUsage, Workspace } from '../platform/entities/workspace.ts';
import { inviteMember } from '../platform/invitation.ts';
import { path } from '../platform/path.ts';
import { readMember, showMember } from '../platform/workspace-member.ts';
import { memberId } from './fields/members.ts';
import { email, shortText } from './fields/texts.ts';

/** The workspace and the people who work in it. */
export const workspace = toolset('workspace', { area: 'workspace', place: 'workspace' }, (t) => [
  t.list('list_workspace_members', {
    foundBy:
      'team, colleagues, who has access to the dashboard, our Scalekit account, who are our admins, everybody in our company who can log in here',
    description:
      'List the team of this Scalekit workspace: teammates with access to its dashboard, invited ones included, and their roles (admin, user).',
    of: { members: Member },
    pages: 100,
    run: async ({ page }, { api }) => withNames(await api.get(path`/members`, page), 'members'),
  }),

  t.add('invite_workspace_member', {
    title: 'Invite a workspace member',
    foundBy:
      'add a colleague or developer to our team, dashboard access, new teammate, bring somebody into our Scalekit account, let a coworker in',
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

  t.read('get_workspace_member', {
    foundBy: 'dashboard role of one teammate, has a colleague joined, look up a colleague',
    description: 'Show one teammate of this workspace: name, dashboard role, and whether they have joined.',
    rare: true,
    input: { memberId },
    output: { member: Member },
    run: async ({ memberId }, { api }) => ({ member: await readMember(api, memberId) }),
  }),

  t.remove('remove_workspace_member', {
    title: 'Remove a workspace member',
    foundBy:
      'a developer left our team, colleague leaves, take dashboard access away, kick somebody out of our Scalekit account',
    description:
      'Remove (offboard) a teammate or colleague from this Scalekit workspace and its dashboard. Not for users of customers.',
    rare: true,
    input: { memberId },
    shows: {
      member: MemberInShort,
      other_admins: DependentUsers.describe('Who administers the workspace beside them'),
      is_you: z.boolean().describe('true: you would remove yourself'),
    },
    stopsWorking: 'The dashboard for this person, and every client that acts with their rights, this server included.',
    does: ({ memberId }) => sentence`Remove the member ${memberId} from this workspace.`,
    show: ({ memberId }, { api, caller }) => showMember(api, memberId, caller.subject),
    at: ({ memberId }) => path`/members/${memberId}`,
    listedBy: 'list_workspace_members',
  }),

  t.read('get_workspace', {
    foundBy: 'our own account, what are we called here, in which region are we',
    description: 'Show this Scalekit workspace: name, region, where its team signs in, and whether payment is overdue.',
    rare: true,
    output: { workspace: Workspace },
    run: (_args, { api }) => api.get(path`/workspaces:this`),
  }),

  t.read('get_workspace_usage', {
    foundBy:
      'usage and limits of the plan, invoice, subscription, costs, billing, how much do we pay, money, quota used',
    description:
      'Show what this workspace has used of each product (users, SSO connections), and what it costs (bill).',
    rare: true,
    output: {
      products: z.array(ProductUsage).nullish(),
      total_amount: NumberText.nullish(),
      currency: z.string().nullish(),
    },
    run: (_args, { api }) => api.get(path`/workspaces:this/billing:product-usage`),
  }),
]);
