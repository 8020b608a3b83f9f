import { z } from 'zod';
import { toolset } from '../core/toolset.ts';
import { OAuthScope } from '../platform/entities/oauth-scope.ts';
import { path } from '../platform/path.ts';

/** The OAuth scopes of an environment. */
export const scopes = toolset('scopes', { area: 'environment', needsWorkspaceToken: true }, (t) => [
  t.list('list_environment_scopes', {
    title: 'List OAuth scopes',
    description: 'List the OAuth scopes that clients can ask for.',
    of: { scopes: OAuthScope },
    run: (_args, { api }) => api.get(path`/scopes`),
  }),

  t.add('create_environment_scope', {
    title: 'Create an OAuth scope',
    description: 'Create an OAuth scope, a permission that clients can ask for. Its name is final.',
    input: {
      scopeName: z
        .string()
        .regex(/^[a-zA-Z0-9:]{1,64}$/, 'must be 1 to 64 letters, digits and colons')
        .describe('1 to 64 letters, digits and :, such as invoices:read'),
      description: z.string().max(2000).optional().describe('Shown when people are asked for consent'),
    },
    output: { scope: OAuthScope },
    run: ({ scopeName: name, description }, { api }) => api.post(path`/scopes`, { name, description }),
  }),
]);
