import { z } from 'zod';
import { given, sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import {
  EnvironmentFeature,
  portalBranding,
  SessionSettings,
  UserManagement,
} from '../platform/entities/environment-settings.ts';
import { COOKIE_PERSISTENCE, ORGANIZATIONS_OF_USERS, SAME_SITE } from '../platform/enum-words.ts';
import {
  changeSessions,
  changeUserManagement,
  sessionsPath,
  switchFeature,
  usersPath,
} from '../platform/environment-settings.ts';
import { path } from '../platform/path.ts';
import { domainName } from './fields/organization.ts';
import { ownId } from './fields/own-id.ts';
import { shortText } from './fields/texts.ts';

const before = 'As it was until now';
const isOn = z.boolean().optional();

function upTo(max: number) {
  return z.int().min(1).max(max).optional();
}

/** How an environment is set up. */
export const environmentSettings = toolset(
  'environment_settings',
  { area: 'environment', needsWorkspaceToken: true, rare: true },
  (t) => [
    t.read('get_environment_session_settings', {
      foundBy: 'how long people stay signed in, session length, idle timeout, when must people sign in again',
      description:
        'Show how long users stay signed in: session and idle timeouts, lifetime of access tokens, cookies. Times are minutes.',
      output: { session_settings: SessionSettings },
      run: (_args, { api, environmentId }) => api.get(sessionsPath(ownId(environmentId))),
    }),

    t.overwrite('update_environment_session_settings', {
      title: 'Change the session settings of an environment',
      foundBy:
        'sign out after inactivity, idle hour, days, keep signed in, remember me, session length, make people sign in more or less often',
      description:
        'Change session timeouts, idle logout, lifetime of access tokens, or cookies, for all users. What is left out stays.',
      input: {
        absoluteTimeoutMinutes: upTo(525_600).describe('After so long everybody signs in again'),
        idleTimeoutEnabled: isOn,
        idleTimeoutMinutes: upTo(10_080).describe('Without activity; only with idleTimeoutEnabled'),
        accessTokenMinutes: upTo(43_200).describe('Access tokens of users'),
        clientAccessTokenMinutes: upTo(43_200).describe('Access tokens of API clients'),
        sessionManagementEnabled: isOn,
        cookiePersistence: z.enum(COOKIE_PERSISTENCE).optional().describe('SESSION ends with the browser'),
        cookieSameSite: z.enum(SAME_SITE).optional(),
        cookieDomain: domainName.optional(),
      },
      output: { session_settings: SessionSettings, before: SessionSettings.describe(before) },
      does: (changes) =>
        sentence`Change the session settings of the environment: ${given({
          'absolute timeout in minutes': changes.absoluteTimeoutMinutes,
          'idle timeout on': changes.idleTimeoutEnabled,
          'idle timeout in minutes': changes.idleTimeoutMinutes,
          'access tokens in minutes': changes.accessTokenMinutes,
          'access tokens of clients in minutes': changes.clientAccessTokenMinutes,
          'session management on': changes.sessionManagementEnabled,
          'cookie persistence': changes.cookiePersistence,
          'cookie same site': changes.cookieSameSite,
          'cookie domain': changes.cookieDomain,
        })}.`,
      run: (changes, { api, environmentId }) => changeSessions(api, ownId(environmentId), changes),
    }),

    t.read('get_environment_user_management', {
      foundBy: 'may people sign up by themselves, signup rules, who may register, is public registration open',
      description:
        'Show the rules for users of an environment: sign-up of organizations, invitations, limits, blocked addresses.',
      output: { user_management: UserManagement },
      run: (_args, { api, environmentId }) => api.get(usersPath(ownId(environmentId))),
    }),

    t.overwrite('update_environment_user_management', {
      title: 'Change the user management of an environment',
      foundBy:
        'signup, invitations expire, block free or throwaway email, bots, stop public registration, allow only invited people',
      description:
        'Change rules for all users: self sign-up, when invitations expire, block public or disposable email. What is left out stays.',
      input: {
        allowOrganizationSignup: isOn.describe('People may create organizations by signing up'),
        allowMultipleMemberships: isOn,
        organizationsOfUsers: z.enum(ORGANIZATIONS_OF_USERS).optional(),
        allowDuplicateIdentities: isOn,
        limitUsers: isOn,
        maxUsers: upTo(99_999).describe('Only with limitUsers'),
        invitationMinutes: upTo(43_200).describe('Invitations are good for so long'),
        blockDisposableEmails: isOn,
        blockPublicEmails: isOn.describe('Such as gmail.com'),
        syncProfileOnSignIn: isOn,
        botDetection: isOn,
        failOpen: isOn.describe('Let people in when bot detection is away'),
      },
      output: { user_management: UserManagement, before: UserManagement.describe(before) },
      does: (changes) =>
        sentence`Change the rules for users of the environment: ${given({
          'organizations by sign-up': changes.allowOrganizationSignup,
          'several memberships': changes.allowMultipleMemberships,
          'organizations of a user': changes.organizationsOfUsers,
          'duplicate identities': changes.allowDuplicateIdentities,
          'limit of users on': changes.limitUsers,
          'most users': changes.maxUsers,
          'invitations in minutes': changes.invitationMinutes,
          'disposable email blocked': changes.blockDisposableEmails,
          'public email blocked': changes.blockPublicEmails,
          'profile synced at sign-in': changes.syncProfileOnSignIn,
          'bot detection': changes.botDetection,
          'fail open': changes.failOpen,
        })}.`,
      run: (changes, { api, environmentId }) => changeUserManagement(api, ownId(environmentId), changes),
    }),

    t.list('list_environment_features', {
      foundBy: 'which features are on, beta functions, previews that we could try',
      description: 'Show all feature flags (preview, beta) and whether each is switched.',
      needsWorkspaceToken: false,
      of: { features: EnvironmentFeature },
      run: (_args, { api }) => api.get(path`/features`),
    }),

    t.overwrite('set_environment_feature', {
      title: 'Switch a feature of an environment',
      foundBy: 'switch a beta on, try a preview, turn a feature off for everybody',
      description: 'Switch a feature flag of an environment: everybody there gets or loses it at once.',
      input: {
        feature: shortText(32).describe('name from list_environment_features'),
        enabled: z.boolean(),
      },
      output: { feature: EnvironmentFeature },
      does: ({ feature, enabled }) =>
        sentence`Switch the feature ${feature} of the environment ${enabled ? sentence`on` : sentence`off`}.`,
      run: ({ feature, enabled }, { api, environmentId }) => switchFeature(api, ownId(environmentId), feature, enabled),
    }),

    t.read('get_portal_branding', {
      title: 'Get the branding of an environment',
      foundBy: 'login page logo colors look, how do our pages look to customers, our design',
      description: 'Show the branding (looks, logo, colors, theme) of the hosted login page and the admin portal.',
      output: portalBranding,
      run: (_args, { api }) => api.get(path`/portal_customizations`),
    }),
  ],
);
