import type { Api } from '../core/api.ts';
import { ToolError } from '../core/errors.ts';
import { type Asked, namedOf, notCameTrue, requireTold } from './came-true.ts';
import {
  membershipIn,
  readUser,
  requireMembership,
  roleNames,
  type WholeMembership,
  type WholeUser,
  writtenUser,
} from './find-user.ts';
import { lacksLoginUri, NO_LOGIN_URI } from './new-user.ts';
import { areThere, askedPairs, type Pairs, withPairs } from './pairs.ts';
import { path } from './path.ts';
import { LostUpdate, lostByOthers, readBack, untilItStands } from './read-back.ts';
import { aboutArguments, isConflict, requireChange } from './refusal.ts';

const NEXT_TOOL = 'get_user';
const ROLES = 'list_environment_roles';

/** Which user in which organization. */
interface Place {
  readonly organizationId: string;
  readonly userId: string;
}

/** What a call asks for, under the names of its arguments. */
interface Wanted {
  readonly roles?: readonly string[] | undefined;
  readonly metadata?: Pairs | undefined;
}

/**
 * Makes a user a member of one more organization (`POST /memberships/organizations/{id}/users/{id}`), and looks whether
 * that is so. For an invitation it also looks where that leads (`GET /clients`).
 * @returns the user, and in `note` what is still to be done
 * @throws ToolError `conflict` for somebody who is a member already; `not_applied`
 */
export async function addToOrganization(
  api: Api,
  { organizationId, userId }: Place,
  { roles, metadata, sendInvitationEmail }: Wanted & { readonly sendInvitationEmail: boolean },
) {
  const body = { roles: roles?.map((name) => ({ name })), metadata };
  const query = { send_invitation_email: sendInvitationEmail };
  const answer = await api.post(at({ organizationId, userId }), body, query).catch((refusal: unknown) => {
    throw isConflict(refusal) ? memberAlready(refusal) : aboutArguments(refusal, originsOf(roles));
  });
  const asked = (user: WholeUser): Readonly<Record<string, Asked>> => {
    const membership = membershipIn(user, organizationId);
    const held = new Set(membership && roleNames(membership));
    return {
      organizationId: { asked: organizationId, shown: membership?.organization_id },
      // Roles that everybody gets may stand beside those that were named.
      roles: { asked: roles, shown: membership && roles?.filter((role) => held.has(role)) },
      metadata: { asked: metadata, shown: membership && namedOf(metadata, membership.metadata) },
    };
  };
  const user = await requireTold(asked, writtenUser(answer), () => readUser(api, userId), NEXT_TOOL);
  const leadsNowhere = sendInvitationEmail && (await lacksLoginUri(api));
  return { user, ...(leadsNowhere && { note: NO_LOGIN_URI }) };
}

/**
 * Changes what a user is in an organization (`PATCH /memberships/organizations/{id}/users/{id}`), and looks whether that is
 * so. The operation has no field mask, so that what a request leaves out may be emptied: it is read and written again.
 * @throws ToolError `invalid_arguments` when nothing is to change; `not_found` for somebody who is no member;
 *   `not_applied`; LostUpdate when others go on changing it at the same time
 */
export async function updateMembership(api: Api, place: Place, wanted: Wanted): Promise<{ user: WholeUser }> {
  requireChange({ ...wanted }, 'roles');
  return api.inTurn(at(place), () => untilItStands(() => updateOnce(api, place, wanted)));
}

