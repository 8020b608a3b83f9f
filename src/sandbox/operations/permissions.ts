import { PermissionSchema, RolesService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/roles/roles_pb.js';
import { complete } from '../contract/complete.ts';
import { permittedTo } from '../data/access.ts';
import type { Permission } from '../data/types.ts';
import { ApiError, findIn, invalid, refuseTaken } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import type { EnvironmentContent } from '../store.ts';
import { page } from './paging.ts';
import { given, now, remove, replace } from './parts.ts';
import { findRole, withPermissions } from './role-parts.ts';

export const permissionsOperations = operations(
  { ...RolesService, created: ['createPermission'] },
  {
    listPermissions: ({ request, environment, content }) => {
      const { page_size = 0, page_token = '', type } = request;
      const kept = content.permissions.filter(
        ({ is_scalekit_permission: isOwn }) => type === 'ALL' || isOwn === (type === 'SCALEKIT'),
      );
      return page('permissions', kept, { page_size, page_token }, ['permissions', environment.id, type]);
    },

    getPermission: ({ request, content }) => ({ permission: find(content, request.permission_name) }),

    createPermission: ({ request, content, store }) => {
      const { name, description } = given(request.permission);
      // Seen in the live tests of Scalekit's SDK: a taken name is refused.
      refuseTaken(content.permissions, (one) => one.name === name, 'a permission with this name');
      const create_time = now();
      const facts = { id: store.newId('perm'), name, description, create_time, update_time: create_time };
      const permission = complete(PermissionSchema, facts);
      content.permissions.push(permission);
      return { permission };
    },

    // Documented: its name cannot be changed.
    updatePermission: ({ request, content }) => {
      const { name, description } = given(request.permission);
      const before = changeable(content, request.permission_name);
      if (name !== before.name) {
        const field = 'permission.name';
        throw invalid({ field, description: 'value cannot be changed', constraint: 'permission.name' });
      }
      const after = { ...before, description, update_time: now() };
      return { permission: replace(content.permissions, before, after) };
    },

    // Seen in the live tests of Scalekit's SDK: also while roles have it.
    deletePermission: ({ request, content }) => {
      const permission = changeable(content, request.permission_name);
      for (const role of content.roles.filter(({ permissions }) => permissions.includes(permission.name))) {
        const left = role.permissions.filter((name) => name !== permission.name);
        withPermissions(content, role, left);
      }
      return remove(content.permissions, permission);
    },

    listRolePermissions: ({ request, content }) => ({
      permissions: named(content, findRole(content, request.role_name).permissions),
    }),

    listEffectiveRolePermissions: ({ request, content }) => ({
      permissions: named(content, permittedTo([findRole(content, request.role_name)], content.roles)),
    }),

    // Documented: beside those that it has; answers with all of them.
    addPermissionsToRole: ({ request, content }) => {
      const role = findRole(content, request.role_name);
      request.permission_names.forEach((name, i) => {
        if (content.permissions.some((permission) => permission.name === name)) return;
        const field = `permission_names[${i}]`;
        throw invalid({ field, description: 'value is not the name of a permission', constraint: 'exists' });
      });
      const all = [...new Set([...role.permissions, ...request.permission_names])];
      return { permissions: named(content, withPermissions(content, role, all).permissions) };
    },

    // Documented: only what the role has by itself.
    removePermissionFromRole: ({ request: { role_name, permission_name }, content }) => {
      const role = findRole(content, role_name);
      findIn(role.permissions, (name) => name === permission_name, 'permission of the role');
      const left = role.permissions.filter((name) => name !== permission_name);
      withPermissions(content, role, left);
      return {};
    },
  },
);

function find({ permissions }: EnvironmentContent, name: string): Permission {
  return findIn(permissions, (permission) => permission.name === name, 'permission');
}

/** Inferred: what Scalekit brings stays as it is. */
function changeable(content: EnvironmentContent, name: string): Permission {
  const permission = find(content, name);
  if (!permission.is_scalekit_permission) return permission;
  throw new ApiError('INVALID_ARGUMENT', 'a permission of Scalekit cannot be changed');
}

function named({ permissions }: EnvironmentContent, names: readonly string[]): Permission[] {
  return permissions.filter(({ name }) => names.includes(name));
}
