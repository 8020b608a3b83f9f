import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { notCameTrue, requireCameTrue } from './came-true.ts';
import { Member } from './entities/member.ts';
import { withNames } from './entities/profile.ts';
import { askedWord, MEMBER_ROLES } from './enum-words.ts';
import { path } from './path.ts';
import { aboutArguments, isConflict } from './refusal.ts';

const Answer = z.object({ member: Member });

/** What a call asks for, under the names of its arguments. */
export interface Invitation {
  readonly email: string;
  /** The least one unless a call names it. */
  readonly role?: 'USER' | 'ADMIN' | undefined;
  readonly dashboardRole?: string | undefined;
}

const NEXT_TOOL = 'list_workspace_members';

const NO_ROLE =
  'Where the workspace uses dashboard roles, this person can sign in but sees nothing until somebody gives them one: assign_dashboard_role does that.';
const MEMBER_ALREADY = 'Nobody was invited: this address is a member of the workspace already.';

/**
 * Invites somebody to the workspace (`POST /members`), and looks whether they have what was asked for.
 * @returns the member, and in `note` what is still to be done, or that nobody was invited
 * @throws ToolError `not_applied`
 */
export async function inviteMember(api: Api, { email, role, dashboardRole }: Invitation) {
  // Always sent: which role the API gives without one is not documented.
  const body = { email, role: role ?? 'USER', dashboard_role_name: dashboardRole };
  const answer = await api.post(path`/members`, body).catch((refusal: unknown) => {
    throw isConflict(refusal) ? memberAlready(refusal) : aboutArguments(refusal, ORIGINS);
  });
  const { member } = checkAnswer(Answer, withNames(answer, 'member'), 'write');
  const { dashboard_role: held } = member;
  const isKnown = isMember(member);
  const fields = {
    // The domain of an address has no case, and services write the whole of it small.
    email: { asked: email.toLowerCase(), shown: member.email?.toLowerCase() },
    // Whoever is there or invited already keeps what they have: a role that no call named is not compared.
    role: askedWord(MEMBER_ROLES, role, member.role),
    dashboardRole: { asked: dashboardRole, shown: held?.id === dashboardRole ? held?.id : held?.name },
  };
  const kept = isKnown ? notCameTrue(fields) : [];
  if (kept[0] !== undefined) throw keptByMember(kept[0], kept);
  requireCameTrue(fields, NEXT_TOOL);
  const notes = [...(isKnown ? [MEMBER_ALREADY] : []), ...(held ? [] : [NO_ROLE])];
  return { member, ...(notes.length > 0 && { note: notes.join(' ') }) };
}

const ORIGINS = [
  { at: 'member.email', field: 'email' },
  { at: 'member.dashboard_role_name', field: 'dashboardRole' },
];

/** Whether somebody has answered an invitation, or let it expire: nobody does so at once. */
function isMember({ organizations }: z.output<typeof Member>): boolean {
  return organizations?.some(({ membership_status: status }) => status && status !== 'PENDING_INVITE') === true;
}

/** The error for a member who was to get something else by an invitation. */
function keptByMember(field: string, kept: readonly string[]): ToolError {
  const message = `${MEMBER_ALREADY} Nothing was changed, and this is not as asked: ${kept.join(', ')}. Do not repeat the call: change it in the Scalekit dashboard.`;
  return new ToolError('not_applied', message, { field, nextTool: NEXT_TOOL });
}

function memberAlready({ recovery, cause }: ToolError): ToolError {
  const message = `${MEMBER_ALREADY} ${NEXT_TOOL} shows what they may do.`;
  return new ToolError('conflict', message, { ...recovery, field: 'email', nextTool: NEXT_TOOL }, cause);
}
