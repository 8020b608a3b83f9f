import { z } from 'zod';
import { toolset } from '../core/toolset.ts';

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
      mode: z
        .enum(['workspace', 'environment'])
        .describe('workspace: calls use your own token; environment: they use the client of one environment'),
      environment_url: z.string().describe('The Scalekit environment that issued the token'),
      sandbox: z.boolean().optional().describe('true: an embedded sandbox with fictional people and data'),
    },
    run: (_args, { caller }) => ({
      subject: caller.subject,
      name: caller.name,
      email: caller.email,
      client_id: caller.clientId,
      organization_id: caller.organizationId,
      token_expires_at: caller.tokenExpiresAt.toISOString(),
      scopes: { granted: caller.granted, missing: caller.missing },
      mode: caller.mode,
      environment_url: caller.environmentUrl,
      ...(caller.sandbox && { sandbox: true }),
    }),
  }),
]);
