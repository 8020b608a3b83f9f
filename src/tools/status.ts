import { z } from 'zod';
import { toolset } from '../core/toolset.ts';
import { checkReadiness } from '../platform/readiness.ts';
import { Check } from '../platform/readiness-uris.ts';
import { Counts, readStatus, Unfinished } from '../platform/status.ts';
import { EnvironmentStatus, MOST_ENVIRONMENTS, readWorkspaceStatus } from '../platform/workspace-status.ts';
import { ownId } from './fields/own-id.ts';

/** What reads whatever an environment holds. */
const OF_ALL_AREAS = { area: 'environment', alsoNeeds: ['organization:read'], rare: true } as const;

/** How environments stand. */
export const status = toolset('status', { area: 'environment', title: 'Status', rare: true }, (t) => [
  t.read('get_status', {
    title: 'Get the status of an environment',
    foundBy:
      'how many organizations, users, connections; counts, numbers, summary of the environment, how are we doing, big picture, dashboard figures',
    description:
      'Overview of an environment on one page: how many organizations, users, SSO connections, MCP servers, and what looks unfinished.',
    ...OF_ALL_AREAS,
    view: 'status',
    output: {
      counts: Counts,
      unfinished: z.array(Unfinished),
      not_read: z.array(z.string()).describe('What your role in the workspace, or the plan, does not show'),
    },
    run: (_args, { api }) => readStatus(api),
  }),

  t.list('get_workspace_status', {
    title: 'Get the status of the workspace',
    foundBy:
      'summary, numbers across all environments, compare environments, how many users and organizations there are in all',
    description:
      'Overview of the whole workspace: one row for each environment, with counts of what it holds and what looks unfinished.',
    ...OF_ALL_AREAS,
    place: 'workspace',
    needsWorkspaceToken: true,
    of: { environments: EnvironmentStatus },
    pages: MOST_ENVIRONMENTS,
    run: ({ page }, context) => readWorkspaceStatus(context, page),
  }),

  t.read('check_production_readiness', {
    foundBy:
      'go live, launch checklist, before production, are we ready to release, what is still missing, unfinished settings',
    description:
      'Check whether an environment is ready for production (go live): callback and logout URIs, custom domain, sessions, default roles, connections, MCP servers.',
    needsWorkspaceToken: true,
    rare: true,
    output: { to_do: z.int().describe('How many checks found something'), not_known: z.int(), checks: z.array(Check) },
    run: (_args, context) => checkReadiness(context, ownId(context.environmentId)),
  }),
]);
