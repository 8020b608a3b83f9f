import { z } from 'zod';
import { checkAnswer } from '../core/check-answer.ts';
import { also, sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { requireCameTrue } from '../platform/came-true.ts';
import { OAuthScope } from '../platform/entities/oauth-scope.ts';
import { path } from '../platform/path.ts';

const One = z.object({ scope: OAuthScope });
/** Names that the API keeps for itself: what OpenID Connect calls them. */
const RESERVED: readonly string[] = ['profile', 'email', 'address', 'phone'];

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
    description:
      'Create an OAuth scope, a permission that clients can ask for. Its name is final. No MCP server uses it until update_mcp_server enables it there.',
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
]);