async function updateOnce(api: Api, place: Place, { roles, metadata: changes }: Wanted): Promise<{ user: WholeUser }> {
  const { organizationId, userId } = place;
  const before = requireMembership(await readUser(api, userId), organizationId);
  const names = roles ?? roleNames(before);
  const metadata = withPairs(before.metadata, changes);
  const body = { roles: names.map((name) => ({ name })), ...((before.metadata || changes) && { metadata }) };
  const answer = await api.patch(at(place), body).catch((refusal: unknown) => {
    throw aboutArguments(refusal, originsOf(roles));
  });
  const asked = (user: WholeUser): Readonly<Record<string, Asked>> => {
    const membership = membershipIn(user, organizationId);
    // Roles that come with others may stand beside them, but none that was to go.
    const counting = new Set([...names, ...roleNames(before)]);
    return {
      roles: { asked: roles, shown: membership?.roles && roleNames(membership).filter((name) => counting.has(name)) },
      metadata: askedPairs(changes, membership?.metadata),
    };
  };
  await requireTold(asked, writtenUser(answer), () => readUser(api, userId), NEXT_TOOL);
  const user = await readBack(readUser(api, userId), NEXT_TOOL);
  if (notCameTrue(asked(user)).length > 0) {
    throw new LostUpdate('What this call set in the membership is something else again.', NEXT_TOOL);
  }
  if (!isKept({ names, metadata }, membershipIn(user, organizationId))) {
    throw lostByOthers('A part of the membership that this call did not name is gone.', NEXT_TOOL);
  }
  return { user };
}

function isKept(
  { names, metadata }: { readonly names: readonly string[]; readonly metadata: Pairs },
  now: WholeMembership | undefined,
): boolean {
  const held = new Set(now && roleNames(now));
  return names.every((name) => held.has(name)) && areThere(metadata, now?.metadata);
}

/** Reads what a removal from an organization takes away (`GET /users/{id}`). */
export async function showMembership(api: Api, { organizationId, userId }: Place, deleteUser: boolean) {
  const user = await readUser(api, userId);
  const membership = requireMembership(user, organizationId);
  const others = (user.memberships ?? []).filter((one) => one !== membership);
  const { id, email, external_id } = user;
  return {
    user: { id, email, external_id },
    membership,
    other_organizations: others.map(({ organization_id, display_name }) => ({ organization_id, display_name })),
    deletes_user: deleteUser && others.length === 0,
  };
}

/**
 * Takes a user out of an organization (`DELETE /memberships/organizations/{id}/users/{id}`), and reads them again. It always
 * says whether a user who is then in no organization is to be deleted: what the API does unasked is not known for sure.
 * @throws ToolError `not_applied`
 */
export async function removeFromOrganization(api: Api, place: Place, deleteUser: boolean) {
  const { organizationId: organization_id, userId: user_id } = place;
  await api.delete(at(place), { cascade: deleteUser });
  const left = await afterwards(api, user_id);
  if (left === undefined && !deleteUser) {
    throw notDone('the user was deleted as well, although the call did not ask for it: create them again if needed');
  }
  if (left !== undefined && membershipIn(left, organization_id) !== undefined) {
    throw notDone('the user is still a member: remove them in the Scalekit dashboard');
  }
  if (left !== undefined && deleteUser && (left.memberships ?? []).length === 0) {
    throw notDone(
      'the user, who is in no organization any more, was not deleted: delete_user does that',
      'delete_user',
    );
  }
  return { organization_id, user_id, user_deleted: left === undefined };
}

/** The user after a change; `undefined` when there is none any more. */
async function afterwards(api: Api, userId: string): Promise<WholeUser | undefined> {
  const found = readUser(api, userId).catch((error: unknown) => {
    if (error instanceof ToolError && error.code === 'not_found') return undefined;
    throw error;
  });
  return readBack(found, NEXT_TOOL);
}

function notDone(what: string, nextTool = NEXT_TOOL): ToolError {
  const message = `The removal has been sent, and Scalekit accepted it, but ${what}. Do not repeat the call.`;
  return new ToolError('not_applied', message, { nextTool });
}

function at({ organizationId, userId }: Place) {
  return path`/memberships/organizations/${organizationId}/users/${userId}`;
}

function memberAlready({ recovery, cause }: ToolError): ToolError {
  const message =
    'Nothing was changed: this user is a member of this organization already. update_organization_membership changes their roles.';
  const nextTool = NEXT_TOOL;
  return new ToolError('conflict', message, { ...recovery, field: 'userId', nextTool }, cause);
}

function originsOf(roles: readonly string[] | undefined) {
  return [
    { at: 'membership.roles', field: 'roles', nextTool: ROLES, word: roles?.length ? /\brole/i : undefined },
    { at: 'membership.metadata', field: 'metadata' },
  ];
}
