import { z } from 'zod';
import { ToolError } from '../core/errors.ts';
import { also, sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { WholeNumber } from '../core/whole-number.ts';
import { DependentRoles } from '../platform/entities/dependents.ts';
import { Permission } from '../platform/entities/permission.ts';
import { Role } from '../platform/entities/role.ts';
import { path } from '../platform/path.ts';
import { createPermission, readPermission, showPermission, updatePermission } from '../platform/permission.ts';
import { addPermissions, removePermission, showRolePermission } from '../platform/role-permissions.ts';
import { changedDescription, permissionName as name, roleNameFrom } from './fields/roles.ts';
import { limited } from './fields/texts.ts';

const permissionName = name.describe('Name from list_permissions');
const roleName = roleNameFrom('list_environment_roles');
const one = { permission: Permission };

/** What roles can permit. */
export const permissions = toolset('permissions', { area: 'environment', rare: true }, (t) => [
  t.list('list_permissions', {
    foundBy: 'what permissions exist, everything a role could allow',
    description:
      'List all permissions that roles can have: what users may do in the application, such as invoices:read.',
    of: { permissions: Permission },
    pages: 100,
    input: {
      type: z.enum(['SCALEKIT', 'ENVIRONMENT']).optional().describe('Those that Scalekit brings, or your own'),
      permissionName: name.optional().describe('To find one'),
    },
    async run({ type, permissionName, page }, { api }) {
      if (permissionName === undefined) return api.get(path`/permissions`, { type, ...page });
      if (type !== undefined) {
        const message = 'Give type or permissionName, not both: one permission has that name.';
        throw new ToolError('invalid_arguments', message, { field: 'type' });
      }
      const { permission } = await readPermission(api, permissionName);
      return { permissions: [permission], next_page_token: '' };
    },
  }),

  t.add('create_permission', {
    title: 'Create a permission',
    foundBy: 'define what users may do, new permission for a feature',
    description:
      'Create a permission that roles can have, such as invoices:read. Its name is final. No role has it until it is added.',
    input: {
      permissionName: name.describe('1 to 64 letters, digits, _ and :'),
      description: limited(z.string().trim(), 2000).optional(),
    },
    output: one,
    does: ({ permissionName, description }) =>
      sentence`Create the permission ${permissionName}${also({ description })}.`,
    run: (wanted, { api }) => createPermission(api, wanted),
  }),

  t.overwrite('update_permission', {
    title: 'Change a permission',
    foundBy: 'describe a permission, explain a permission better',
    description: 'Describe a permission: change what it is for (its description). Its name stays.',
    input: { permissionName, description: changedDescription },
    output: one,
    does: ({ permissionName, description }) => sentence`Describe the permission ${permissionName} as ${description}.`,
    run: (wanted, { api }) => updatePermission(api, wanted),
  }),

  t.remove('delete_permission', {
    title: 'Delete a permission',
    foundBy: 'remove an unused permission altogether',
    description: 'Delete a permission for good: every role that has it loses it.',
    input: { permissionName },
    shows: { ...one, roles: DependentRoles.describe('Those that have it') },
    stopsWorking: 'What the application lets people do for this permission: no role has it any more.',
    does: ({ permissionName }) =>
      sentence`Delete the permission ${permissionName} for good, from all roles that have it.`,
    show: ({ permissionName }, { api }) => showPermission(api, permissionName),
    at: ({ permissionName }) => path`/permissions/${permissionName}`,
    listedBy: 'list_permissions',
  }),

  t.list('list_role_permissions', {
    title: 'List permissions of a role',
    foundBy: 'what does a role allow, what may people with a role do',
    description: 'List what one role permits: its own permissions, or those that it inherits as well.',
    of: { permissions: Permission },
    input: { roleName, includeInherited: z.boolean().optional() },
    run: ({ roleName, includeInherited }, { api }) =>
      api.get(includeInherited ? path`/roles/${roleName}/permissions:all` : path`/roles/${roleName}/permissions`),
  }),

  t.add('add_permissions_to_role', {
    title: 'Add permissions to a role',
    foundBy: 'let a role do more, allow a role something, give a role a further right',
    description: 'Give (grant) a role more permissions: everybody who has the role may do more from then on.',
    repeatable: true,
    input: { roleName, permissions: z.array(permissionName).min(1).max(100) },
    output: { permissions: z.array(Permission).nullish().describe('All that it has by itself now') },
    does: ({ roleName, permissions }) =>
      sentence`Add to the role ${roleName}, for everybody who has it, the permissions ${permissions}.`,
    run: ({ roleName, permissions }, { api }) => addPermissions(api, roleName, permissions),
  }),

  t.destroy('remove_permission_from_role', {
    title: 'Remove a permission from a role',
    foundBy: 'a role may no longer do something, take a right from a role, restrict a role',
    description: 'Take (revoke) a permission from a role: everybody who has the role may no longer do it.',
    input: { roleName, permissionName },
    shows: {
      role: Role,
      permission: Permission.pick({ name: true, description: true }).optional(),
      still_inherited_from: z.string().nullish().describe('Role through which it keeps the permission all the same'),
      user_count: WholeNumber.nullish().describe('How many users have the role; null: could not be read'),
      dependent_roles: DependentRoles.describe('Those that inherit it from this role'),
    },
    stopsWorking:
      'What this permission lets users of the role do, and those of roles that extend it, unless they have it from another role.',
    does: ({ roleName, permissionName }) =>
      sentence`Take the permission ${permissionName} from the role ${roleName}, and from everybody who has it by that.`,
    show: ({ roleName, permissionName }, { api }) => showRolePermission(api, roleName, permissionName),
    output: {
      removed_permission: z.string(),
      permissions: z.array(z.string()).describe('Names of what it has by itself now'),
    },
    run: ({ roleName, permissionName }, { api }) => removePermission(api, roleName, permissionName),
  }),
]);
