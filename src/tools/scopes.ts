import { z } from 'zod';
import { checkAnswer } from '../core/check-answer.ts';
import { also, given, sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { requireCameTrue } from '../platform/came-true.ts';
import { DependentServers } from '../platform/entities/dependents.ts';
import { OAuthScope } from '../platform/entities/oauth-scope.ts';
import { deleteScope, showScope, updateScope } from '../platform/oauth-scope.ts';
import { path } from '../platform/path.ts';
import { idFrom } from './fields/ids.ts';
import { limited } from './fields/texts.ts';

const One = z.object({ scope: OAuthScope });
const scopeId = idFrom('scp', 'list_environment_scopes');
/** Names that the API keeps for itself: what OpenID Connect calls them. */
const RESERVED: readonly string[] = ['profile', 'email', 'address', 'phone'];

/** The OAuth scopes of an environment. */
export const scopes = toolset('scopes', { area: 'environment', needsWorkspaceToken: true }, (t) => [
  t.list('list_environment_scopes', {
    title: 'List OAuth scopes',
    foundBy: 'available scopes, what can clients ask for, which scopes exist',
    description: 'List the OAuth scopes that clients can ask for.',
    of: { scopes: OAuthScope },
    run: (_args, { api }) => api.get(path`/scopes`),
  }),

  t.add('create_environment_scope', {
    title: 'Create an OAuth scope',
    foundBy: 'new scope, define a scope for an API or MCP server',
    description:
      'Create an OAuth scope, a permission that clients can ask for. Its name is final. update_mcp_server enables it on an MCP server.',
    input: {
      scopeName: z
        .string()
        .regex(/^[a-zA-Z0-9:]{1,64}$/, 'must be 1 to 64 letters, digits and colons')
        .refine((name) => !RESERVED.includes(name), `must not be one of the reserved names ${RESERVED.join(', ')}`)
        .describe('1 to 64 letters, digits and :, such as invoices:read'),
      description: z.string().trim().max(2000).optional().describe('Shown when people are asked for consent'),
    },
    does: ({ scopeName, description }) => sentence`Create the OAuth scope ${scopeName}${also({ description })}.`,
    output: One.shape,
    async run({ scopeName: name, description }, { api }) {
      const answer = checkAnswer(One, await api.post(path`/scopes`, { name, description }), 'write');
      const { scope } = answer;
      const fields = {
        scopeName: { asked: name, shown: scope.name },
        description: { asked: description, shown: scope.description },
      };
      requireCameTrue(fields, 'list_environment_scopes');
      return answer;
    },
  }),

  t.overwrite('update_environment_scope', {
    title: 'Change an OAuth scope',
    foundBy: 'text of a scope on the consent page, describe a scope, switch a scope off',
    description:
      'Change an OAuth scope: describe it, or switch it on or off (enable, disable) for the whole environment. What is left out stays.',
    rare: true,
    input: {
      scopeId,
      description: limited(z.string().trim(), 2000).optional().describe('Shown for consent; empty: none'),
      enabled: z.boolean().optional(),
    },
    output: One.shape,
    does: ({ scopeId, description, enabled }) =>
      sentence`Change the OAuth scope ${scopeId}: ${given({ description, enabled })}.`,
    run: ({ scopeId, ...changes }, { api }) => updateScope(api, scopeId, changes),
  }),

  t.destroy('delete_environment_scope', {
    title: 'Delete an OAuth scope',
    foundBy: 'remove a scope everywhere, scope is not needed any more',
    description: 'Delete an OAuth scope for good, on every MCP server too: clients cannot ask for it any more.',
    rare: true,
    input: { scopeId },
    shows: { scope: OAuthScope, mcp_servers: DependentServers.describe('Those on which it is enabled') },
    stopsWorking: 'Whatever clients do with this scope: new tokens do not have it, on any MCP server.',
    does: ({ scopeId }) => sentence`Delete the OAuth scope ${scopeId} for good.`,
    show: ({ scopeId }, { api }) => showScope(api, scopeId),
    output: { deleted_id: z.string() },
    run: ({ scopeId }, { api }) => deleteScope(api, scopeId),
  }),
]);
