import type { Api } from '../core/api.ts';
import { type Asked, requireTold } from './came-true.ts';
import { aboutArguments } from './refusal.ts';
import { type KnownRole, listOf, readRole, rolesPath, writtenRole } from './role.ts';

/** What a call asks for, under the names of its arguments. */
export interface WantedRole {
  readonly roleName: string;
  readonly displayName: string;
  readonly description?: string | undefined;
  readonly extends?: string | undefined;
  readonly permissions?: readonly string[] | undefined;
}

/**
 * Creates a role, of an organization where one is named (`POST /roles`, `POST /organizations/{id}/roles`). Whether it is
 * what was asked for is asked afterwards, of `requireRole`.
 */
export async function createRole(api: Api, wanted: WantedRole, organizationId?: string): Promise<KnownRole> {
  const { roleName: name, displayName: display_name, description, extends: base, permissions } = wanted;
  const body = { name, display_name, description, extends: base, permissions };
  const answer = await api.post(rolesPath(organizationId), body).catch((refusal: unknown) => {
    throw aboutRole(refusal, organizationId);
  });
  return writtenRole(answer);
}

/** Adds to a refusal which argument it is about, and where its values are listed. */
export function aboutRole(refusal: unknown, organizationId: string | undefined): unknown {
  return aboutArguments(refusal, [
    { at: 'role.permissions', field: 'permissions', nextTool: 'list_permissions' },
    { at: 'role.extends', field: 'extends', nextTool: listOf(organizationId) },
  ]);
}

/**
 * Compares a role with what was asked for. Where it does not say that, or what it permits, it is read.
 * @returns the role, with what it permits
 * @throws ToolError `not_applied`
 */
export async function requireRole(
  api: Api,
  created: KnownRole,
  wanted: WantedRole,
  organizationId?: string,
): Promise<KnownRole> {
  return requireTold(
    (role) => asked(wanted, role),
    created,
    () => readRole(api, { roleName: created.name, organizationId }),
    listOf(organizationId),
  );
}

function asked(wanted: WantedRole, role: KnownRole): Readonly<Record<string, Asked>> {
  const { permissions } = wanted;
  const granted = new Set(role.permissions?.map(({ name }) => name));
  return {
    roleName: { asked: wanted.roleName, shown: role.name },
    displayName: { asked: wanted.displayName, shown: role.display_name },
    description: { asked: wanted.description, shown: role.description },
    extends: { asked: wanted.extends, shown: role.extends },
    // What it inherits may stand among them.
    permissions: {
      asked: permissions,
      shown: role.permissions?.length ? permissions?.filter((permission) => granted.has(permission)) : undefined,
    },
  };
}
