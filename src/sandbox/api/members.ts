import type { Member } from '../data/types.ts';
import { invitedMember } from '../data/workspace.ts';
import { ApiError } from './api-error.ts';
import { email } from './email-field.ts';
import { choice, optionalText, textMap } from './fields.ts';
import { message } from './message.ts';
import { workspaceOperation } from './operation.ts';
import { pageFields, paginate } from './paging.ts';

const name = optionalText({ maxLen: 200 });

/** scalekit.v1.members.Member, as far as an invitation fills it */
const newMember = {
  role: choice(['MEMBER_ROLE_UNSPECIFIED', 'ADMIN', 'USER']),
  first_name: name,
  last_name: name,
  email: email(),
  metadata: textMap({ maxPairs: 20, keys: { minLen: 3, maxLen: 25 }, values: { minLen: 1, maxLen: 256 } }),
} as const;

/** scalekit.v1.members.MembersService */
export const membersOperations = [
  workspaceOperation({
    verb: 'GET',
    path: '/members:this',
    accepts: ['workspace', 'client'],
    permission: 'members_read',
    request: {},
    run({ principal, store }) {
      const member = store.members.find(({ id }) => id === principal.subject);
      // A machine is accepted but is nobody's member.
      if (member === undefined) throw new ApiError('NOT_FOUND', 'member not found');
      return { member };
    },
  }),

  workspaceOperation({
    verb: 'GET',
    path: '/members',
    accepts: ['workspace', 'client'],
    permission: 'members_read',
    request: pageFields(),
    run({ request, store }) {
      const { items, next_page_token, total_size } = paginate(store.members, request, ['members']);
      return { next_page_token, total_size, members: items };
    },
  }),

  workspaceOperation({
    verb: 'POST',
    path: '/members',
    accepts: ['workspace', 'client'],
    permission: 'members_write',
    body: 'member',
    request: { member: message(newMember, { required: true }) },
    run({ request, store }) {
      const wanted = request.member;
      refuseTakenEmail(store.members, wanted.email);
      const member = invitedMember(store.newId('usr'), {
        email: wanted.email,
        role: wanted.role === 'ADMIN' ? 'ADMIN' : 'USER',
        at: new Date().toISOString(),
        givenName: wanted.first_name,
        familyName: wanted.last_name,
        metadata: wanted.metadata,
      });
      store.members.push(member);
      return { member };
    },
  }),
];

function refuseTakenEmail(members: readonly Member[], wanted: string): void {
  if (!members.some((member) => member.email.toLowerCase() === wanted.toLowerCase())) return;
  throw new ApiError('ALREADY_EXISTS', 'a member with this email exists in the workspace');
}
