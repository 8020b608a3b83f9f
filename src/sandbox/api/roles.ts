import type { AccessContent, Role } from '../data/access.ts';
import { ApiError, invalid, type Violation } from './api-error.ts';
import { list } from './composite-fields.ts';
import { optionalText, text } from './fields.ts';
import { type Decoded, type Field, message } from './message.ts';
import { environmentOperation } from './operation.ts';

const ROLE_NAME = /^[a-zA-Z0-9_]{1,64}$/;
const PERMISSION_NAME = /^[a-zA-Z0-9_:]+$/;

/** scalekit.v1.roles.CreateRole */
const createRole = {
  name: text({ minLen: 1, maxLen: 100, pattern: ROLE_NAME }),
  display_name: text({ minLen: 1, maxLen: 100 }),
  description: optionalText({ maxLen: 2000 }),
  extends: optionalText({ minLen: 1, maxLen: 100, pattern: ROLE_NAME }),
  permissions: list(text({ minLen: 1, maxLen: 64, pattern: PERMISSION_NAME }), { maxItems: 100 }),
} as const;

const defaultRole = optionalText({ maxLen: 100, pattern: ROLE_NAME });

/** scalekit.v1.roles.RolesService */
export const rolesOperations = [
  environmentOperation({
    verb: 'GET',
    path: '/roles',
    accepts: ['workspace', 'client'],
    permission: 'roles_read',
    request: { include: included() },
    run: ({ request, content }) => ({ roles: content.roles.map((role) => toAnswer(role, content, request.include)) }),
  }),

  environmentOperation({
    verb: 'POST',
    path: '/roles',
    accepts: ['workspace', 'client'],
    permission: 'roles_write',
    body: 'role',
    request: { role: message(createRole, { required: true }) },
    status: 201,
    run({ request, content, store }) {
      const wanted = request.role;
      if (content.roles.some(({ name }) => name === wanted.name)) {
        throw new ApiError('ALREADY_EXISTS', 'a role with this name exists in the environment');
      }
      requireReferences(wanted, content);
      const role = toRole(store.newId('role'), wanted);
      content.roles.push(role);
      return { role: toAnswer(role, content) };
    },
  }),

  environmentOperation({
    verb: 'PATCH',
    path: '/roles:set_defaults',
    accepts: ['workspace', 'client'],
    permission: 'roles_write',
    body: '*',
    request: { default_creator_role: defaultRole, default_member_role: defaultRole },
    run({ request, content }) {
      const { defaultRoles } = content;
      const creator = findRole(content, request.default_creator_role ?? defaultRoles.creator);
      const member = findRole(content, request.default_member_role ?? defaultRoles.member);
      defaultRoles.creator = creator.name;
      defaultRoles.member = member.name;
      return { default_creator: toAnswer(creator, content), default_member: toAnswer(member, content) };
    },
  }),
];

type Include = '' | 'permissions' | 'permissions:all';

/** Which permissions an answer lists: none, those of the role itself, or those that it inherits too. */
function included(): Field<Include> {
  const plain = text();
  return {
    fromJson: (value, path) => plain.fromJson(value, path) as Include,
    fromText: (value) => value as Include,
    check(value, field) {
      if (['', 'permissions', 'permissions:all'].includes(value)) return [];
      const description = 'value must be in list ["", "permissions", "permissions:all"]';
      return [{ field, description, constraint: 'string.in' }];
    },
  };
}

function findRole({ roles }: AccessContent, name: string): Role {
  const role = roles.find((candidate) => candidate.name === name);
  if (role === undefined) throw new ApiError('NOT_FOUND', 'role not found');
  return role;
}

function requireReferences(wanted: Decoded<typeof createRole>, { roles, permissions }: AccessContent): void {
  const violations: Violation[] = [];
  const report = (field: string, description: string) => violations.push({ field, description, constraint: 'exists' });
  if (wanted.extends !== undefined && !roles.some(({ name }) => name === wanted.extends)) {
    report('role.extends', 'value is not the name of a role');
  }
  wanted.permissions.forEach((name, i) => {
    if (permissions.some((permission) => permission.name === name)) return;
    report(`role.permissions[${i}]`, 'value is not the name of a permission');
  });
  if (violations.length > 0) throw invalid(violations);
}

function toRole(id: string, wanted: Decoded<typeof createRole>): Role {
  return {
    id,
    name: wanted.name,
    display_name: wanted.display_name,
    description: wanted.description ?? '',
    ...(wanted.extends !== undefined && { extends: wanted.extends }),
    permissions: wanted.permissions,
  };
}

/** scalekit.v1.roles.Role */
function toAnswer(role: Role, content: AccessContent, include: Include = '') {
  const { defaultRoles, roles } = content;
  const sources = include === '' ? [] : include === 'permissions' ? [role] : lineage(role, roles);
  return {
    id: role.id,
    name: role.name,
    display_name: role.display_name,
    description: role.description,
    default_creator: role.name === defaultRoles.creator,
    default_member: role.name === defaultRoles.member,
    ...(role.extends !== undefined && { extends: role.extends }),
    permissions: sources.flatMap((source) => permissionsOf(source, content)),
    dependent_roles_count: roles.filter((other) => other.extends === role.name).length,
    is_org_role: false,
  };
}

/** scalekit.v1.roles.RolePermission, with the role that it comes from. */
function permissionsOf(role: Role, { permissions }: AccessContent) {
  return permissions
    .filter(({ name }) => role.permissions.includes(name))
    .map((permission) => ({ ...permission, role_name: role.name }));
}

/** A role and the roles that it extends, itself first. No circles: what a role extends is there before the role is. */
function lineage(role: Role, roles: readonly Role[]): Role[] {
  const base = roles.find(({ name }) => name === role.extends);
  return base === undefined ? [role] : [role, ...lineage(base, roles)];
}
