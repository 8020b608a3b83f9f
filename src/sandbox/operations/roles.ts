import { RolesService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/roles/roles_pb.js';
import { type AccessContent, lineage } from '../data/access.ts';
import type { Role } from '../data/types.ts';
import { ApiError, findIn, invalid, refuseTaken, type Violation } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import { given } from './parts.ts';

export const rolesOperations = operations(
  { ...RolesService, created: ['createRole'] },
  {
    listRoles: ({ request, content }) => ({
      roles: content.roles.map((role) => describe(role, content, request.include)),
    }),

    getRole: ({ request, content }) => ({
      role: describe(findRole(content, request.role_name), content, request.include),
    }),

    createRole: ({ request, content, store }) => {
      const { name, display_name, description = '', extends: base, permissions } = given(request.role);
      // Seen in the live tests of Scalekit's SDK: a taken name has an error code of its own.
      refuseTaken(content.roles, (role) => role.name === name, 'a role with this name', 'ROLE_KEYNAME_CONFLICT');
      const role = { id: store.newId('role'), name, display_name, description, extends: base, permissions };
      requireReferences(role, content);
      content.roles.push(role);
      // Documented: the answer has all details, so what the role itself permits too.
      return { role: describe(role, content, 'permissions') };
    },

    // Seen in the live tests of Scalekit's SDKs: every request names both, although the descriptor requires neither.
    updateDefaultRoles: ({ request, content }) => {
      const { default_creator_role, default_member_role } = request;
      const creator = findRole(content, required('creator', default_creator_role));
      const member = findRole(content, required('member', default_member_role));
      Object.assign(content.defaultRoles, { creator: creator.name, member: member.name });
      return { default_creator: describe(creator, content), default_member: describe(member, content) };
    },
  },
);

function required(kind: 'creator' | 'member', name: string | undefined): string {
  if (name !== undefined && name !== '') return name;
  throw new ApiError('INVALID_ARGUMENT', `${kind} role must be specified`);
}

function findRole({ roles }: AccessContent, name: string): Role {
  return findIn(roles, (candidate) => candidate.name === name, 'role');
}

function requireReferences(role: Role, { roles, permissions }: AccessContent): void {
  const violations: Violation[] = [];
  const report = (field: string, description: string) => violations.push({ field, description, constraint: 'exists' });
  if (role.extends !== undefined && !roles.some(({ name }) => name === role.extends)) {
    report('role.extends', 'value is not the name of a role');
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
 */
function describe(role: Role, content: AccessContent, include = '') {
  const { defaultRoles, roles } = content;
  const sources = include === '' ? [] : include === 'permissions' ? [role] : lineage(role, roles);
  return {
    ...role,
    default_creator: role.name === defaultRoles.creator,
    default_member: role.name === defaultRoles.member,
    permissions: sources.flatMap((source) => permissionsOf(source, content)),
    dependent_roles_count: roles.filter((other) => other.extends === role.name).length,
  };
}

/** scalekit.v1.roles.RolePermission, with the role that it comes from. */
function permissionsOf(role: Role, { permissions }: AccessContent) {
  return permissions
    .filter(({ name }) => role.permissions.includes(name))
    .map((permission) => ({ ...permission, role_name: role.name }));
}
