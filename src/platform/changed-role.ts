import type { Api, Path } from '../core/api.ts';
import { ToolError } from '../core/errors.ts';
import { type Asked, isUntold, notCameTrue, requireAsBefore, requireCameTrue } from './came-true.ts';
import { aboutRole } from './new-role.ts';
import { path } from './path.ts';
import { LostUpdate, readBack, untilItStands } from './read-back.ts';
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
 * @throws ToolError `invalid_arguments` when nothing is to change; `not_applied`; LostUpdate when others go on changing the
 *   role at the same time
 */
export function changeRole(api: Api, target: RoleTarget, changes: RoleChanges): Promise<{ role: KnownRole }> {
  requireChange({ ...changes }, 'displayName');
  const { extends: base, ...others } = changes;
  if (base === '' && Object.values(others).some((value) => value !== undefined)) {
    const message = 'Nothing was changed: take away what the role extends in a call that changes nothing else.';
    throw new ToolError('invalid_arguments', message, { field: 'extends' });
  }
  return api.inTurn(rolePath(target), () => untilItStands(() => changeOnce(api, target, changes)));
}

async function changeOnce(api: Api, target: RoleTarget, changes: RoleChanges): Promise<{ role: KnownRole }> {
  const nextTool = listOf(target.organizationId);
  const before = await readOwnRole(api, target);
  const kept = ownPermissions(before);
  const permissions = changes.permissions ?? kept;
  const answered =
    changes.extends === ''
      ? await removeBase(api, target, before)
      : await put(api, target, { ...changes, permissions });
  const role = await readBack(readRole(api, target), nextTool);
  const shown = askedOf(changes, role);
  if (answered !== undefined && notCameTrue(shown).length > 0 && isAs(askedOf(changes, answered))) {
    throw new LostUpdate('What this call set in the role is something else again.', nextTool);
  }
  requireCameTrue(shown, nextTool);
  refuseOtherThanBefore(before, role, changes, nextTool);
  return { role };
}

function askedOf(changes: RoleChanges, shown: KnownRole): Readonly<Record<string, Asked>> {
  const own = ownPermissions(shown);
  return {
    displayName: { asked: changes.displayName, shown: shown.display_name },
    description: { asked: changes.description, shown: shown.description },
    extends: { asked: changes.extends, shown: shown.extends },
    // The answer to a change need not tell them.
    permissions: { asked: changes.permissions, shown: own.length > 0 ? own : undefined },
  };
}

/** Whether an answer tells everything that was asked for, and as asked. */
function isAs(fields: Readonly<Record<string, Asked>>): boolean {
  return !isUntold(fields) && notCameTrue(fields).length === 0;
}

async function put(api: Api, target: RoleTarget, changes: RoleChanges): Promise<KnownRole> {
  const { displayName: display_name, description, extends: base, permissions } = changes;
  const body = { display_name, description, extends: base, ...(permissions?.length && { permissions }) };
  const answer = await api.put(rolePath(target), body).catch((refusal: unknown) => {
    throw aboutRole(refusal, target.organizationId);
  });
  return writtenRole(answer);
}

/** Where a role extends none, there is nothing to take away. */
async function removeBase(api: Api, target: RoleTarget, { extends: base }: KnownRole): Promise<undefined> {
  if (base) await api.delete(basePath(target));
}

function basePath({ roleName, organizationId }: RoleTarget): Path {
  return organizationId === undefined
    ? path`/roles/${roleName}/base`
    : path`/organizations/${organizationId}/roles/${roleName}/base`;
}

/** @throws ToolError `not_applied` for what the call did not name and that is not as it was */
function refuseOtherThanBefore(before: KnownRole, now: KnownRole, changes: RoleChanges, nextTool: string): void {
  const held = new Set(ownPermissions(now));
  const permissions = ownPermissions(before);
  const kept = (change: unknown, was: unknown, is: unknown): Asked => ({
    asked: change === undefined ? (was ?? '') : undefined,
    shown: is,
  });
  const fields = {
    // Others may be added meanwhile.
    permissions: kept(
      changes.permissions,
      permissions,
      permissions.filter((name) => held.has(name)),
    ),
    extends: kept(changes.extends, before.extends, now.extends),
    display_name: kept(changes.displayName, before.display_name, now.display_name),
    description: kept(changes.description, before.description, now.description),
  };
  requireAsBefore(fields, nextTool);
}
