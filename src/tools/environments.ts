import { toolset } from '../core/toolset.ts';
import { Environment } from '../platform/entities/environment.ts';
import { path } from '../platform/path.ts';
import { environmentId } from './fields/ids.ts';

const defaults = { area: 'environment', place: 'workspace', needsWorkspaceToken: true } as const;

/** The environments of the workspace. */
export const environments = toolset('environments', defaults, (t) => [
  t.list('list_environments', {
    description:
      'List the environments of the workspace. Organizations, users and connections live in one environment each; its id is what most other tools ask for.',
    of: { environments: Environment },
    pages: 100,
    run: ({ page }, { api }) => api.get(path`/environments`, page),
  }),

  t.read('get_environment_details', {
    description: 'Show one environment: its domain, type (DEV or PRD), region and custom domain.',
    input: { environmentId },
    output: { environment: Environment },
    run: ({ environmentId }, { api }) => api.get(path`/environments/${environmentId}`),
  }),
]);
