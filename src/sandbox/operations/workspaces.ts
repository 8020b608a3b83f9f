import { WorkspaceService } from '../contract/published/workspaces.ts';
import { workspaceOperations } from '../gateway/operation.ts';

export const workspacesOperations = workspaceOperations(WorkspaceService, {
  getCurrentWorkspace: ({ store }) => ({ workspace: store.workspace }),
});
