import { MembersService } from '../contract/published/members.ts';
import { DASHBOARD_ROLES } from '../data/dashboard-roles.ts';
import { toMember } from '../data/workspace.ts';
import { byId, invalid } from '../gateway/api-error.ts';
import { workspaceOperations } from '../gateway/operation.ts';
import { page } from './paging.ts';
import { given, now } from './parts.ts';

export const membersOperations = workspaceOperations(MembersService, {
  // A machine is accepted but is nobody's member.
  getCurrentMember: ({ principal, store }) => {
    const member = byId(store.members, principal.subject, 'member');
    return { member, dashboard_permissions: member.dashboard_role?.permissions ?? [] };
  },

  listMembers: ({ request, store }) => {
    return page('members', store.members, request, ['members']);
  },

  createMember: ({ request, store }) => {
    const { email, role: wanted, first_name, last_name, metadata, dashboard_role_name } = given(request.member);
    const dashboard_role = findRole(dashboard_role_name);
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

/** The role of that name or id; none for an empty one. */
function findRole(wanted: string) {
  if (wanted === '') return undefined;
  const role = DASHBOARD_ROLES.find(({ id, name }) => id === wanted || name === wanted);
  if (role !== undefined) return role;
  const description = 'value is not a role of the dashboard';
  throw invalid({ field: 'member.dashboard_role_name', description, constraint: 'role.exists' });
}
