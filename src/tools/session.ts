import { z } from 'zod';
import { ToolError } from '../core/errors.ts';
import type { CallerFacts } from '../core/tool.ts';
import { toolset } from '../core/toolset.ts';
import { standing } from '../platform/standing.ts';
import { heldText } from './fields/texts.ts';

const SkillFacts = z.object({ name: z.string(), title: z.string(), description: z.string(), uri: z.string() });

/** Whether the caller acts with a role in the workspace: machines have none, and in environment mode a client acts. */
function hasRole({ subject, mode }: CallerFacts): boolean {
  return mode === 'workspace' && subject.startsWith('usr_');
}

/** Who is calling, and what they may do. */
export const session = toolset('session', { area: 'workspace', place: 'workspace' }, (t) => [
  t.read('whoami', {
    title: 'Who am I',
    foundBy: 'who am I, my access, my scopes, my token, what may I do here, which account am I using',
    description:
      'Show who is signed in (user or machine), which scopes (permissions) are granted and which are missing, and the mode of this server.',
    alwaysLoad: true,
    scope: null,
    output: {
      subject: z.string().describe('User id (usr_…), or the client id of a machine'),
      name: z.string().optional().describe('Of a person, if it is known'),
      email: z.string().optional().describe('Of a person, if it is known'),
      client_id: z.string().optional(),
      organization_id: z.string().optional(),
      token_expires_at: z.string().optional(),
      scopes: z.object({ granted: z.array(z.string()), missing: z.array(z.string()) }),
      dashboard_role: z.string().optional().describe('Your role in the workspace'),
      dashboard_permissions: z
        .array(z.string())
        .optional()
        .describe('What your role in the workspace allows; left out: Scalekit does not say'),
      mode: z
        .enum(['workspace', 'environment'])
        .describe('workspace: calls use your own token; environment: they use the client of one environment'),
      environment_url: z.string().describe('The Scalekit environment that issued the token'),
      environment_id: z.string().optional().describe('The one environment that this connection is limited to'),
      read_only: z.boolean().optional().describe('true: this connection offers nothing that changes anything'),
      toolsets: z.array(z.string()).describe('Whose tools are listed; find_tools finds others'),
      sandbox: z.boolean().optional().describe('true: an embedded sandbox with fictional people and data'),
    },
    run: async (_args, { caller, api }) => {
      const { environment, readOnly, toolsets } = caller.sees;
      const { name, email, role, permissions } = hasRole(caller) ? await standing(api) : {};
      return {
        subject: caller.subject,
        name: caller.name ?? name,
        email: caller.email ?? email,
        client_id: caller.clientId,
        organization_id: caller.organizationId,
        token_expires_at: caller.tokenExpiresAt?.toISOString(),
        scopes: { granted: caller.granted, missing: caller.missing },
        dashboard_role: role,
        dashboard_permissions: permissions,
        mode: caller.mode,
        environment_url: caller.environmentUrl,
        environment_id: environment,
        ...(readOnly && { read_only: true }),
        toolsets,
        ...(caller.sandbox && { sandbox: true }),
      };
    },
  }),

  t.read('get_skill', {
    title: 'Read a skill',
    aliases: ['list_skills'],
    foundBy:
      'guide, walkthrough, playbook, step by step, how is a usual job done, quick start, how do I go about a job, what should I do first',
    description:
      'Read a skill: how a usual job or a quick start of Scalekit is done, step by step. Without name: which skills there are.',
    rare: true,
    scope: null,
    input: { name: heldText(200).optional().describe('Name or skill:// URI of a skill') },
    output: {
      skills: z.array(SkillFacts).optional(),
      skill: SkillFacts.extend({ text: z.string().describe('Markdown') }).optional(),
    },
    publishes: ['skill.text'],
    run({ name }, { offered: { skills } }) {
      if (name === undefined) return { skills };
      const skill = skills.find((one) => one.name === name || one.uri === name);
      if (skill !== undefined) return { skill };
      throw new ToolError('not_found', 'No skill of this name is offered here. Without name, get_skill lists them.', {
        field: 'name',
        nextTool: 'get_skill',
      });
    },
  }),
]);
