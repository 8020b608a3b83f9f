import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { namedOf, requireCameTrue } from './came-true.ts';
import { withNames } from './entities/profile.ts';
import { User } from './entities/user.ts';
import { findEnvironmentClient, readClient } from './environment-client.ts';
import { path } from './path.ts';
import { aboutArguments, isConflict } from './refusal.ts';

const Answer = z.object({ user: User });

/** What a call asks for, under the names of its arguments. */
export interface WantedUser {
  readonly email: string;
  readonly externalId?: string | undefined;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly roles?: readonly string[] | undefined;
  readonly sendInvitationEmail: boolean;
}

/**
 * Creates a user as a member of an organization (`POST /organizations/{id}/users`), and looks whether they are what was
 * asked for. An empty text counts as left out. For an invitation it also looks where that leads (`GET /clients`).
 * @returns the user, and in `note` what is still to be done
 * @throws ToolError `not_applied`
 */
export async function createUser(api: Api, organizationId: string, wanted: WantedUser) {
  const { email, externalId, firstName, lastName, metadata, roles, sendInvitationEmail } = wanted;
  // Names are part of the profile, roles of the membership.
  const profile = { given_name: firstName || undefined, family_name: lastName || undefined };
  const body = {
    email,
    external_id: externalId || undefined,
    metadata,
    membership: roles && { roles: roles.map((name) => ({ name })) },
    user_profile: firstName || lastName ? profile : undefined,
  };
  const answer = await api
    .post(path`/organizations/${organizationId}/users`, body, { send_invitation_email: sendInvitationEmail })
    .catch((refusal: unknown) => {
      if (isConflict(refusal)) throw taken(refusal, body.external_id !== undefined);
      throw aboutArguments(refusal, [...ORIGINS, { ...OF_ROLES, word: roles?.length ? /\brole/i : undefined }]);
    });
  const { user } = checkAnswer(Answer, withNames(answer, 'user'), 'write');
  const membership = user.memberships?.find(({ organization_id: id }) => id === organizationId);
  const held = new Set(membership?.roles?.map(({ name }) => name));
  requireCameTrue(
    {
      // The domain of an address has no case, and services write the whole of it small.
      email: { asked: email.toLowerCase(), shown: user.email?.toLowerCase() },
      externalId: { asked: body.external_id, shown: user.external_id },
      firstName: { asked: profile.given_name, shown: user.user_profile?.given_name },
      lastName: { asked: profile.family_name, shown: user.user_profile?.family_name },
      metadata: { asked: metadata, shown: namedOf(metadata, user.metadata) },
      // Roles that everybody gets may stand beside those that were named.
      roles: { asked: roles, shown: roles?.filter((role) => held.has(role)) },
    },
    'list_organization_users',
  );
  const leadsNowhere = sendInvitationEmail && (await lacksLoginUri(api));
  return { user, ...(leadsNowhere && { note: NO_LOGIN_URI }) };
}

/** A conflict with the argument that it is about: the only one that must be new, or the one that the API speaks of. */
function taken(refusal: ToolError, hasExternalId: boolean): ToolError {
  const said = refusal.recovery.upstream?.message ?? '';
  const isOther = hasExternalId && !/e-?mail/i.test(said);
  const field = !isOther ? 'email' : /external/i.test(said) ? 'externalId' : undefined;
  if (field === undefined) return refusal;
  const message = `Nothing was created: a user with this ${field} exists already, in this or another organization of the environment.`;
  const recovery = { ...refusal.recovery, field, nextTool: 'list_organization_users' };
  return new ToolError('conflict', message, recovery, refusal.cause);
}

/** What is said where an invitation leads to nowhere. */
export const NO_LOGIN_URI =
  'The invitation leads to the initiate-login URI of the environment, and this environment has none: set one with set_initiate_login_uri, or the person may not get in.';

/**
 * Whether an environment is known to have no initiate-login URI, to which its invitations lead. Lists of clients may not
 * show everything of one, so that it is read itself before that is said.
 */
export async function lacksLoginUri(api: Api): Promise<boolean> {
  try {
    const listed = await findEnvironmentClient(api);
    return !listed.initiate_login_uri && !(await readClient(api, listed.id)).initiate_login_uri;
  } catch {
    // The user is there: whatever else fails, that is the answer.
    return false;
  }
}

const OF_ROLES = { at: 'user.membership.roles', field: 'roles', nextTool: 'list_environment_roles' };
const ORIGINS = [
  { at: 'user.email', field: 'email' },
  { at: 'user.external_id', field: 'externalId' },
  { at: 'user.metadata', field: 'metadata' },
  { at: 'user.user_profile.given_name', field: 'firstName' },
  { at: 'user.user_profile.family_name', field: 'lastName' },
];
