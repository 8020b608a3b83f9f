import { MembersService } from '../contract/published/members.ts';
import { DASHBOARD_PERMISSIONS, DASHBOARD_ROLES, type DashboardRole } from '../data/dashboard-roles.ts';
import type { Member } from '../data/types.ts';
import { ApiError, byId, forbidden, invalid } from '../gateway/api-error.ts';
import { workspaceOperations } from '../gateway/operation.ts';
import type { Principal } from '../gateway/principal.ts';
import { permissionsOf, roleIn } from '../gateway/roles.ts';
import type { Store } from '../store.ts';
import { replace } from './parts.ts';

export const dashboardRolesOperations = workspaceOperations(MembersService, {
  listDashboardRoles: () => ({ roles: DASHBOARD_ROLES }),

  listDashboardPermissions: () => ({ permissions: DASHBOARD_PERMISSIONS }),

  assignDashboardRole: ({ request, principal, store }) => {
    const member = byId(store.members, request.member_id, 'member');
    const dashboard_role = findRole(request.role, 'role');
    refuseMoreThanOwn(dashboard_role, principal, store, undefined);
    if (dashboard_role.name !== ADMIN) requireAdminBeside(member, store);
    replace(store.members, member, { ...member, dashboard_role });
    return {};
  },

  listDashboardMemberEnvironmentRoles: ({ request, store }) => {
    const member = byId(store.members, request.member_id, 'member');
    const environments = store.environments.map(({ id, display_name }) => {
      const { role, isOwn } = roleIn(id, member, store);
      return { environment_id: id, environment_name: display_name, effective_role: role, is_override: isOwn };
    });
    return { environments };
  },

  setDashboardEnvironmentRole: ({ request, principal, store }) => {
    const { id: member_id } = byId(store.members, request.member_id, 'member');
    const { id: environment_id } = byId(store.environments, request.environment_id, 'environment');
    const role = findRole(request.role, 'role');
    refuseMoreThanOwn(role, principal, store, environment_id);
    clear(store, member_id, environment_id);
    store.environmentRoles.push({ member_id, environment_id, role });
    return {};
  },

  // Documented: to clear what is not there succeeds.
  clearDashboardEnvironmentRole: ({ request, store }) => {
    const { id: member_id } = byId(store.members, request.member_id, 'member');
    clear(store, member_id, byId(store.environments, request.environment_id, 'environment').id);
    return {};
  },
});

const ADMIN = 'admin';

function clear({ environmentRoles }: Store, memberId: string, environmentId: string): void {
  const at = environmentRoles.findIndex((one) => one.member_id === memberId && one.environment_id === environmentId);
  if (at >= 0) environmentRoles.splice(at, 1);
}

/**
 * The fixed role of that name, or the role of that id.
 * @throws ApiError INVALID_ARGUMENT
 */
export function findRole(wanted: string, field: string): DashboardRole {
  const role = DASHBOARD_ROLES.find(({ id, name, is_fixed }) => id === wanted || (is_fixed && name === wanted));
  if (role !== undefined) return role;
  throw invalid({ field, description: 'value is not a role of the dashboard', constraint: 'role.exists' });
}

/**
 * Documented: nobody gives a role that permits more than they hold themselves.
 * @throws ApiError PERMISSION_DENIED
 */
export function refuseMoreThanOwn(
  { permissions }: DashboardRole,
  principal: Principal,
  store: Store,
  environmentId: string | undefined,
): void {
  const held = permissionsOf(principal, store, environmentId);
  const lacking = held === undefined ? [] : permissions.filter((permission) => !held.has(permission));
  if (lacking.length > 0) throw forbidden(lacking);
}

/**
 * Inferred: a workspace keeps somebody who can give roles, so that its last admin neither leaves nor becomes another.
 * @throws ApiError FAILED_PRECONDITION
 */
export function requireAdminBeside(member: Member, { members }: Store): void {
  const isAdmin = ({ dashboard_role }: Member) => dashboard_role?.name === ADMIN;
  if (!isAdmin(member) || members.some((other) => other !== member && isAdmin(other))) return;
  throw new ApiError('FAILED_PRECONDITION', 'the workspace must keep at least one admin');
}
