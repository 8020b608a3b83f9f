import { ApiError } from './api-error.ts';
import { workspaceOperation } from './operation.ts';

/** scalekit.v1.workspaces.WorkspaceService and scalekit.v1.members.MembersService */
export const workspaceOperations = [
  workspaceOperation({
    verb: 'GET',
    path: '/workspaces:this',
    accepts: ['workspace', 'client'],
    permission: 'workspaces_read',
    request: {},
    run: ({ store }) => ({ workspace: store.workspace, context: null }),
  }),

  workspaceOperation({
    verb: 'GET',
    path: '/members:this',
    accepts: ['workspace', 'client'],
    permission: 'members_read',
    request: {},
    run({ principal, store }) {
      const member = store.members.find(({ id }) => id === principal.subject);
      // A machine is accepted but is nobody's member.
      if (member === undefined) throw new ApiError('NOT_FOUND', 'member not found');
      return { member };
    },
  }),
];
