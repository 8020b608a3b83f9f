import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { requireTold } from './came-true.ts';
import { HeldRole } from './entities/held-role.ts';
import { membershipIn, readUser, requireMembership, roleNames } from './find-user.ts';
import { path } from './path.ts';
import { readBack } from './read-back.ts';
import { aboutArguments } from './refusal.ts';

const NEXT_TOOL = 'list_user_roles';

const Roles = z.object({ roles: z.array(HeldRole).nullish() });

/** Which user in which organization. */
interface Place {
  readonly organizationId: string;
  readonly userId: string;
}

/**
 * Gives a user more roles in an organization (`POST /organizations/{id}/users/{id}/roles`), and looks whether they have
 * them.
 * @throws ToolError `not_applied`
 */
export async function assignRoles(api: Api, { organizationId, userId }: Place, roles: readonly string[]) {
  const at = path`/organizations/${organizationId}/users/${userId}/roles`;
  const body = roles.map((role_name) => ({ role_name }));
  const answer = await api.post(at, body).catch((refusal: unknown) => {
    throw aboutArguments(refusal, [
      { at: 'roles', field: 'roles', nextTool: 'list_environment_roles', word: /\brole/i },
    ]);
  });
  const asked = ({ roles: shown }: z.output<typeof Roles>) => {
    const held = new Set(shown?.map(({ name }) => name));
    // Those that they had stay.
    return { roles: { asked: roles, shown: shown && roles.filter((role) => held.has(role)) } };
  };
  const read = async () => checkAnswer(Roles, await api.get(at));
  return requireTold(asked, checkAnswer(Roles, answer, 'write'), read, NEXT_TOOL);
}

/**
 * Reads what the removal of a role takes away (`GET /users/{id}`).
 * @throws ToolError `not_found` for a role that the user does not have by themselves
 */
export async function showRole(api: Api, { organizationId, userId }: Place, roleName: string) {
  const user = await readUser(api, userId);
  const membership = requireMembership(user, organizationId);
  const role = membership.roles?.find(({ name }) => name === roleName);
  if (role === undefined) {
    const message =
      'This user does not have this role in this organization by themselves. A role that comes with another one goes with that.';
    throw new ToolError('not_found', message, { field: 'roleName', nextTool: NEXT_TOOL });
  }
  return {
    user: { id: user.id, email: user.email },
    role,
    other_roles: roleNames(membership)
      .filter((name) => name !== roleName)
      .sort(),
    permissions: (membership.permissions ?? []).toSorted(),
  };
}

/**
 * Takes a role from a user in an organization (`DELETE /organizations/{id}/users/{id}/roles/{name}`), and reads the user
 * again: the list of their roles also shows those that come with others.
 * @throws ToolError `not_applied`
 */
export async function removeRole(api: Api, { organizationId, userId }: Place, roleName: string) {
  await api.delete(path`/organizations/${organizationId}/users/${userId}/roles/${roleName}`);
  const membership = membershipIn(await readBack(readUser(api, userId), NEXT_TOOL), organizationId);
  const left = membership === undefined ? [] : roleNames(membership);
  if (!left.includes(roleName)) return { removed_role: roleName, roles: left };
  const message =
    'Scalekit accepted the removal, but the user still has this role. Do not repeat the call: change it in the Scalekit dashboard.';
  throw new ToolError('not_applied', message, { field: 'roleName', nextTool: NEXT_TOOL });
}
