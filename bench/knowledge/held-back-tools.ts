import type { Asked } from './tool-questions.ts';

/** Nothing was tuned with these. */
export const HELD_BACK_TOOLS: readonly Asked[] = [
  ['kick somebody out of a tenant', 'remove_user_from_organization'],
  ['an invited member never got the email', 'resend_user_invite'],
  ['log a person out of every device', 'revoke_all_user_sessions'],
  ['employee lost their yubikey', 'delete_user_passkey', 'list_user_passkeys'],
  ['look up the account of jane@acme.com', 'list_users', 'get_user'],
  ['promote a member to admin in their company', 'assign_user_roles', 'update_organization_membership'],
  ['offboard a customer that cancelled', 'delete_organization'],
  ['cap the seats of an account', 'set_organization_user_limit'],
  ['give the IT admin a self-service setup link', 'generate_admin_portal_link'],
  ['certificate of the SAML identity provider expired', 'update_organization_saml_connection'],
  ['turn off single sign-on for one company', 'disable_organization_connection', 'update_organization_settings'],
  ['SSO is broken for a customer', 'diagnose_connection'],
  ['prove that a customer owns its email domain', 'verify_organization_domain', 'list_organization_domains'],
  ['trigger SCIM provisioning again', 'sync_organization_directory'],
  ['rotate the token that Okta uses for SCIM', 'regenerate_directory_secret', 'create_directory_secret'],
  ['map groups of the IdP to roles', 'assign_directory_group_roles'],
  ['our api key leaked, revoke it', 'invalidate_api_token'],
  ['roll the client secret of our app', 'create_client_secret'],
  ['whitelist http://localhost:3000/callback', 'add_redirect_uri'],
  ['secure my MCP server with OAuth', 'register_mcp_server'],
  ['which agents are connected to our MCP server', 'list_mcp_server_clients', 'list_mcp_user_consents'],
  ['unlink the Slack account of a user', 'disconnect_connected_account', 'delete_connected_account'],
  ['login attempts that failed today', 'list_auth_logs'],
  ['who changed what in this environment', 'list_events'],
  ['keep people logged in for 30 days', 'update_environment_session_settings', 'update_organization_session_policy'],
];

/** People's words for a job, and the prompt that starts it. */
export const HELD_BACK_PROMPTS: readonly Asked[] = [
  ['we signed Acme, get them going with Okta and SCIM', 'onboard_enterprise_customer'],
  ['my MCP server should require authorization', 'protect_mcp_server'],
  ['quarterly audit of permissions of a customer', 'review_organization_access'],
  ['a user gets an error at login', 'debug_failed_sign_in'],
  ['assistant should read the calendar of a user', 'give_agent_access'],
  ['checklist for launch', 'prepare_production'],
  ['troubleshoot SSO that does not work', 'debug_failed_sign_in'],
  ['new tenant with single sign-on', 'onboard_enterprise_customer'],
];
