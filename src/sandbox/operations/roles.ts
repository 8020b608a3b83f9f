import { RolesService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/roles/roles_pb.js';
import { ApiError } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import { given } from './parts.ts';
import {
  addRole,
  changeRole,
  deleteRole,
  dependentsOf,
  describe,
  findRole,
  holdersOf,
  withoutBase,
} from './role-parts.ts';

export const rolesOperations = operations(
  { ...RolesService, created: ['createRole'] },
  {
    // Documented: with those of organizations.
    listRoles: ({ request, content }) => ({
      roles: content.roles.map((role) => describe(role, content, request.include)),
    }),

    getRole: ({ request, content }) => ({
      role: describe(findRole(content, request.role_name), content, request.include),
    }),

    // Documented: the answer has all details, so what the role itself permits too.
    createRole: ({ request, content, store }) => ({
      role: describe(addRole(content, store, given(request.role)), content, 'permissions'),
    }),

    updateRole: ({ request, content }) => ({
      role: describe(changeRole(content, findRole(content, request.role_name), given(request.role)), content),
    }),

    deleteRole: ({ request: { role_name, reassign_role_name: other }, content }) =>
      deleteRole(content, findRole(content, role_name), other),

    deleteRoleBase: ({ request, content }) => withoutBase(content, findRole(content, request.role_name)),

    listDependentRoles: ({ request, content }) => ({
      roles: dependentsOf(content, findRole(content, request.role_name)).map((role) =>
        describe(role, content, 'permissions'),
      ),
    }),

    getRoleUsersCount: ({ request, content }) => ({
      count: String(holdersOf(content, findRole(content, request.role_name)).length),
    }),

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
