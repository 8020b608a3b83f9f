import { ApiError } from './api-error.ts';
import { text } from './fields.ts';
import { workspaceOperation } from './operation.ts';
import { pageFields, paginate } from './paging.ts';

/** scalekit.v1.environments.EnvironmentService */
export const environmentOperations = [
  workspaceOperation({
    verb: 'GET',
    path: '/environments',
    accepts: ['workspace'],
    permission: 'environments_read',
    request: pageFields(),
    run({ request, store }) {
      const { items, next_page_token, total_size } = paginate(store.environments, request, ['environments']);
      return { next_page_token, total_size, environments: items };
    },
  }),

  workspaceOperation({
    verb: 'GET',
    path: '/environments/{id}',
    accepts: ['workspace'],
    permission: 'environments_read',
    request: { id: text({ minLen: 1, maxLen: 32, prefix: 'env' }) },
    run({ request, store }) {
      const environment = store.environments.find(({ id }) => id === request.id);
      if (environment === undefined) throw new ApiError('NOT_FOUND', 'environment not found');
      return { environment };
    },
  }),
];
