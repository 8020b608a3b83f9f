import { workspaceOperation } from './operation.ts';

/** scalekit.v1.workspaces.WorkspaceService */
export const workspaceOperations = [
  workspaceOperation({
    verb: 'GET',
    path: '/workspaces:this',
    accepts: ['workspace', 'client'],
    permission: 'workspaces_read',
    request: {},
    run: ({ store }) => ({ workspace: store.workspace, context: null }),
  }),
];
