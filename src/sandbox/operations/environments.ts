import { EnvironmentService } from '../contract/published/environments.ts';
import { byId } from '../gateway/api-error.ts';
import { workspaceOperation } from '../gateway/operation.ts';
import { page } from './paging.ts';

const { listEnvironment, getEnvironment } = EnvironmentService.method;

export const environmentOperations = [
  workspaceOperation(listEnvironment, ({ request, store }) =>
    page('environments', store.environments, request, ['environments']),
  ),

  workspaceOperation(getEnvironment, ({ request, store }) => ({
    environment: byId(store.environments, request.id, 'environment'),
  })),
].flat();
