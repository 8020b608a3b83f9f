import { z } from 'zod';
import { also, sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { createEnvironment, renameEnvironment } from '../platform/changed-environment.ts';
import { Environment } from '../platform/entities/environment.ts';
import { AUTHENTICATION_MODES, REGIONS } from '../platform/enum-words.ts';
import { path } from '../platform/path.ts';
import { environmentId } from './fields/ids.ts';
import { ownId } from './fields/own-id.ts';
import { shownName } from './fields/texts.ts';

const defaults = { area: 'environment', place: 'workspace', needsWorkspaceToken: true } as const;
const output = { environment: Environment };
const name = shownName(200).describe('Display name');

/** The environments of the workspace. */
export const environments = toolset('environments', defaults, (t) => [
  t.list('list_environments', {
    foundBy: 'production, development, staging; environment id, which stages do we have',
    description:
      'List the environments of the workspace, such as the production environment. Most tools ask for the id of one environment.',
    alwaysLoad: true,
    of: { environments: Environment },
    pages: 100,
    run: ({ page }, { api }) => api.get(path`/environments`, page),
  }),

  t.read('get_environment_details', {
    aliases: ['get_environment'],
    foundBy:
      'domain of the environment, production or development, environment URL, where does it run, base URL, issuer URL',
    description: 'Show one environment: domain, custom domain, region and type (DEV or PRD, which is production).',
    input: { environmentId },
    output,
    run: ({ environmentId }, { api }) => api.get(path`/environments/${environmentId}`),
  }),

  t.add('create_environment', {
    title: 'Create an environment',
    foundBy: 'another environment, set up staging or test, separate environment for QA',
    description:
      'Create a new environment (staging, test, production) in this workspace. It is empty, and nothing here deletes it again.',
    rare: true,
    input: {
      name,
      // Always sent: which one the API takes without is not documented, and one of them may cost money.
      type: z.enum(['DEV', 'PRD']).default('DEV').describe('PRD is production, which may cost money'),
      regionCode: z.enum(REGIONS).optional(),
      authenticationMode: z
        .enum(AUTHENTICATION_MODES)
        .optional()
        .describe('Left out: FULL_STACK_AUTH; MODULAR_AUTH where another system holds the users'),
    },
    output,
    does: ({ name, type, regionCode, authenticationMode }) =>
      sentence`Create the environment ${name} of the type ${type}${also({ region: regionCode, 'authentication mode': authenticationMode })}.`,
    run: (wanted, { api }) => createEnvironment(api, wanted),
  }),

  t.overwrite('update_environment', {
    title: 'Rename an environment',
    foundBy: 'new name for an environment, call the environment otherwise',
    description: 'Rename an environment. Its domain, region and type stay, and nothing else depends on the name.',
    rare: true,
    place: 'environment',
    input: { name },
    output,
    does: ({ name }) => sentence`Rename the environment to ${name}.`,
    run: ({ name }, { api, environmentId }) => renameEnvironment(api, ownId(environmentId), name),
  }),
]);
