import { describe, expect } from 'vitest';
import { listedTools, wholeSurface } from '../../../scripts/generated-files.ts';
import { findTools } from '../../../src/access/find.ts';
import type { Caller } from '../../../src/auth/caller.ts';
import { parseGrant } from '../../../src/auth/scopes.ts';
import { ranker, stem } from '../../fixtures/bm25.ts';
import { verifies } from '../../verifies.ts';

/** What people ask for, in their own words, and the tools of which each would do. */
const ASKED: readonly (readonly [string, ...string[]])[] = [
  ['list environments', 'list_environments'],
  ['which environments do we have', 'list_environments'],
  ['is this production or development', 'list_environments', 'get_environment_details'],
  ['what region and custom domain does the production environment use', 'get_environment_details'],
  ['who am I signed in as', 'whoami'],
  ['give me an overview of this environment, what looks unfinished', 'get_status'],
  ['how many organizations, users and connections are there', 'get_status'],
  ['which permissions does my token lack, which scopes are missing', 'whoami'],
  ['show all customers', 'list_organizations'],
  ['list tenants', 'list_organizations'],
  ['which companies use our app', 'list_organizations'],
  ['find the organization id of a customer', 'list_organizations', 'get_organization_details'],
  ['onboard a new customer', 'create_organization'],
  ['create a tenant', 'create_organization'],
  ['details of one organization with its metadata', 'get_organization_details'],
  ['does this tenant have SSO switched on', 'get_organization_details', 'update_organization_settings'],
  ['enable SSO for an organization', 'update_organization_settings', 'enable_environment_connection'],
  ['turn on SCIM directory sync for a customer', 'update_organization_settings'],
  ['disable single sign-on feature for tenant', 'update_organization_settings'],
  ['let a customer admin configure SSO by themselves', 'generate_admin_portal_link'],
  ['send the admin portal link', 'generate_admin_portal_link'],
  ['set up SCIM with the customer IT administrator', 'generate_admin_portal_link'],
  ['list members of an organization', 'list_organization_users'],
  ['who are the users of this customer', 'list_organization_users'],
  ['show people in tenant', 'list_organization_users'],
  ['invite a user to an organization', 'create_organization_user'],
  ['add a member to a customer', 'create_organization_user', 'add_user_to_organization'],
  ['create user with email and role', 'create_organization_user'],
  ['rename a customer', 'update_organization'],
  ['change the external id of a tenant', 'update_organization'],
  ['delete a customer with all its users', 'delete_organization'],
  ['find a user by email among all customers', 'list_users', 'get_user'],
  ['which organizations is this person in', 'get_user', 'list_users'],
  ['change the phone number of a user', 'update_user'],
  ['delete a user account for good', 'delete_user'],
  ['add an existing user to another tenant', 'add_user_to_organization'],
  ['replace the roles of a member', 'update_organization_membership', 'assign_user_roles'],
  ['remove a person from a customer', 'remove_user_from_organization'],
  ['mail the invitation again', 'resend_user_invite'],
  ['give somebody the admin role', 'assign_user_roles'],
  ['take a role away from a user', 'remove_user_role'],
  ['which permissions does this person have', 'list_user_permissions', 'list_user_roles'],
  ['where is a user signed in', 'list_user_sessions'],
  ['sign a user out everywhere', 'revoke_all_user_sessions'],
  ['end one login session', 'revoke_session'],
  ['delete the passkey of a lost phone', 'delete_user_passkey'],
  ['which security keys does a user have', 'list_user_passkeys'],
  ['list my teammates', 'list_workspace_members', 'invite_workspace_member'],
  ['who has access to the Scalekit dashboard', 'list_workspace_members', 'invite_workspace_member'],
  ['invite a colleague as admin of the workspace', 'invite_workspace_member', 'list_workspace_members'],
  ['list SAML connections', 'list_environment_connections', 'list_organization_connections'],
  ['which identity providers are configured', 'list_environment_connections', 'list_organization_connections'],
  ['SSO connections of one customer', 'list_organization_connections'],
  ['add Google social login', 'create_environment_oidc_connection'],
  ['create an Okta OIDC connection', 'create_environment_oidc_connection'],
  ['set client secret and issuer of the OIDC connection', 'update_environment_oidc_connection'],
  ['configure SSO with client id', 'update_environment_oidc_connection'],
  ['activate the connection so that people can log in', 'enable_environment_connection'],
  ['switch on SSO connection', 'enable_environment_connection', 'update_organization_settings'],
  ['email domains of a customer', 'list_organization_domains'],
  ['which DNS TXT record must the customer publish', 'list_organization_domains', 'verify_organization_domain'],
  ['add a domain to a tenant for SSO', 'add_organization_domain'],
  ['check DNS verification of a domain', 'verify_organization_domain', 'list_organization_domains'],
  ['remove a domain from an organization', 'delete_organization_domain'],
  ['which connection does an email domain lead to', 'search_organization_connections', 'list_organization_domains'],
  ['find all SAML connections of tenants', 'search_organization_connections', 'list_organization_connections'],
  ['show settings of one SSO connection', 'get_organization_connection', 'get_environment_connection'],
  ['create a SAML connection for a customer', 'create_organization_connection'],
  ['configure SAML with a metadata URL', 'update_organization_saml_connection'],
  ['switch off SSO login of a customer', 'disable_organization_connection', 'disable_environment_connection'],
  ['delete an SSO connection', 'delete_organization_connection', 'delete_environment_connection'],
  ['why did the test login through a connection fail', 'get_connection_test_result'],
  ['assign domains to a connection', 'assign_domains_to_connection'],
  ['list SCIM directories of a customer', 'list_organization_directories'],
  ['set up SCIM provisioning for a tenant', 'create_organization_directory', 'generate_admin_portal_link'],
  ['bearer token for SCIM', 'create_directory_secret', 'regenerate_directory_secret'],
  ['rotate the SCIM secret', 'regenerate_directory_secret'],
  ['which users did the directory sync bring', 'list_directory_users'],
  ['groups from the identity provider', 'list_directory_groups'],
  ['give a role to a directory group', 'assign_directory_group_roles'],
  ['sync the directory now', 'sync_organization_directory'],
  ['stop SCIM provisioning', 'disable_organization_directory'],
  ['how long do sessions of a customer last', 'get_organization_session_policy', 'list_user_sessions'],
  ['shorten the session timeout of a tenant', 'update_organization_session_policy'],
  ['sign people out after inactivity', 'update_organization_session_policy', 'revoke_all_user_sessions'],
  ['maximum number of users of a customer', 'set_organization_user_limit'],
  ['which admin portal links are still open', 'list_admin_portal_links', 'generate_admin_portal_link'],
  ['revoke the link to the admin portal', 'revoke_admin_portal_link'],
  ['which service accounts does a customer have', 'list_organization_clients'],
  ['client credentials for machine-to-machine calls of a tenant', 'create_organization_client'],
  ['change the scopes of an M2M client', 'update_organization_client'],
  ['remove a service account of a customer', 'delete_organization_client'],
  ['rotate the secret of an M2M client', 'create_organization_client_secret', 'delete_organization_client_secret'],
  ['revoke one secret of an API client of a tenant', 'delete_organization_client_secret'],
  ['which API keys does a customer have', 'list_api_tokens'],
  ['issue an API key for a tenant', 'create_api_token', 'create_organization_client'],
  ['revoke a leaked API key', 'invalidate_api_token'],
  ['list roles and permissions', 'list_environment_roles'],
  ['create a new role', 'create_environment_role'],
  ['default role for new members', 'list_environment_roles', 'create_environment_role'],
  ['list oauth scopes', 'list_environment_scopes'],
  ['add an OAuth scope', 'create_environment_scope'],
  ['get the API keys and client id for my .env file', 'get_environment_credentials'],
  ['show client credentials', 'get_environment_credentials'],
  ['which applications can log in to this environment', 'list_environment_clients', 'get_environment_credentials'],
  ['OAuth client for a mobile app', 'create_environment_client'],
  ['require PKCE for an application', 'update_environment_client', 'create_environment_client'],
  ['restrict an API client to an IP range', 'update_environment_client', 'create_environment_client'],
  ['delete an OAuth client', 'delete_environment_client'],
  ['new client secret for the application', 'create_client_secret'],
  ['disable a client secret', 'deactivate_client_secret'],
  ['client of a single-page app', 'create_environment_client', 'list_environment_clients'],
  ['delete an old client secret', 'delete_client_secret'],
  ['allowed callback URLs', 'list_redirect_uris'],
  ['add a callback URL', 'add_redirect_uri'],
  ['redirect uri mismatch after login', 'add_redirect_uri', 'list_redirect_uris', 'remove_redirect_uri'],
  ['delete a redirect URI', 'remove_redirect_uri'],
  ['where do people go after logout', 'add_post_logout_redirect_uri', 'list_redirect_uris'],
  ['allow a sign-out URL', 'add_post_logout_redirect_uri'],
  ['set login page for logins started at the identity provider', 'set_initiate_login_uri'],
  ['list MCP servers', 'list_mcp_servers'],
  ['protect my MCP server with OAuth', 'register_mcp_server'],
  ['register an MCP server', 'register_mcp_server'],
  ['change the access token lifetime of an MCP server', 'update_mcp_server'],
  ['use Scalekit login for the MCP server', 'switch_mcp_auth_to_scalekit'],
  ['which tools does the MCP config expose', 'get_mcp_config', 'list_mcp_configs', 'create_mcp_config'],
  ['delete MCP config', 'delete_mcp_config'],
  ['session token for a user of an agent MCP config', 'create_mcp_session_token'],
  ['what tools can my agent use in Slack', 'list_agent_tools'],
  ['send a Gmail message as a user', 'execute_agent_tool'],
  ['which users have connected their Gmail account', 'list_connected_accounts', 'list_mcp_config_connected_accounts'],
  ['link for a user to authorize their Slack account', 'create_connected_account_magic_link'],
  ['revoke what a user has authorized', 'disconnect_connected_account', 'delete_connected_account'],
  ['list connectors', 'list_app_connections'],
];

