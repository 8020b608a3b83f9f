import { lineage, permittedTo, rolesIn } from '../data/access.ts';
import type { Role, User } from '../data/types.ts';
import { roleOfMember } from '../data/users.ts';
import { ApiError, findIn, invalid, refuseTaken, type Violation } from '../gateway/api-error.ts';
import type { EnvironmentContent, Store } from '../store.ts';
import { remove, replace } from './parts.ts';

/** What a request says of a role. */
interface RoleMembers {
  readonly display_name?: string | undefined;
  readonly description?: string | undefined;
  readonly extends?: string | undefined;
  readonly permissions: readonly string[];
}

/** Finds a role of an organization; without one, a role of the environment. @throws ApiError NOT_FOUND */
export function findRole({ roles }: EnvironmentContent, name: string, organizationId?: string): Role {
  return findIn(roles, (role) => role.name === name && role.organization_id === organizationId, 'role');
}

/** Finds a role that people in an organization can have. @throws ApiError NOT_FOUND */
export function findRoleIn({ roles }: EnvironmentContent, name: string, organizationId: string): Role {
  return findIn(rolesIn(roles, organizationId), (role) => role.name === name, 'role');
}

/** Makes a role, of an organization or of the environment. */
export function addRole(
  content: EnvironmentContent,
  store: Store,
  { name, display_name, description = '', extends: base, permissions }: RoleMembers & { readonly name: string },
  organizationId?: string,
): Role {
  // One name must not mean two roles to anybody.
  const others = organizationId === undefined ? content.roles : rolesIn(content.roles, organizationId);
  // Seen in the live tests of Scalekit's SDK: a taken name has an error code of its own.
  refuseTaken(others, (role) => role.name === name, 'a role with this name', 'ROLE_KEYNAME_CONFLICT');
  const role: Role = {
    id: store.newId('role'),
    name,
    display_name: display_name ?? '',
    description,
    extends: base,
    permissions,
    organization_id: organizationId,
  };
  requireReferences(role, content);
  content.roles.push(role);
  return role;
}

/**
 * Changes a role. Seen in the live tests of Scalekit's SDK: the texts that a request leaves out stay. The list of
 * permissions has no presence, so that one that is left out cannot be told from an empty one: it is emptied.
 */
export function changeRole(content: EnvironmentContent, before: Role, wanted: RoleMembers): Role {
  const { display_name = before.display_name, description = before.description, permissions } = wanted;
  const { extends: base = before.extends } = wanted;
  const after = { ...before, display_name, description, extends: base, permissions };
  requireReferences(after, content);
  return written(content, before, after);
}

/** Takes from a role what it extends. */
export function withoutBase(content: EnvironmentContent, before: Role): Record<never, never> {
  written(content, before, { ...before, extends: undefined });
  return {};
}

/** Sets what a role permits by itself. */
export function withPermissions(content: EnvironmentContent, before: Role, permissions: readonly string[]): Role {
  return written(content, before, { ...before, permissions });
}

function written(content: EnvironmentContent, before: Role, after: Role): Role {
  replace(content.roles, before, after);
  followRoles(content);
  return after;
}

/**
 * Deletes a role. Seen in the live tests of Scalekit's SDK: not while people have it, unless another one is named, which
 * they have from then on. Documented: the same for roles that extend it.
 */
export function deleteRole(content: EnvironmentContent, role: Role, replacement?: string): Record<never, never> {
  const { organization_id: owner } = role;
  const other = replacement === undefined ? undefined : findReplacement(content, role, replacement);
  if (other === undefined && holdersOf(content, role).length > 0) {
    throw new ApiError('INVALID_ARGUMENT', 'users are assigned to this role: reassign_role_name must be specified');
  }
  const dependents = dependentsOf(content, role);
  if (other === undefined && dependents.length > 0) {
    throw new ApiError('INVALID_ARGUMENT', 'other roles extend this role: reassign_role_name must be specified');
  }
  moveDefaults(content, role, other);
  for (const dependent of dependents) {
    // What it extends must not lead back to it.
    const isAbove = other !== undefined && lineage(other, content.roles).some(({ id }) => id === dependent.id);
    replace(content.roles, dependent, { ...dependent, extends: isAbove ? undefined : other?.name });
  }
  if (other !== undefined) reassign(content, role, other);
  remove(content.roles, role);
  for (const entry of content.organizationDefaults.filter(({ member }) => member === role.name)) {
    if (owner === undefined || owner === entry.organization_id) remove(content.organizationDefaults, entry);
  }
  followRoles(content);
  return {};
}

