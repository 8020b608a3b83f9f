import { EnvironmentService } from '../contract/published/environments.ts';
import { found } from '../gateway/api-error.ts';
import { workspaceOperation } from '../gateway/operation.ts';
import { paginate } from './paging.ts';

const { listEnvironment, getEnvironment } = EnvironmentService.method;

export const environmentOperations = [
  workspaceOperation(listEnvironment, ({ request, store }) => {
    const { items: environments, ...page } = paginate(store.environments, request, ['environments']);
    return { ...page, environments };
  }),

  workspaceOperation(getEnvironment, ({ request, store }) => ({
    environment: found(
      store.environments.find(({ id }) => id === request.id),
      'environment',
    ),
  })),
].flat();
