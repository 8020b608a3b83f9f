import { RolesService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/roles/roles_pb.js';
import { rolesIn } from '../data/access.ts';
import { byId } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import type { EnvironmentContent } from '../store.ts';
import { given, replace } from './parts.ts';
import {
  addRole,
  changeRole,
  deleteRole,
  describe,
  findRole,
  findRoleIn,
  holdersOf,
  withoutBase,
} from './role-parts.ts';

export const organizationRolesOperations = operations(
  { ...RolesService, created: ['createOrganizationRole'] },
  {
    // Documented: those of the environment, and its own.
    listOrganizationRoles: ({ request, content }) => {
      const id = organizationOf(content, request);
      return { roles: rolesIn(content.roles, id).map((role) => describe(role, content, request.include, id)) };
    },

    getOrganizationRole: ({ request, content }) => {
      const id = organizationOf(content, request);
      return { role: describe(findRoleIn(content, request.role_name, id), content, request.include, id) };
    },

    createOrganizationRole: ({ request, content, store }) => {
      const role = addRole(content, store, given(request.role), organizationOf(content, request));
      return { role: describe(role, content, 'permissions') };
    },

    // Only what belongs to the organization can be changed through it.
    updateOrganizationRole: ({ request, content }) => {
      const before = findRole(content, request.role_name, organizationOf(content, request));
      return { role: describe(changeRole(content, before, given(request.role)), content) };
    },

    deleteOrganizationRole: ({ request, content }) => {
      const { role_name, reassign_role_name: other } = request;
      return deleteRole(content, findRole(content, role_name, organizationOf(content, request)), other);
    },

    deleteOrganizationRoleBase: ({ request, content }) =>
      withoutBase(content, findRole(content, request.role_name, organizationOf(content, request))),

    getOrganizationRoleUsersCount: ({ request, content }) => {
      const id = organizationOf(content, request);
      const role = findRoleIn(content, request.role_name, id);
      const holders = holdersOf(content, { ...role, organization_id: id });
      return { count: String(holders.length) };
    },

    // Seen in the live tests of Scalekit's SDK: an organization has a default for members alone.
    updateDefaultOrganizationRoles: ({ request, content }) => {
      const organization_id = organizationOf(content, request);
      const role = findRoleIn(content, request.default_member_role, organization_id);
      const before = content.organizationDefaults.find((one) => one.organization_id === organization_id);
      const after = { organization_id, member: role.name };
      if (before === undefined) content.organizationDefaults.push(after);
      else replace(content.organizationDefaults, before, after);
      return { default_member: describe(role, content, '', organization_id) };
    },
  },
);

/** @throws ApiError NOT_FOUND when there is no such organization */
function organizationOf({ organizations }: EnvironmentContent, { org_id }: { readonly org_id: string }): string {
  return byId(organizations, org_id, 'organization').id;
}
