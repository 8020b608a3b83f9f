import { MembersService } from '../contract/published/members.ts';
import { toMember } from '../data/workspace.ts';
import { byId } from '../gateway/api-error.ts';
import { workspaceOperations } from '../gateway/operation.ts';
import { findRole, refuseMoreThanOwn, requireAdminBeside } from './dashboard-roles.ts';
import { page } from './paging.ts';
import { given, now, remove } from './parts.ts';

export const membersOperations = workspaceOperations(MembersService, {
  // A machine is accepted but is nobody's member.
  getCurrentMember: ({ principal, store }) => {
    const member = byId(store.members, principal.subject, 'member');
    return { member, dashboard_permissions: member.dashboard_role?.permissions ?? [] };
  },

  // Documented: only the caller's own permissions are told.
  getMember: ({ request, principal, store }) => {
    const member = byId(store.members, request.id, 'member');
    const isOwn = member.id === principal.subject;
    return { member, dashboard_permissions: isOwn ? (member.dashboard_role?.permissions ?? []) : [] };
  },

  deleteMember: ({ request, store }) => {
    const member = byId(store.members, request.id, 'member');
    requireAdminBeside(member, store);
    const others = store.environmentRoles.filter(({ member_id }) => member_id !== member.id);
    store.environmentRoles.splice(0, store.environmentRoles.length, ...others);
    return remove(store.members, member);
  },

  listMembers: ({ request, store }) => {
    return page('members', store.members, request, ['members']);
  },

  createMember: ({ request, principal, store }) => {
    const { email, role: wanted, first_name, last_name, metadata, dashboard_role_name } = given(request.member);
    const dashboard_role =
      dashboard_role_name === '' ? undefined : findRole(dashboard_role_name, 'member.dashboard_role_name');
    if (dashboard_role !== undefined) refuseMoreThanOwn(dashboard_role, principal, store, undefined);
    // Documented for invitations: the address of a member yields that member.
    const existing = store.members.find((member) => member.email.toLowerCase() === email.toLowerCase());
    if (existing !== undefined) return { member: existing };
    const role = wanted === 'ADMIN' ? 'ADMIN' : 'USER';
    const known = { email, role, first_name, last_name, metadata, dashboard_role, create_time: now() };
    const member = toMember(store.newId('usr'), 'PENDING_INVITE', known);
    store.members.push(member);
    return { member };
  },
});
