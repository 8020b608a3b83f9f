import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { requireCameTrue } from './came-true.ts';
import { EnvironmentRole, type NamedRole } from './entities/dashboard-role.ts';
import { path } from './path.ts';
import { readBack } from './read-back.ts';
import { aboutArguments } from './refusal.ts';
import { ADMIN, isAdmin, otherAdmins, readMember, requireOtherAdmin } from './workspace-member.ts';

type Role = z.output<typeof NamedRole> | null | undefined;

const GET = 'get_workspace_member';
const LIST_THERE = 'list_member_environment_roles';

/** Whose role a call is about, and in which environment. */
interface Target {
  readonly memberId: string;
  readonly environmentId: string;
}

/**
 * Gives a member of the workspace a role in place of the one that they have: in one environment
 * (`POST /dashboard/members/{id}/environments/{id}/role`), or in the workspace (`POST /dashboard/members/{id}/role`), and so
 * in every environment where they have none of their own. The answers are empty, so that it is read again.
 * @returns the role, and the one before
 * @throws ToolError `invalid_arguments` for the only admin who would be one no more; `not_applied`
 */
export function assignDashboardRole(
  api: Api,
  {
    memberId,
    environmentId,
    role,
  }: Omit<Target, 'environmentId'> & { environmentId?: string | undefined; role: string },
) {
  return environmentId === undefined
    ? assignInWorkspace(api, memberId, role)
    : assignInEnvironment(api, { memberId, environmentId }, role);
}

async function assignInWorkspace(api: Api, memberId: string, role: string) {
  const before = await readMember(api, memberId);
  const isDemotion = isAdmin(before) && role !== ADMIN && role !== before.dashboard_role?.id;
  if (isDemotion) requireOtherAdmin(await otherAdmins(api, memberId), 'another role for them');
  await api.post(path`/dashboard/members/${memberId}/role`, { role }).catch(aboutRole);
  const { dashboard_role: held } = await readBack(readMember(api, memberId), GET);
  requireCameTrue({ role: asked(role, held) }, GET);
  return { member_id: memberId, before: before.dashboard_role, role: held };
}

async function assignInEnvironment(api: Api, target: Target, role: string) {
  const { memberId, environmentId } = target;
  const before = await readThere(api, target);
  await api.post(path`/dashboard/members/${memberId}/environments/${environmentId}/role`, { role }).catch(aboutRole);
  const now = await readBack(readThere(api, target), LIST_THERE);
  const shown = now.is_override ? now.effective_role : undefined;
  requireCameTrue({ role: asked(role, shown) }, LIST_THERE);
  return { member_id: memberId, environment_id: environmentId, before: before.effective_role, role: shown };
}

/** A role is named by its name or its id. */
function asked(role: string, held: Role) {
  return { asked: role, shown: held?.id === role ? held.id : held?.name };
}

function aboutRole(refusal: unknown): never {
  throw aboutArguments(refusal, [{ at: 'role', field: 'role', nextTool: 'list_dashboard_roles', word: /\brole/i }]);
}

const Roles = z.object({ environments: z.array(EnvironmentRole) });

/**
 * Reads the role of a member in one environment (`GET /dashboard/members/{id}/environments/roles`).
 * @throws ToolError `not_found` for an environment that the workspace does not have
 */
async function readThere(api: Api, { memberId, environmentId }: Target) {
  const answer = await api.get(path`/dashboard/members/${memberId}/environments/roles`);
  const { environments } = checkAnswer(Roles, answer);
  const there = environments.find(({ environment_id }) => environment_id === environmentId);
  if (there !== undefined) return there;
  const message = 'There is no such environment in this workspace, or you may not see it.';
  throw new ToolError('not_found', message, { field: 'environmentId', nextTool: 'list_environments' });
}

/**
 * Reads what clearing takes away: the role in the environment, and the one that then holds there.
 * @throws ToolError `not_found` for a member without a role of their own there
 */
export async function showEnvironmentRole(api: Api, target: Target) {
  const [environment_role, { dashboard_role }] = await Promise.all([
    readThere(api, target),
    readMember(api, target.memberId),
  ]);
  if (environment_role.is_override) return { environment_role, workspace_role: dashboard_role };
  const message =
    'Nothing to clear: this member has no role of their own in this environment, and the one of the workspace holds there already.';
  throw new ToolError('not_found', message, { field: 'environmentId', nextTool: LIST_THERE });
}

/**
 * Takes the role of a member in one environment away, so that theirs in the workspace holds there
 * (`DELETE /dashboard/members/{id}/environments/{id}/role`), and reads it again.
 * @throws ToolError `not_applied`
 */
export async function clearEnvironmentRole(api: Api, target: Target) {
  const { memberId, environmentId } = target;
  await api.delete(path`/dashboard/members/${memberId}/environments/${environmentId}/role`);
  const now = await readBack(readThere(api, target), LIST_THERE);
  requireCameTrue({ role: { asked: false, shown: now.is_override } }, LIST_THERE);
  return { member_id: memberId, environment_role: now };
}
