import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { TextMembers } from './entities/members.ts';
import { Membership, Profile, withNames } from './entities/profile.ts';
import { User } from './entities/user.ts';
import { path } from './path.ts';

/** Stricter than what is shown, because all pairs have to be written again and must not be lost. */
const Whole = User.extend({
  metadata: TextMembers.nullish(),
  user_profile: Profile.extend({ metadata: TextMembers.nullish(), custom_attributes: TextMembers.nullish() }).nullish(),
  memberships: z.array(Membership.extend({ metadata: TextMembers.nullish() })).nullish(),
});
const One = z.object({ user: Whole });

/** A user of whom everything that the API replaces as a whole can be written again. */
export type WholeUser = z.output<typeof Whole>;
export type WholeMembership = NonNullable<WholeUser['memberships']>[number];

/** How a call names a user. */
interface Named {
  readonly userId?: string | undefined;
  readonly externalId?: string | undefined;
}

/**
 * Reads a user by one of their ids (`GET /users/{id}`, `GET /users:external/{external_id}`).
 * @throws ToolError `invalid_arguments` for none of the two, and for both
 */
export async function findUser(api: Api, { userId, externalId }: Named): Promise<unknown> {
  if (userId !== undefined && externalId === undefined) return withNames(await api.get(path`/users/${userId}`), 'user');
  if (userId === undefined && externalId !== undefined) {
    return withNames(await api.get(path`/users:external/${externalId}`), 'user');
  }
  const message = 'Name one user: give userId or externalId, and not both.';
  throw new ToolError('invalid_arguments', message, { field: 'userId', nextTool: 'list_organization_users' });
}

/** Reads a user who is to be changed (`GET /users/{id}`). */
export async function readUser(api: Api, id: string): Promise<WholeUser> {
  return wholeUser(await api.get(path`/users/${id}`));
}

/** The user in the answer to a request that writes. */
export function writtenUser(answer: unknown): WholeUser {
  return wholeUser(answer, 'write');
}

function wholeUser(answer: unknown, asked: 'read' | 'write' = 'read'): WholeUser {
  return checkAnswer(One, withNames(answer, 'user'), asked).user;
}

/** Where a user is in an organization; `undefined` when they are not in it. */
export function membershipIn({ memberships }: WholeUser, organizationId: string): WholeMembership | undefined {
  return memberships?.find(({ organization_id }) => organization_id === organizationId);
}

/**
 * The same for a call that needs it.
 * @throws ToolError `not_found`
 */
export function requireMembership(user: WholeUser, organizationId: string): WholeMembership {
  const membership = membershipIn(user, organizationId);
  if (membership !== undefined) return membership;
  const message = 'This user is not a member of this organization. get_user tells of which they are.';
  throw new ToolError('not_found', message, { field: 'organizationId', nextTool: 'get_user' });
}

/** The names of the roles that somebody has there. */
export function roleNames({ roles }: WholeMembership): string[] {
  return (roles ?? []).flatMap(({ name }) => name || []);
}
