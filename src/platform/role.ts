import { z } from 'zod';
import type { Api, Path } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { Role } from './entities/role.ts';
import { path } from './path.ts';

const One = z.object({ role: Role });
const Roles = z.object({ roles: z.array(Role) });

export type KnownRole = z.output<typeof Role>;

/** A role that a call names: of an organization, or of the environment. */
export interface RoleTarget {
  readonly roleName: string;
  readonly organizationId?: string | undefined;
}

/** Where a role is read, changed and deleted. */
export function rolePath({ roleName, organizationId }: RoleTarget): Path {
  return organizationId === undefined
    ? path`/roles/${roleName}`
    : path`/organizations/${organizationId}/roles/${roleName}`;
}

/** Where roles are listed and created. */
export function rolesPath(organizationId: string | undefined): Path {
  return organizationId === undefined ? path`/roles` : path`/organizations/${organizationId}/roles`;
}

/** The tool that lists such roles. */
export function listOf(organizationId: string | undefined): string {
  return organizationId === undefined ? 'list_environment_roles' : 'list_organization_roles';
}

/** What a role is to be told with: what it permits by itself, or what it inherits as well. */
type Include = 'permissions' | 'permissions:all';

/** Reads a role (`GET /roles/{name}`, `GET /organizations/{id}/roles/{name}`). */
export async function readRole(api: Api, target: RoleTarget, include: Include = 'permissions'): Promise<KnownRole> {
  return checkAnswer(One, await api.get(rolePath(target), { include })).role;
}

/** The role in the answer to a request that writes. */
export function writtenRole(answer: unknown): KnownRole {
  return checkAnswer(One, answer, 'write').role;
}

/**
 * Reads a role that is to be changed or deleted. An organization is also shown the roles of its environment: a call for
 * one customer must not change them for all.
 * @throws ToolError `invalid_arguments` for a role that belongs elsewhere
 */
export async function readOwnRole(api: Api, target: RoleTarget, include?: Include): Promise<KnownRole> {
  const role = await readRole(api, target, include);
  const isOfOrganization = target.organizationId !== undefined;
  // Left out, it says nothing.
  if (typeof role.is_org_role !== 'boolean' || role.is_org_role === isOfOrganization) return role;
  const message = isOfOrganization
    ? 'Nothing was changed: this role belongs to the environment, and all organizations have it. update_environment_role and delete_environment_role change it for all of them.'
    : 'Nothing was changed: this role belongs to one organization. update_organization_role and delete_organization_role change it.';
  throw new ToolError('invalid_arguments', message, { field: 'roleName', nextTool: listOf(target.organizationId) });
}

/** Reads the roles that people can have: in an organization, or in the environment. */
export async function readRoles(api: Api, organizationId?: string): Promise<KnownRole[]> {
  const { roles } = checkAnswer(Roles, await api.get(rolesPath(organizationId)));
  return organizationId === undefined ? roles.filter(({ is_org_role: isOther }) => isOther !== true) : roles;
}

/** The names of what a role permits by itself. */
export function ownPermissions({ name: own, permissions }: KnownRole): string[] {
  return (permissions ?? []).flatMap(({ name, role_name: source }) => (!source || source === own ? [name] : []));
}
