import { toolset } from '../core/toolset.ts';
import { Environment } from '../platform/entities/environment.ts';
import { path } from '../platform/path.ts';
import { environmentId } from './fields/ids.ts';

const defaults = { area: 'environment', place: 'workspace', needsWorkspaceToken: true } as const;

/** The environments of the workspace. */
export const environments = toolset('environments', defaults, (t) => [
  t.list('list_environments', {
    description:
      'List the environments of the workspace, such as the development and the production environment. Most tools ask for the id of one environment.',
    alwaysLoad: true,
    of: { environments: Environment },
    pages: 100,
    run: ({ page }, { api }) => api.get(path`/environments`, page),
  }),

  t.read('get_environment_details', {
    aliases: ['get_environment'],
    description: 'Show one environment: domain, custom domain, region and type (DEV or PRD, which is production).',
    input: { environmentId },
    output: { environment: Environment },
    run: ({ environmentId }, { api }) => api.get(path`/environments/${environmentId}`),
  }),
]);
