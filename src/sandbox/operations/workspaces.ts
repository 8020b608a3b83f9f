import { WorkspaceService } from '../contract/published/workspaces.ts';
import { workspaceOperation } from '../gateway/operation.ts';

export const workspaceOperations = workspaceOperation(WorkspaceService.method.getCurrentWorkspace, ({ store }) => ({
  workspace: store.workspace,
}));
