import type { Api } from '../core/api.ts';
import { ToolError } from '../core/errors.ts';
import { requireCameTrue } from './came-true.ts';
import { aboutRole } from './new-role.ts';
import { path } from './path.ts';
import { readBack } from './read-back.ts';
import { requireChange } from './refusal.ts';
import {
  type KnownRole,
  listOf,
  ownPermissions,
  type RoleTarget,
  readOwnRole,
  readRole,
  rolePath,
  writtenRole,
} from './role.ts';

/** What a call asks for, under the names of its arguments. What it leaves out stays. */
interface RoleChanges {
  readonly displayName?: string | undefined;
  readonly description?: string | undefined;
  /** Empty: none any more. */
  readonly extends?: string | undefined;
  /** All of them. */
  readonly permissions?: readonly string[] | undefined;
}

/**
 * Changes a role (`PUT /roles/{name}`, `PUT /organizations/{id}/roles/{name}`), or takes from it what it extends
 * (`DELETE …/base`), and reads it again. The API cannot tell a list of permissions that is left out from an empty one, so
 * that they are read first, and written again.
 * @throws ToolError `invalid_arguments` when nothing is to change; `not_applied`
 */
export function changeRole(api: Api, target: RoleTarget, changes: RoleChanges): Promise<{ role: KnownRole }> {
  requireChange({ ...changes }, 'displayName');
  const { extends: base, ...others } = changes;
  if (base === '' && Object.values(others).some((value) => value !== undefined)) {
    const message = 'Nothing was changed: take away what the role extends in a call that changes nothing else.';
    throw new ToolError('invalid_arguments', message, { field: 'extends' });
  }
  return api.inTurn(rolePath(target), () => changeOnce(api, target, changes));
}

async function changeOnce(api: Api, target: RoleTarget, changes: RoleChanges): Promise<{ role: KnownRole }> {
  const nextTool = listOf(target.organizationId);
  const before = await readOwnRole(api, target);
  const kept = ownPermissions(before);
  if (changes.extends === '') await removeBase(api, target, before);
  else await put(api, target, { ...changes, permissions: changes.permissions ?? kept });
  const role = await readBack(readRole(api, target), nextTool);
  const now = ownPermissions(role);
  const asked = {
    displayName: { asked: changes.displayName, shown: role.display_name },
    description: { asked: changes.description, shown: role.description },
    extends: { asked: changes.extends, shown: role.extends },
    permissions: { asked: changes.permissions, shown: now },
  };
  requireCameTrue(asked, nextTool);
  refuseOtherThanBefore(before, role, changes, nextTool);
  return { role };
}

async function put(api: Api, target: RoleTarget, changes: RoleChanges): Promise<void> {
  const { displayName: display_name, description, extends: base, permissions } = changes;
  const body = { display_name, description, extends: base, ...(permissions?.length && { permissions }) };
  const answer = await api.put(rolePath(target), body).catch((refusal: unknown) => {
    throw aboutRole(refusal, target.organizationId);
  });
  writtenRole(answer);
}

/** What a role extends already is nothing to take away. */
async function removeBase(api: Api, { roleName, organizationId }: RoleTarget, { extends: base }: KnownRole) {
  if (!base) return;
  await api.delete(
    organizationId === undefined
      ? path`/roles/${roleName}/base`
      : path`/organizations/${organizationId}/roles/${roleName}/base`,
  );
}

/** @throws ToolError `not_applied` for what the call did not name and that is not as it was */
function refuseOtherThanBefore(before: KnownRole, now: KnownRole, changes: RoleChanges, nextTool: string): void {
  const held = new Set(ownPermissions(now));
  const isLost = changes.permissions === undefined && ownPermissions(before).some((name) => !held.has(name));
  const isMoved = changes.extends === undefined && (before.extends || '') !== (now.extends || '');
  const [first] = [...(isLost ? ['permissions'] : []), ...(isMoved ? ['extends'] : [])];
  if (first === undefined) return;
  const message = `Scalekit accepted the change, but ${first} of this role is not as before it, although the call did not name it. Do not repeat the call: look at the role, and ask the person what is right.`;
  throw new ToolError('not_applied', message, { field: first, nextTool });
}
