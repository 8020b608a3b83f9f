import { complete } from '../contract/complete.ts';
import { EnvironmentSchema, EnvironmentService } from '../contract/published/environments.ts';
import { byId } from '../gateway/api-error.ts';
import { workspaceOperations } from '../gateway/operation.ts';
import { page } from './paging.ts';
import { given, now, replace } from './parts.ts';

export const environmentsOperations = workspaceOperations(EnvironmentService, {
  listEnvironment: ({ request, store }) => page('environments', store.environments, request, ['environments']),

  getEnvironment: ({ request, store }) => ({
    environment: byId(store.environments, request.id, 'environment'),
  }),

  // Inferred: the region is that of the workspace, and the type the harmless one, unless the request says otherwise.
  createEnvironment: ({ request, store }) => {
    const { display_name, region_code = store.workspace.region_code, type = 'DEV' } = given(request.environment);
    const create_time = now();
    const id = store.newId('env');
    const environment = complete(EnvironmentSchema, {
      id,
      create_time,
      update_time: create_time,
      display_name,
      domain: `harborlight-${id.slice(-5)}.scalekit.example`,
      region_code,
      type,
      custom_domain_status: 'INITIAL',
    });
    store.addEnvironment(environment);
    return { environment };
  },

  updateEnvironment: ({ request, store }) => {
    const before = byId(store.environments, request.id, 'environment');
    const { display_name = before.display_name } = given(request.environment);
    const after = { ...before, display_name, update_time: now() };
    return { environment: replace(store.environments, before, after) };
  },
});
