import { z } from 'zod';
import type { CallerFacts } from '../core/tool.ts';
import { toolset } from '../core/toolset.ts';
import { heldPermissions } from '../platform/held-permissions.ts';

/** Whether the caller acts with a role in the workspace: machines have none, and in environment mode a client acts. */
function hasRole({ subject, mode }: CallerFacts): boolean {
  return mode === 'workspace' && subject.startsWith('usr_');
}

/** Who is calling, and what they may do. */
export const session = toolset('session', { area: 'workspace', place: 'workspace' }, (t) => [
  t.read('whoami', {
    title: 'Who am I',
    description:
      'Show who is signed in: user or machine, with which scopes (permissions), what is not allowed for lack of scopes, and the mode of this server. Needs no scope.',
    alwaysLoad: true,
    scope: null,
    output: {
      subject: z.string().describe('User id (usr_…), or the client id of a machine'),
      name: z.string().optional().describe('Of a person, if the token says it'),
      email: z.string().optional().describe('Of a person, if the token says it'),
      client_id: z.string().optional(),
      organization_id: z.string().optional(),
      token_expires_at: z.string(),
      scopes: z.object({ granted: z.array(z.string()), missing: z.array(z.string()) }),
      dashboard_permissions: z
        .array(z.string())
        .optional()
        .describe('What your role in the workspace allows; left out: Scalekit does not say'),
      mode: z
        .enum(['workspace', 'environment'])
        .describe('workspace: calls use your own token; environment: they use the client of one environment'),
      environment_url: z.string().describe('The Scalekit environment that issued the token'),
      sandbox: z.boolean().optional().describe('true: an embedded sandbox with fictional people and data'),
    },
    run: async (_args, { caller, api }) => ({
      subject: caller.subject,
      name: caller.name,
      email: caller.email,
      client_id: caller.clientId,
      organization_id: caller.organizationId,
      token_expires_at: caller.tokenExpiresAt.toISOString(),
      scopes: { granted: caller.granted, missing: caller.missing },
      dashboard_permissions: hasRole(caller) ? await heldPermissions(api) : undefined,
      mode: caller.mode,
      environment_url: caller.environmentUrl,
      ...(caller.sandbox && { sandbox: true }),
    }),
  }),
]);
