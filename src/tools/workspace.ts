import { z } from 'zod';
import { defineTool } from '../core/tool.ts';
import { Member } from '../platform/entities/member.ts';
import { path } from '../platform/path.ts';
import { email, pageInfo, pageQuery, paging } from './fields/fields.ts';

const listWorkspaceMembers = defineTool({
  name: 'list_workspace_members',
  title: 'List workspace members',
  description: 'List the people who work in this Scalekit workspace, invited ones included, with their workspace role.',
  place: 'workspace',
  scope: 'workspace:read',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  items: 'members',
  input: paging(100),
  output: z.object({ members: z.array(Member), ...pageInfo }),
  run: (page, { api }) => api.get(path`/members`, pageQuery(page)),
});

const inviteWorkspaceMember = defineTool({
  name: 'invite_workspace_member',
  title: 'Invite a workspace member',
  description:
    'Invite somebody by email to work in this Scalekit workspace. The role is final: this API cannot change it.',
  place: 'workspace',
  scope: 'workspace:write',
  effect: 'add',
  idempotent: false,
  openWorld: true,
  input: {
    email,
    // Always sent: which role the API gives without one is not documented.
    role: z.enum(['USER', 'ADMIN']).default('USER').describe('ADMIN administers the workspace'),
  },
  output: z.object({ member: Member }),
  run: (invitation, { api }) => api.post(path`/members`, invitation),
});

export const workspaceTools = [listWorkspaceMembers, inviteWorkspaceMember];
