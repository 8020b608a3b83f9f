import { MembersService } from '../contract/published/members.ts';
import { toMember } from '../data/workspace.ts';
import { ApiError, byId } from '../gateway/api-error.ts';
import { workspaceOperations } from '../gateway/operation.ts';
import { page } from './paging.ts';
import { given, now } from './parts.ts';

export const membersOperations = workspaceOperations(MembersService, {
  // A machine is accepted but is nobody's member.
  getCurrentMember: ({ principal, store }) => ({
    member: byId(store.members, principal.subject, 'member'),
  }),

  listMembers: ({ request, store }) => {
    return page('members', store.members, request, ['members']);
  },

  createMember: ({ request, store }) => {
    const { email, role: wanted, first_name, last_name, metadata } = given(request.member);
    if (store.members.some((member) => member.email.toLowerCase() === email.toLowerCase())) {
      throw new ApiError('ALREADY_EXISTS', 'a member with this email exists in the workspace');
    }
    const role = wanted === 'ADMIN' ? 'ADMIN' : 'USER';
    const known = { email, role, first_name, last_name, metadata, create_time: now() };
    const member = toMember(store.newId('usr'), 'PENDING_INVITE', known);
    store.members.push(member);
    return { member };
  },
});
