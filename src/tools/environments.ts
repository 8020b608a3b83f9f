import { z } from 'zod';
import { defineTool } from '../core/tool.ts';
import { Environment } from '../platform/entities/environment.ts';
import { path } from '../platform/path.ts';
import { environmentId, pageInfo, pageQuery, paging } from './fields/fields.ts';

const listEnvironments = defineTool({
  name: 'list_environments',
  title: 'List environments',
  description:
    'List the environments of the workspace. Organizations, users and connections live in one environment each; its id is what most other tools ask for.',
  place: 'workspace',
  needsWorkspaceToken: true,
  scope: 'environment:read',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  items: 'environments',
  input: paging(100),
  output: z.object({ environments: z.array(Environment), ...pageInfo }),
  run: (page, { api }) => api.get(path`/environments`, pageQuery(page)),
});

const getEnvironmentDetails = defineTool({
  name: 'get_environment_details',
  title: 'Get environment details',
  description: 'Show one environment: its domain, type (DEV or PRD), region and custom domain.',
  place: 'workspace',
  needsWorkspaceToken: true,
  scope: 'environment:read',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  input: { environmentId },
  output: z.object({ environment: Environment }),
  run: (args, { api }) => api.get(path`/environments/${args.environmentId}`),
});

export const environmentTools = [listEnvironments, getEnvironmentDetails];
