import { z } from 'zod';
import { requireGone } from '../core/after-write.ts';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { WholeNumber } from '../core/whole-number.ts';
import { collectDependents } from './dependents.ts';
import { Role } from './entities/role.ts';
import { pagesOf } from './pages.ts';
import { path } from './path.ts';
import { listOf, type RoleTarget, readOwnRole, readRole, rolePath, rolesPath } from './role.ts';
import { isUnlistable } from './unreadable.ts';

/** As far as a preview shows them, so that one that is odd in something else counts as well. */
const Dependent = Role.pick({ id: true, name: true, display_name: true, is_org_role: true });
const Dependents = z.object({ roles: z.array(Dependent) });
const OfOrganization = Dependent.extend({ extends: z.string().nullish() });
/** JSON of protocol buffers may leave a zero out. */
const Counted = z.object({ count: WholeNumber.nullish() });

interface Deletion extends RoleTarget {
  /** The role that users of this one have from then on. */
  readonly reassignTo?: string | undefined;
}

/**
 * Reads a role of an environment with how many users have it (`GET /roles/{name}/users:count`) and which roles extend it
 * (`GET /roles/{name}/dependents`). What cannot be read of that fails the call, which is for nothing else.
 */
export async function showRole(api: Api, roleName: string) {
  const role = await readRole(api, { roleName }, 'permissions:all');
  const [counted, listed] = await Promise.all([
    api.get(path`/roles/${roleName}/users:count`),
    api.get(path`/roles/${roleName}/dependents`),
  ]);
  const { roles: dependent_roles } = checkAnswer(Dependents, listed);
  return { role, user_count: checkAnswer(Counted, counted).count ?? 0, dependent_roles };
}

/**
 * Reads a role that is to be deleted, with who has it, which roles extend it, and the role that takes its place.
 * @throws ToolError `invalid_arguments` when the API would refuse the deletion, for want of such a role
 */
export async function showRoleToDelete(api: Api, { reassignTo, ...target }: Deletion) {
  const role = await readOwnRole(api, target, 'permissions:all');
  if (reassignTo === target.roleName) throw wrong('Nothing was deleted: name another role than the deleted one.');
  const shown = await withDependents(api, target, role);
  if (reassignTo !== undefined) return { ...shown, replacement: await readReplacement(api, target, reassignTo) };
  const { user_count: users, dependent_roles: dependents } = shown;
  if (users) throw wrong(`Nothing was deleted: this role has users (${users}). Name the role that they get instead.`);
  if (dependents.count) {
    const names = dependents.entries.map(({ name }) => name).join(', ');
    throw wrong(
      `Nothing was deleted: other roles extend this one (${names}). Take that from them, or name a role in its place.`,
    );
  }
  return shown;

  function wrong(message: string): ToolError {
    return new ToolError('invalid_arguments', message, {
      field: 'reassignTo',
      nextTool: listOf(target.organizationId),
    });
  }
}

/**
 * Deletes a role, with its users given to another one (`DELETE …/roles/{name}`), and looks whether it is gone.
 * @throws ToolError `not_applied`
 */
export async function deleteRole(api: Api, { reassignTo, ...target }: Deletion) {
  await api.delete(rolePath(target), { reassign_role_name: reassignTo });
  await requireGone(api.get(rolePath(target)), listOf(target.organizationId));
  return { deleted_role: target.roleName, ...(reassignTo !== undefined && { reassigned_to: reassignTo }) };
}

async function readReplacement(api: Api, { organizationId }: RoleTarget, roleName: string) {
  return readRole(api, { roleName, organizationId }, 'permissions:all').catch((error: unknown) => {
    if (!(error instanceof ToolError) || error.code !== 'not_found') throw error;
    const message = 'Nothing was deleted: there is no role of the name in reassignTo.';
    throw new ToolError('not_found', message, { field: 'reassignTo', nextTool: listOf(organizationId) });
  });
}

async function withDependents(api: Api, target: RoleTarget, role: z.output<typeof Role>) {
  const [user_count, dependent_roles] = await Promise.all([countUsers(api, target), dependentsOf(api, target)]);
  return { role, user_count, dependent_roles };
}

/** How many users have a role; `null` when that cannot be read. */
export async function countUsers(api: Api, { roleName, organizationId }: RoleTarget): Promise<number | null> {
  const at =
    organizationId === undefined
      ? path`/roles/${roleName}/users:count`
      : path`/organizations/${organizationId}/roles/${roleName}/users:count`;
  try {
    return checkAnswer(Counted, await api.get(at)).count ?? 0;
  } catch (error) {
    if (isUnlistable(error)) return null;
    throw error;
  }
}

/** The roles that extend a role. Those of an organization's own are found in its list. */
export function dependentsOf(api: Api, { roleName, organizationId }: RoleTarget) {
  return organizationId === undefined
    ? collectDependents(pagesOf(api, path`/roles/${roleName}/dependents`, {}, 'roles', Dependent), (all) => all)
    : collectDependents(pagesOf(api, rolesPath(organizationId), {}, 'roles', OfOrganization), (all) =>
        all.flatMap(({ extends: base, ...shown }) => (base === roleName ? [shown] : [])),
      );
}
