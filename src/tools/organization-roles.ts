import { z } from 'zod';
import { also, given, sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { WholeNumber } from '../core/whole-number.ts';
import { changeRole } from '../platform/changed-role.ts';
import { setOrganizationDefault } from '../platform/default-roles.ts';
import { DependentRoles } from '../platform/entities/dependents.ts';
import { Role } from '../platform/entities/role.ts';
import { createRole, requireRole } from '../platform/new-role.ts';
import { path } from '../platform/path.ts';
import { readRole } from '../platform/role.ts';
import { deleteRole, showRoleToDelete } from '../platform/role-dependents.ts';
import { organizationId } from './fields/ids.ts';
import { changedRoleInput, heldRoleName, newRoleInput, roleNameFrom } from './fields/roles.ts';

const LIST = 'list_organization_roles';
const roleName = roleNameFrom(LIST);

/** The roles that one organization has beside those of its environment. */
export const organizationRoles = toolset('organization_roles', { area: 'organization', rare: true }, (t) => [
  t.list('list_organization_roles', {
    title: 'List roles of an organization',
    foundBy: 'roles of one customer, custom roles of a company',
    description:
      'List the roles that members of one organization (customer, tenant) can have: its own custom ones, and those of the environment.',
    of: { roles: Role },
    input: { organizationId, roleName: heldRoleName().optional().describe('To find one') },
    async run({ organizationId, roleName }, { api }) {
      if (roleName !== undefined) {
        return { roles: [await readRole(api, { organizationId, roleName }, 'permissions:all')] };
      }
      return api.get(path`/organizations/${organizationId}/roles`, { include: 'permissions:all' });
    },
  }),

  t.add('create_organization_role', {
    title: 'Create a role for an organization',
    foundBy: 'role for one customer alone, customer wants a role of its own, custom role for a company',
    description: 'Create a custom role that only one organization (customer, tenant) has. Its name is final.',
    input: {
      organizationId,
      ...newRoleInput,
      extends: newRoleInput.extends.describe(`Name from ${LIST}; it has its permissions too`),
    },
    output: { role: Role },
    does: ({ organizationId, roleName, displayName, description, extends: base, permissions }) =>
      sentence`Create the role ${roleName} for the organization ${organizationId} alone${also({ 'display name': displayName, description, extends: base, permissions })}.`,
    async run({ organizationId, ...wanted }, { api }) {
      const created = await createRole(api, wanted, organizationId);
      return { role: await requireRole(api, created, wanted, organizationId) };
    },
  }),

  t.overwrite('update_organization_role', {
    title: 'Change a role of an organization',
    foundBy: 'change a custom role of one customer',
    description:
      'Change a custom role of one organization: rename it, describe it, replace its permissions, or what it inherits from.',
    input: { organizationId, roleName, ...changedRoleInput(LIST) },
    output: { role: Role },
    does: ({ organizationId, roleName, displayName, description, extends: base, permissions }) =>
      sentence`Change the role ${roleName} of the organization ${organizationId}: ${given({ 'display name': displayName, description, extends: base, 'all its permissions': permissions })}.`,
    run: ({ organizationId, roleName, ...changes }, { api }) => changeRole(api, { organizationId, roleName }, changes),
  }),

  t.destroy('delete_organization_role', {
    title: 'Delete a role of an organization',
    foundBy: 'remove a custom role of one customer',
    description:
      'Delete (remove) a custom role of one organization. Who has it gets the role in reassignTo, without which it must be unused.',
    input: {
      organizationId,
      roleName,
      reassignTo: heldRoleName().optional().describe('Role that its users get instead'),
    },
    shows: {
      role: Role,
      user_count: WholeNumber.nullish().describe('How many users have it; null: could not be read'),
      dependent_roles: DependentRoles.describe('Those that extend it'),
      replacement: Role.nullish(),
    },
    stopsWorking:
      'What the application lets people of this organization do for this role alone: its users have only what the replacement permits.',
    does: ({ organizationId, roleName, reassignTo }) =>
      sentence`Delete the role ${roleName} of the organization ${organizationId} for good${also({ 'its users given the role': reassignTo })}.`,
    show: (deletion, { api }) => showRoleToDelete(api, deletion),
    output: { deleted_role: z.string(), reassigned_to: z.string().optional() },
    run: (deletion, { api }) => deleteRole(api, deletion),
  }),

  t.overwrite('set_default_organization_role', {
    title: 'Set the default role of an organization',
    foundBy: 'what new people of one customer get, default role of a company',
    description:
      'Set which default role people get who join one organization (customer, tenant), in place of that of the environment.',
    input: { organizationId, memberRole: roleName },
    output: {
      default_member: Role.nullish(),
      before: z.object({ default_member: z.string().nullish() }).describe('Name of the one before'),
    },
    does: ({ organizationId, memberRole }) =>
      sentence`Give whoever joins the organization ${organizationId} the role ${memberRole} from now on.`,
    run: ({ organizationId, memberRole }, { api }) => setOrganizationDefault(api, organizationId, memberRole),
  }),
]);
