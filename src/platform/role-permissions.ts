import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { requireTold } from './came-true.ts';
import { Permission } from './entities/permission.ts';
import { path } from './path.ts';
import { readBack } from './read-back.ts';
import { aboutArguments } from './refusal.ts';
import { ownPermissions, readOwnRole, rolePath } from './role.ts';
import { countUsers, dependentsOf } from './role-dependents.ts';

const NEXT_TOOL = 'list_role_permissions';

const All = z.object({ permissions: z.array(Permission).nullish() });
type All = z.output<typeof All>;

/** Reads what a role permits by itself (`GET /roles/{name}/permissions`). */
async function readPermissions(api: Api, roleName: string): Promise<All> {
  return checkAnswer(All, await api.get(path`/roles/${roleName}/permissions`));
}

/**
 * Gives a role more permissions (`POST /roles/{name}/permissions`), and looks whether it has them.
 * @throws ToolError `not_applied`
 */
export function addPermissions(api: Api, roleName: string, names: readonly string[]): Promise<All> {
  return api.inTurn(rolePath({ roleName }), async () => {
    const body = { permission_names: names };
    const answer = await api.post(path`/roles/${roleName}/permissions`, body).catch((refusal: unknown) => {
      throw aboutArguments(refusal, [
        { at: 'permission_names', field: 'permissions', nextTool: 'list_permissions', word: /\bpermission/i },
      ]);
    });
    const asked = ({ permissions: shown }: All) => {
      const held = new Set(shown?.map(({ name }) => name));
      // Those that it had stay.
      return {
        permissions: { asked: names, shown: shown?.length ? names.filter((name) => held.has(name)) : undefined },
      };
    };
    return requireTold(asked, checkAnswer(All, answer, 'write'), () => readPermissions(api, roleName), NEXT_TOOL);
  });
}

/**
 * Reads what goes when a permission is taken from a role: who has the role, which roles inherit from it, and which role it
 * still has the permission from.
 * @throws ToolError `not_found` for a permission that the role does not have by itself
 */
export async function showRolePermission(api: Api, roleName: string, permissionName: string) {
  const { permissions, ...role } = await readOwnRole(api, { roleName }, 'permissions:all');
  const own = ownPermissions({ ...role, permissions });
  const sources = (permissions ?? []).filter(({ name }) => name === permissionName);
  const [inherited] = sources.filter(({ role_name: source }) => source && source !== role.name);
  if (!own.includes(permissionName)) {
    const message = inherited
      ? `This role has the permission from the role ${inherited.role_name}, which it extends. Take it from that one.`
      : 'This role does not have this permission.';
    throw new ToolError('not_found', message, { field: 'permissionName', nextTool: NEXT_TOOL });
  }
  const [user_count, dependent_roles] = await Promise.all([
    countUsers(api, { roleName }),
    dependentsOf(api, { roleName }),
  ]);
  const permission = sources.map(({ name, description }) => ({ name, description }))[0];
  return { role, permission, still_inherited_from: inherited?.role_name, user_count, dependent_roles };
}

/**
 * Takes a permission from a role (`DELETE /roles/{name}/permissions/{name}`), and looks whether it is gone.
 * @throws ToolError `not_applied`
 */
export function removePermission(api: Api, roleName: string, permissionName: string) {
  return api.inTurn(rolePath({ roleName }), async () => {
    await api.delete(path`/roles/${roleName}/permissions/${permissionName}`);
    const { permissions } = await readBack(readPermissions(api, roleName), NEXT_TOOL);
    const left = (permissions ?? []).map(({ name }) => name);
    if (!left.includes(permissionName)) return { removed_permission: permissionName, permissions: left };
    const message =
      'Scalekit accepted the removal, but the role still has this permission. Do not repeat the call: change it in the Scalekit dashboard.';
    throw new ToolError('not_applied', message, { field: 'permissionName', nextTool: NEXT_TOOL });
  });
}
