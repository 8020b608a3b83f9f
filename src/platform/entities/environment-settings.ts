import { z } from 'zod';
import { Word } from '../../core/word.ts';
import { Members } from './members.ts';

/** How long people stay signed in to an environment (`scalekit.v1.environments.SessionSettings`). */
export const SessionSettings = z.object({
  session_management_enabled: z.boolean().nullish(),
  access_token_expiry: z.int().nullish(),
  access_token_expiry_unit: Word.nullish().describe('What the dashboard shows it in'),
  client_access_token_expiry: z.int().nullish(),
  absolute_session_timeout: z.int().nullish(),
  absolute_session_timeout_unit: Word.nullish(),
  idle_session_enabled: z.boolean().nullish(),
  idle_session_timeout: z.int().nullish(),
  idle_session_timeout_unit: Word.nullish(),
  cookie_persistence_type: Word.nullish(),
  cookie_same_site_setting: Word.nullish(),
  cookie_custom_domain: z.string().nullish(),
});

/** What users of an environment may be and do (`scalekit.v1.environments.UserManagement`). */
export const UserManagement = z.object({
  allow_duplicate_user_identities: z.boolean().nullish(),
  allow_multiple_memberships: z.boolean().nullish(),
  allow_organization_signup: z.boolean().nullish(),
  org_user_relationship: Word.nullish(),
  enable_max_users_limit: z.boolean().nullish(),
  max_users_limit: z.int().nullish(),
  invitation_expiry: z.int().nullish(),
  block_disposable_email_domains: z.boolean().nullish(),
  block_public_email_domains: z.boolean().nullish(),
  sync_user_profile_on_signin: z.boolean().nullish(),
  enable_bot_detection: z.boolean().nullish(),
  enable_fail_open: z.boolean().nullish(),
});

/** Something that is on or off in an environment (`scalekit.v1.environments.EnvironmentFeature`). */
export const EnvironmentFeature = z.object({
  name: z.string(),
  enabled: z.boolean().nullish().describe('left out: off'),
});

/** Looks of the login page and the portal (`scalekit.v1.environments.GetPortalCustomizationResponse`). */
export const portalBranding = {
  environmentId: z.string().nullish(),
  customization_settings: Members.nullish().describe('As the dashboard has stored them; left out: none'),
  settings: z
    .object({
      custom_branding: z.boolean().nullish().describe('Whether the subscription has branding of its own'),
      new_self_serve_sso_scim: z.boolean().nullish(),
      enable_conn_delete: z.boolean().nullish(),
      mcp_consent_screen_v2: z.boolean().nullish(),
    })
    .nullish(),
};

/** A record that somebody has to publish in DNS (`scalekit.v1.environments.DNSRecords`). */
export const DnsRecord = z.object({
  host_name: z.string(),
  type: z.string().nullish(),
  value: z.string(),
});
