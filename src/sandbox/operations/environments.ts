import { EnvironmentService } from '../contract/published/environments.ts';
import { byId } from '../gateway/api-error.ts';
import { workspaceOperations } from '../gateway/operation.ts';
import { page } from './paging.ts';

export const environmentsOperations = workspaceOperations(EnvironmentService, {
  listEnvironment: ({ request, store }) => page('environments', store.environments, request, ['environments']),

  getEnvironment: ({ request, store }) => ({
    environment: byId(store.environments, request.id, 'environment'),
  }),
});
