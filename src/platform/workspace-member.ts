import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { collectDependents } from './dependents.ts';
import { Member } from './entities/member.ts';
import { withNames } from './entities/profile.ts';
import { pagesOf } from './pages.ts';
import { path } from './path.ts';

const One = z.object({ member: Member });
export type WholeMember = z.output<typeof Member>;

/** Of a member as much as tells whether they can give roles. */
const Listed = Member.pick({ id: true, email: true, role: true, dashboard_role: true, organizations: true });

const PAGE_SIZE = 100;

/** The fixed role that gives roles to others. */
export const ADMIN = 'admin';

/** Reads a member of the workspace (`GET /members/{id}`). */
export async function readMember(api: Api, id: string): Promise<WholeMember> {
  return checkAnswer(One, withNames(await api.get(path`/members/${id}`), 'member')).member;
}

/** Whether somebody administers the workspace: by their role in the dashboard, or by the older one where they have none. */
export function isAdmin({ role, dashboard_role: held }: Pick<WholeMember, 'role' | 'dashboard_role'>): boolean {
  return held ? held.name === ADMIN : role?.toUpperCase() === 'ADMIN';
}

/** Whether somebody has been invited and has not come: they can do nothing yet. */
function isAway({ organizations }: Pick<WholeMember, 'organizations'>): boolean {
  return organizations?.some(({ membership_status: status }) => status && status !== 'ACTIVE') === true;
}

/** Reads who else administers the workspace (`GET /members`). */
export function otherAdmins(api: Api, id: string) {
  const pages = pagesOf(api, path`/members`, { page_size: PAGE_SIZE }, 'members', Listed);
  return collectDependents(pages, (members) =>
    members
      .filter((member) => member.id !== id && isAdmin(member) && !isAway(member))
      .map(({ id, email }) => ({ id, email })),
  );
}

/**
 * Refuses what would leave the workspace without anybody who can give roles, which nobody could undo. What the API does
 * then is not documented. Where the others cannot be read, it decides.
 * @param what would be done, for the message
 * @throws ToolError `invalid_arguments`
 */
export function requireOtherAdmin(
  { count, is_complete }: { count: number | null; is_complete: boolean },
  what: string,
) {
  if (count !== 0 || !is_complete) return;
  const message = `memberId: is the only active admin of the workspace, and ${what} would leave nobody who can give roles. Make somebody else an admin first.`;
  throw new ToolError('invalid_arguments', message, { field: 'memberId', nextTool: 'assign_dashboard_role' });
}

/**
 * Reads what a removal from the workspace takes away (`GET /members/{id}`, `GET /members`).
 * @param caller the subject of the caller
 * @throws ToolError for the only admin
 */
export async function showMember(api: Api, id: string, caller: string) {
  const [member, other_admins] = await Promise.all([readMember(api, id), otherAdmins(api, id)]);
  if (isAdmin(member)) requireOtherAdmin(other_admins, 'removing them');
  return { member, other_admins, is_you: member.id === caller };
}
