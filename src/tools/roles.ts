import { z } from 'zod';
import { also, given, sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { WholeNumber } from '../core/whole-number.ts';
import { changeRole } from '../platform/changed-role.ts';
import { createDefaultRole } from '../platform/default-role.ts';
import { setDefaultRoles } from '../platform/default-roles.ts';
import { DependentRoles } from '../platform/entities/dependents.ts';
import { Role } from '../platform/entities/role.ts';
import { createRole, requireRole } from '../platform/new-role.ts';
import { path } from '../platform/path.ts';
import { deleteRole, showRole, showRoleToDelete } from '../platform/role-dependents.ts';
import { changedRoleInput, heldRoleName, newRoleInput, roleNameFrom } from './fields/roles.ts';

const LIST = 'list_environment_roles';

/** The roles that members of organizations can have. */
export const roles = toolset('roles', { area: 'environment' }, (t) => [
  t.list('list_environment_roles', {
    title: 'List roles',
    foundBy: 'which roles are there, roles and permissions, default role, what job roles exist',
    description:
      'List the roles of users, with all permissions of each, inherited ones too, and which of them creators and new members get.',
    of: { roles: Role },
    run: (_args, { api }) => api.get(path`/roles`, { include: 'permissions:all' }),
  }),

  t.read('get_environment_role', {
    aliases: ['get_role_user_count'],
    title: 'Get a role',
    foundBy: 'what can a role do, how many people have a role, abilities of a role',
    description:
      'Show what one role permits (its permissions), how many users have it (user count), and which roles extend it.',
    rare: true,
    input: { roleName: roleNameFrom(LIST) },
    output: {
      role: Role,
      user_count: WholeNumber.describe('How many users have it'),
      dependent_roles: z
        .array(Role.pick({ id: true, name: true, display_name: true, is_org_role: true }))
        .describe('Those that extend it'),
    },
    run: ({ roleName }, { api }) => showRole(api, roleName),
  }),

  t.add('create_environment_role', {
    title: 'Create a role',
    foundBy: 'new role for the application, define a job role',
    description: 'Create a role for users, such as editor, with its permissions. Its name is final.',
    input: {
      ...newRoleInput,
      isDefault: z.boolean().optional().describe('Make it what new organization members get'),
      extends: newRoleInput.extends.describe('Name from list_environment_roles; it has its permissions too'),
      permissions: newRoleInput.permissions,
    },
    does: ({ roleName, displayName, description, isDefault, extends: base, permissions }) =>
      sentence`Create the role ${roleName}${also({ 'display name': displayName, description, permissions, 'all of the role': base })}${isDefault ? sentence`, and give it to new members of organizations from then on` : sentence``}.`,
    output: { role: Role },
    async run({ isDefault, ...wanted }, { api }) {
      const create = () => createRole(api, wanted);
      const created = await (isDefault ? createDefaultRole(api, wanted.roleName, create) : create());
      return { role: await requireRole(api, created, wanted) };
    },
  }),

  t.overwrite('update_environment_role', {
    title: 'Change a role',
    foundBy: 'rename a role, role inherits from another, other description of a role',
    description:
      'Change a role: rename it, describe it, replace its permissions, or what it inherits from. What is left out stays.',
    rare: true,
    input: { roleName: roleNameFrom(LIST), ...changedRoleInput(LIST) },
    output: { role: Role },
    does: ({ roleName, displayName, description, extends: base, permissions }) =>
      sentence`Change the role ${roleName} for everybody who has it: ${given({ 'display name': displayName, description, extends: base, 'all its permissions': permissions })}.`,
    run: ({ roleName, ...changes }, { api }) => changeRole(api, { roleName }, changes),
  }),

  t.destroy('delete_environment_role', {
    title: 'Delete a role',
    foundBy: 'remove an unused role, get rid of a role',
    description:
      'Delete (remove) a role. Users who have it get the role in reassignTo, without which it must be unused.',
    rare: true,
    input: {
      roleName: roleNameFrom(LIST),
      reassignTo: heldRoleName().optional().describe('Role that its users get instead'),
    },
    shows: {
      role: Role,
      user_count: WholeNumber.nullish().describe('How many users have it; null: could not be read'),
      dependent_roles: DependentRoles.describe('Those that extend it'),
      replacement: Role.nullish(),
    },
    stopsWorking:
      'What the application lets people do for this role alone: its users have only what the replacement permits, and roles that extend it lose what they inherit.',
    does: ({ roleName, reassignTo }) =>
      sentence`Delete the role ${roleName} for good${also({ 'its users given the role': reassignTo })}.`,
    show: (deletion, { api }) => showRoleToDelete(api, deletion),
    output: { deleted_role: z.string(), reassigned_to: z.string().optional() },
    run: (deletion, { api }) => deleteRole(api, deletion),
  }),

  t.overwrite('set_default_roles', {
    title: 'Set the default roles',
    foundBy: 'default role for new members, role of those who join or create, what people get at first',
    description:
      'Set which default role people get who create an organization (creator), and who join one (member). One left out stays.',
    rare: true,
    input: {
      creatorRole: heldRoleName().optional(),
      memberRole: heldRoleName().optional().describe(`Names from ${LIST}`),
    },
    output: {
      default_creator: Role.nullish(),
      default_member: Role.nullish(),
      before: z
        .object({ default_creator: z.string().nullish(), default_member: z.string().nullish() })
        .describe('Names of those before'),
    },
    does: ({ creatorRole, memberRole }) =>
      sentence`Set the default roles of the environment: ${given({ creator: creatorRole, member: memberRole })}.`,
    run: (wanted, { api }) => setDefaultRoles(api, wanted),
  }),
]);
