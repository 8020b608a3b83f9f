import { z } from 'zod';
import { defineTool } from '../core/tool.ts';
import { Scope } from '../platform/entities/scope.ts';
import { path } from '../platform/path.ts';
import { continuing, pageInfo } from './fields/fields.ts';

const listEnvironmentScopes = defineTool({
  name: 'list_environment_scopes',
  title: 'List OAuth scopes',
  description: 'List the OAuth scopes that clients of an environment can ask for.',
  place: 'environment',
  needsWorkspaceToken: true,
  scope: 'environment:read',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  items: 'scopes',
  input: continuing,
  output: z.object({ scopes: z.array(Scope), ...pageInfo }),
  run: (_args, { api }) => api.get(path`/scopes`),
});

const createEnvironmentScope = defineTool({
  name: 'create_environment_scope',
  title: 'Create an OAuth scope',
  description: 'Create an OAuth scope in an environment. Its name is final.',
  place: 'environment',
  needsWorkspaceToken: true,
  scope: 'environment:write',
  effect: 'add',
  idempotent: false,
  openWorld: false,
  input: {
    scopeName: z
      .string()
      .regex(/^[a-zA-Z0-9:]{1,64}$/, 'must be 1 to 64 letters, digits and colons')
      .describe('Such as invoices:read'),
    description: z.string().max(2000).optional().describe('Shown when people are asked for consent'),
  },
  output: z.object({ scope: Scope }),
  run: ({ scopeName, description }, { api }) =>
    api.post(path`/scopes`, { name: scopeName, ...(description !== undefined && { description }) }),
});

export const scopesTools = [listEnvironmentScopes, createEnvironmentScope];