/** One question of each kind of job: the tool must not be missed even by programs that take few. */
const KINDS = ASKED.filter((_, i) => i % 3 === 0);

const documents = new Map(listedTools().map(({ name, description }) => [name, `${name} ${description}`]));

const surface = wholeSurface();
const caller = { grant: parseGrant(['organization:read']) } as unknown as Caller;

describe.each([
  ['words as they are', ranker(documents)],
  ['stems of words', ranker(documents, stem)],
  ['find_tools', (query: string) => findTools(query, 50, surface, caller).map(({ name }) => name)],
] as const)('a search by %s', (_, rank) => {
  const placeOf = ([question, ...right]: readonly [string, ...string[]]) => {
    const found = rank(question);
    const places = right.map((name) => found.indexOf(name)).filter((place) => place >= 0);
    return places.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...places) + 1;
  };

  verifies('tools.search', 'finds the right tool among the first three for nine questions of ten', () => {
    const missed = ASKED.filter((asked) => placeOf(asked) > 3).map(([question]) => [
      question,
      rank(question).slice(0, 5),
    ]);
    expect(missed.length, JSON.stringify(missed, null, 1)).toBeLessThanOrEqual(ASKED.length / 10);
  });

  verifies('tools.search', 'finds it among the first five for each kind of job', () => {
    const missed = KINDS.filter((asked) => placeOf(asked) > 5).map(([question]) => [
      question,
      rank(question).slice(0, 8),
    ]);
    expect(KINDS.length).toBeGreaterThanOrEqual(20);
    expect(missed).toEqual([]);
  });

  verifies('tools.search', 'finds list_environments first by its own name', () => {
    for (const query of [
      'list environments',
      'list_environments',
      'environments',
      'list all environments of the workspace',
    ]) {
      expect(rank(query)[0], query).toBe('list_environments');
    }
  });
});

verifies('tools.search', 'no description is longer than what programs show of it', () => {
  const long = listedTools().filter(({ description }) => description.length > 160);
  expect(long.map(({ name, description }) => [name, description.length])).toEqual([]);
});
