import type { EnvironmentName } from './ids.ts';
import type { SessionSettings, UserManagement } from './types.ts';

/** How an environment is set up. */
export interface SettingsContent {
  readonly sessionSettings: { now: SessionSettings };
  readonly userManagement: { now: UserManagement };
  readonly features: { readonly name: string; readonly enabled: boolean }[];
  /** Looks of the login page and the portal, where somebody has set some. */
  readonly branding: { readonly settings?: { readonly [name: string]: string } };
}

const SESSIONS: SessionSettings = {
  access_token_expiry: 60,
  client_access_token_expiry: 60,
  absolute_session_timeout: 43_200,
  session_management_enabled: true,
  idle_session_timeout: 1_440,
  idle_session_enabled: false,
  cookie_persistence_type: 'PERSISTENT',
  cookie_same_site_setting: 'LAX_MODE',
  access_token_expiry_unit: 'HOURS',
  absolute_session_timeout_unit: 'DAYS',
  idle_session_timeout_unit: 'HOURS',
};

const USERS: UserManagement = {
  allow_duplicate_user_identities: false,
  allow_multiple_memberships: true,
  allow_organization_signup: true,
  org_user_relationship: 'MULTIPLE_ORGANIZATIONS',
  enable_max_users_limit: false,
  invitation_expiry: 21_600,
  block_disposable_email_domains: false,
  block_public_email_domains: false,
  sync_user_profile_on_signin: true,
  enable_bot_detection: false,
  enable_fail_open: true,
};

/** What each environment holds at start. In production people are signed out earlier, and organizations are invited. */
export function seedSettings(environment: EnvironmentName): SettingsContent {
  const inProduction = environment === 'production';
  return {
    sessionSettings: {
      now: inProduction
        ? {
            ...SESSIONS,
            absolute_session_timeout: 10_080,
            idle_session_enabled: true,
            cookie_custom_domain: 'harborlight.example',
          }
        : SESSIONS,
    },
    userManagement: {
      now: inProduction ? { ...USERS, allow_organization_signup: false, block_disposable_email_domains: true } : USERS,
    },
    features: [
      { name: 'organization_switcher', enabled: true },
      { name: 'passkeys', enabled: !inProduction },
      { name: 'custom_user_attributes', enabled: false },
    ],
    branding: inProduction
      ? { settings: { primary_color: '#0b5fa5', logo_url: 'https://cdn.harborlight.example/logos/harborlight.svg' } }
      : {},
  };
}
