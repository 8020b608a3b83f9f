import { WorkspaceService } from '../contract/published/workspaces.ts';
import { PRODUCT_USAGE } from '../data/workspace.ts';
import { workspaceOperations } from '../gateway/operation.ts';

export const workspacesOperations = workspaceOperations(WorkspaceService, {
  getCurrentWorkspace: ({ store }) => ({ workspace: store.workspace }),

  getProductUsage: () => ({
    products: PRODUCT_USAGE,
    total_amount: PRODUCT_USAGE.reduce((sum, { total_amount }) => sum + total_amount, 0),
    currency: 'USD',
  }),
});
