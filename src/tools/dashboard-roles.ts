import { z } from 'zod';
import { given, sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { assignDashboardRole, clearEnvironmentRole, showEnvironmentRole } from '../platform/dashboard-role.ts';
import { DashboardPermission, DashboardRole, EnvironmentRole, NamedRole } from '../platform/entities/dashboard-role.ts';
import { path } from '../platform/path.ts';
import { environmentId } from './fields/ids.ts';
import { memberId } from './fields/members.ts';
import { shortText } from './fields/texts.ts';

const defaults = { area: 'workspace', place: 'workspace', needsWorkspaceToken: true, rare: true } as const;

/** What the people of the workspace may do in its dashboard. They are no users of customers, whose roles are others. */
export const dashboardRoles = toolset('dashboard_roles', defaults, (t) => [
  t.list('list_dashboard_roles', {
    foundBy: 'which roles can teammates have, kinds of access to the dashboard',
    description:
      'List the dashboard roles of teammates (admin, developer, member, no_access, custom ones) with the permissions of each.',
    of: { roles: DashboardRole },
    run: (_args, { api }) => api.get(path`/dashboard/roles`),
  }),

  t.list('list_dashboard_permissions', {
    foundBy: 'what may teammates do in the dashboard, rights of a dashboard role',
    description:
      'List all permissions that a dashboard role can hold, with what each allows and which are sensitive (risky).',
    of: { permissions: DashboardPermission },
    run: (_args, { api }) => api.get(path`/dashboard/permissions`),
  }),

  t.overwrite('assign_dashboard_role', {
    foundBy:
      'make a colleague an admin, dashboard access, read-only for a teammate, teammate may only look, other rights in the dashboard, demote a colleague',
    description:
      'Give a teammate another dashboard role: make an admin, promote or demote, in the workspace or one environment. You cannot give more than you hold.',
    input: {
      memberId,
      role: shortText(64).describe('admin, developer, member, no_access or the id of a custom role'),
      environmentId: environmentId.optional().describe('Only in this environment; left out: in the whole workspace'),
    },
    output: {
      member_id: z.string(),
      environment_id: z.string().optional(),
      before: NamedRole.nullish().describe('The role until now; left out: none'),
      role: NamedRole.nullish(),
    },
    does: ({ memberId, role, environmentId }) =>
      environmentId === undefined
        ? sentence`Give the workspace member ${memberId} the dashboard role ${role} in place of their own.`
        : sentence`Give the workspace member ${memberId} another dashboard role in one environment: ${given({ role, environment: environmentId })}.`,
    run: (wanted, { api }) => assignDashboardRole(api, wanted),
  }),

  t.list('list_member_environment_roles', {
    foundBy:
      'role of a teammate in production, access of a teammate in each environment, what may a colleague do where',
    description: 'List which dashboard role a teammate has in each environment, and where it is one of its own there.',
    of: { environments: EnvironmentRole },
    input: { memberId },
    run: ({ memberId }, { api }) => api.get(path`/dashboard/members/${memberId}/environments/roles`),
  }),

  t.destroy('clear_member_environment_role', {
    foundBy: "undo a teammate's own role in production, back to the usual role, same rights as in the workspace",
    description: 'Reset (undo) the dashboard role of a teammate in one environment to the one of the workspace.',
    input: { memberId, environmentId },
    shows: { environment_role: EnvironmentRole, workspace_role: NamedRole.nullish() },
    stopsWorking: 'What the role in this environment allows and the one in the workspace does not.',
    does: ({ memberId, environmentId }) =>
      sentence`Let the workspace member ${memberId} have their role of the workspace in the environment ${environmentId} again.`,
    show: (target, { api }) => showEnvironmentRole(api, target),
    output: { member_id: z.string(), environment_role: EnvironmentRole },
    run: (target, { api }) => clearEnvironmentRole(api, target),
  }),
]);
