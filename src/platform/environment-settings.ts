import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { requireCameTrue } from './came-true.ts';
import { EnvironmentFeature, SessionSettings, UserManagement } from './entities/environment-settings.ts';
import { COOKIE_PERSISTENCE, ORGANIZATIONS_OF_USERS, SAME_SITE, TIME_UNITS } from './enum-words.ts';
import { path } from './path.ts';
import { readBack } from './read-back.ts';
import { changeSettings } from './whole-settings.ts';

/** What can be changed of sessions, under the names of the arguments. */
interface SessionChanges {
  readonly sessionManagementEnabled?: boolean | undefined;
  readonly accessTokenMinutes?: number | undefined;
  readonly clientAccessTokenMinutes?: number | undefined;
  readonly absoluteTimeoutMinutes?: number | undefined;
  readonly idleTimeoutEnabled?: boolean | undefined;
  readonly idleTimeoutMinutes?: number | undefined;
  readonly cookiePersistence?: (typeof COOKIE_PERSISTENCE)[number] | undefined;
  readonly cookieSameSite?: (typeof SAME_SITE)[number] | undefined;
  readonly cookieDomain?: string | undefined;
}

/** Where the settings of sessions are read and changed. */
export function sessionsPath(environmentId: string) {
  return path`/environments/${environmentId}/session-settings`;
}

/**
 * Changes how long people stay signed in to an environment (`PATCH /environments/{id}/session-settings`). A time is set
 * together with its unit: whether a number counts units or minutes, in minutes it is the same.
 * @throws ToolError as `changeSettings`
 */
export async function changeSessions(api: Api, environmentId: string, changes: SessionChanges) {
  const { before, now } = await changeSettings(
    api,
    {
      at: sessionsPath(environmentId),
      member: 'session_settings',
      schema: SessionSettings,
      words: {
        access_token_expiry_unit: TIME_UNITS,
        absolute_session_timeout_unit: TIME_UNITS,
        idle_session_timeout_unit: TIME_UNITS,
        cookie_persistence_type: COOKIE_PERSISTENCE,
        cookie_same_site_setting: SAME_SITE,
      },
      tool: 'get_environment_session_settings',
    },
    {
      sessionManagementEnabled: as('session_management_enabled', changes.sessionManagementEnabled),
      accessTokenMinutes: minutes('access_token_expiry', changes.accessTokenMinutes),
      clientAccessTokenMinutes: as('client_access_token_expiry', changes.clientAccessTokenMinutes),
      absoluteTimeoutMinutes: minutes('absolute_session_timeout', changes.absoluteTimeoutMinutes),
      idleTimeoutEnabled: as('idle_session_enabled', changes.idleTimeoutEnabled),
      idleTimeoutMinutes: minutes('idle_session_timeout', changes.idleTimeoutMinutes),
      cookiePersistence: as('cookie_persistence_type', changes.cookiePersistence),
      cookieSameSite: as('cookie_same_site_setting', changes.cookieSameSite),
      cookieDomain: as('cookie_custom_domain', changes.cookieDomain),
    },
  );
  return { before, session_settings: now };
}

/** What can be changed of users, under the names of the arguments. */
interface UserChanges {
  readonly allowDuplicateIdentities?: boolean | undefined;
  readonly allowMultipleMemberships?: boolean | undefined;
  readonly allowOrganizationSignup?: boolean | undefined;
  readonly organizationsOfUsers?: (typeof ORGANIZATIONS_OF_USERS)[number] | undefined;
  readonly limitUsers?: boolean | undefined;
  readonly maxUsers?: number | undefined;
  readonly invitationMinutes?: number | undefined;
  readonly blockDisposableEmails?: boolean | undefined;
  readonly blockPublicEmails?: boolean | undefined;
  readonly syncProfileOnSignIn?: boolean | undefined;
  readonly botDetection?: boolean | undefined;
  readonly failOpen?: boolean | undefined;
}

/** Where the settings of users are read and changed. */
export function usersPath(environmentId: string) {
  return path`/environments/${environmentId}/settings/user-management`;
}

/**
 * Changes what users of an environment may be and do (`PATCH /environments/{id}/settings/user-management`).
 * @throws ToolError as `changeSettings`
 */
export async function changeUserManagement(api: Api, environmentId: string, changes: UserChanges) {
  const { before, now } = await changeSettings(
    api,
    {
      at: usersPath(environmentId),
      member: 'user_management',
      schema: UserManagement,
      words: { org_user_relationship: ORGANIZATIONS_OF_USERS },
      tool: 'get_environment_user_management',
    },
    {
      allowDuplicateIdentities: as('allow_duplicate_user_identities', changes.allowDuplicateIdentities),
      allowMultipleMemberships: as('allow_multiple_memberships', changes.allowMultipleMemberships),
      allowOrganizationSignup: as('allow_organization_signup', changes.allowOrganizationSignup),
      organizationsOfUsers: as('org_user_relationship', changes.organizationsOfUsers),
      limitUsers: as('enable_max_users_limit', changes.limitUsers),
      maxUsers: as('max_users_limit', changes.maxUsers),
      invitationMinutes: as('invitation_expiry', changes.invitationMinutes),
      blockDisposableEmails: as('block_disposable_email_domains', changes.blockDisposableEmails),
      blockPublicEmails: as('block_public_email_domains', changes.blockPublicEmails),
      syncProfileOnSignIn: as('sync_user_profile_on_signin', changes.syncProfileOnSignIn),
      botDetection: as('enable_bot_detection', changes.botDetection),
      failOpen: as('enable_fail_open', changes.failOpen),
    },
  );
  return { before, user_management: now };
}

function as(setting: string, value: string | number | boolean | undefined) {
  return value === undefined ? undefined : { [setting]: value };
}

function minutes(setting: string, value: number | undefined) {
  return value === undefined ? undefined : { [setting]: value, [`${setting}_unit`]: 'MINUTES' };
}

const Features = z.object({ features: z.array(EnvironmentFeature) });
const LIST = 'list_environment_features';

/**
 * Switches a feature of an environment (`POST /environments/{id}/features/{feature}:enable` or `:disable`), and looks
 * whether that is so (`GET /features`), since the answer is empty.
 * @throws ToolError `not_applied`
 */
export async function switchFeature(api: Api, environmentId: string, feature: string, enabled: boolean) {
  await api.post(
    enabled
      ? path`/environments/${environmentId}/features/${feature}:enable`
      : path`/environments/${environmentId}/features/${feature}:disable`,
  );
  const { features } = checkAnswer(Features, await readBack(api.get(path`/features`), LIST));
  const shown = features.find(({ name }) => name === feature);
  requireCameTrue({ feature: { asked: feature, shown: shown?.name }, enabled: asked(enabled, shown) }, LIST);
  return { feature: { name: feature, enabled } };
}

function asked(enabled: boolean, shown: { enabled?: boolean | null | undefined } | undefined) {
  return { asked: enabled, shown: shown?.enabled ?? false };
}