function findReplacement({ roles }: EnvironmentContent, role: Role, name: string): Role {
  const found = rolesIn(roles, role.organization_id).find((one) => one.name === name && one.id !== role.id);
  if (found !== undefined) return found;
  throw invalid({ field: 'reassign_role_name', description: 'value is not another role', constraint: 'role.exists' });
}

/** Inferred: an environment is never without its default roles. */
function moveDefaults({ defaultRoles }: EnvironmentContent, { name, organization_id }: Role, other?: Role): void {
  if (organization_id !== undefined) return;
  const kinds = (['creator', 'member'] as const).filter((kind) => defaultRoles[kind] === name);
  if (kinds.length > 0 && other === undefined) {
    throw new ApiError('INVALID_ARGUMENT', 'a default role cannot be deleted: reassign_role_name must be specified');
  }
  for (const kind of kinds) defaultRoles[kind] = other?.name ?? '';
}

function reassign(content: EnvironmentContent, role: Role, other: Role): void {
  for (const user of holdersOf(content, role)) {
    const memberships = user.memberships.map((one) => {
      if (!isHeldIn(role, one)) return one;
      const left = one.roles.filter(({ name }) => name !== role.name && name !== other.name);
      return { ...one, roles: [...left, roleOfMember(other)] };
    });
    replace(content.users, user, { ...user, memberships });
  }
}

/** Lets every membership say what its roles permit now. */
function followRoles(content: EnvironmentContent): void {
  for (const user of [...content.users]) {
    const memberships = user.memberships.map((one) => {
      const held = rolesIn(content.roles, one.organization_id).filter(({ name }) =>
        one.roles.some((role) => role.name === name),
      );
      return { ...one, roles: held.map(roleOfMember), permissions: permittedTo(held, content.roles) };
    });
    replace(content.users, user, { ...user, memberships });
  }
}

/** The users who have a role. */
export function holdersOf({ users }: EnvironmentContent, role: Role): User[] {
  return users.filter(({ memberships }) => memberships.some((one) => isHeldIn(role, one)));
}

function isHeldIn({ name, organization_id }: Role, membership: User['memberships'][number]): boolean {
  const isThere = organization_id === undefined || organization_id === membership.organization_id;
  return isThere && membership.roles.some((role) => role.name === name);
}

/** The roles that extend a role directly, those of organizations as well. */
export function dependentsOf({ roles }: EnvironmentContent, { name, organization_id: owner }: Role): Role[] {
  return roles.filter((other) => other.extends === name && (owner === undefined || other.organization_id === owner));
}

function requireReferences(role: Role, { roles, permissions }: EnvironmentContent): void {
  const violations: Violation[] = [];
  const report = (field: string, description: string) => violations.push({ field, description, constraint: 'exists' });
  const known = rolesIn(roles, role.organization_id);
  const base = known.find(({ name }) => name === role.extends);
  if (role.extends !== undefined && base === undefined) {
    report('role.extends', 'value is not the name of a role');
  }
  if (base !== undefined && lineage(base, roles).some(({ id }) => id === role.id)) {
    report('role.extends', 'value is a role that extends this one');
  }
  role.permissions.forEach((name, i) => {
    if (permissions.some((permission) => permission.name === name)) return;
    report(`role.permissions[${i}]`, 'value is not the name of a permission');
  });
  if (violations.length > 0) throw invalid(...violations);
}

/**
 * scalekit.v1.roles.Role.
 * @param include which permissions it lists: none, `permissions` of the role itself, or `permissions:all` that it
 *   inherits too
 * @param organizationId where it is looked at: an organization may have chosen a default of its own
 */
export function describe(role: Role, content: EnvironmentContent, include = '', organizationId = role.organization_id) {
  const { defaultRoles, organizationDefaults, roles } = content;
  const { organization_id, ...shown } = role;
  const own = organizationDefaults.find((one) => one.organization_id === organizationId);
  const sources = include === '' ? [] : include === 'permissions' ? [role] : lineage(role, roles);
  return {
    ...shown,
    default_creator: organization_id === undefined && role.name === defaultRoles.creator,
    default_member: role.name === (own?.member ?? (organization_id === undefined ? defaultRoles.member : undefined)),
    permissions: sources.flatMap((source) => permissionsOf(source, content)),
    dependent_roles_count: dependentsOf(content, role).length,
    is_org_role: organization_id !== undefined,
  };
}

/** scalekit.v1.roles.RolePermission, with the role that it comes from. */
function permissionsOf(role: Role, { permissions }: EnvironmentContent) {
  return permissions
    .filter(({ name }) => role.permissions.includes(name))
    .map((permission) => ({ ...permission, role_name: role.name }));
}
