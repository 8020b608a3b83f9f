import { wholeSurface } from '../../scripts/generated-files.ts';
import { findTools } from '../../src/access/find.ts';
import type { Caller } from '../../src/auth/caller.ts';
import { parseGrant } from '../../src/auth/scopes.ts';
import { prompts } from '../../src/prompts/index.ts';

/*
 * How often `find_tools` finds the right tool at once, and among the first three, and whether it finds the tools that the
 * prompts name by what their steps say. Without a model.
 *
 *   npm run bench:tools
 */

const GOALS = { first: 0.85, firstThree: 0.95 };

/** A question as an assistant puts it, and the tools of which each would do. */
const ASKED: readonly (readonly [string, ...string[]])[] = [
  ['remove a user from a customer', 'remove_user_from_organization'],
  ['delete a user account', 'delete_user'],
  ['send the invitation again', 'resend_user_invite'],
  ['sign a user out everywhere', 'revoke_all_user_sessions'],
  ['list active sessions of a user', 'list_user_sessions'],
  ['end one session', 'revoke_session'],
  ['passkeys of a user', 'list_user_passkeys'],
  ['change the roles of a user in an organization', 'assign_user_roles', 'update_organization_membership'],
  ['what may this user do', 'list_user_permissions'],
  ['create a permission', 'create_permission'],
  ['add permissions to a role', 'add_permissions_to_role'],
  ['which permissions does a role have', 'list_role_permissions'],
  ['create a role', 'create_environment_role', 'create_organization_role'],
  ['delete a role of an organization', 'delete_organization_role'],
  ['default role for new members', 'set_default_roles', 'set_default_organization_role'],
  ['rename an organization', 'update_organization'],
  ['delete a tenant', 'delete_organization'],
  ['limit the number of users of a customer', 'set_organization_user_limit'],
  ['session length for one customer', 'update_organization_session_policy', 'get_organization_session_policy'],
  ['add an email domain to an organization', 'add_organization_domain'],
  ['verify a domain of a customer', 'verify_organization_domain'],
  ['domains of an organization', 'list_organization_domains'],
  ['API client for a customer', 'create_organization_client'],
  ['rotate the secret of an API client of an organization', 'create_organization_client_secret'],
  ['revoke an API token', 'invalidate_api_token'],
  ['create an api key for a user', 'create_api_token'],
  ['SAML connection of a customer', 'update_organization_saml_connection', 'create_organization_connection'],
  ['disable the SSO connection of an organization', 'disable_organization_connection'],
  ['delete the SSO connection of an organization', 'delete_organization_connection'],
  ['why can nobody sign in through this connection', 'diagnose_connection'],
  ['result of testing a connection', 'get_connection_test_result'],
  ['SCIM directories of an organization', 'list_organization_directories'],
  ['users that came from the directory', 'list_directory_users'],
  ['groups in the directory', 'list_directory_groups'],
  ['sync the directory now', 'sync_organization_directory'],
  ['new SCIM token', 'create_directory_secret', 'regenerate_directory_secret'],
  ['assign roles to directory groups', 'assign_directory_group_roles'],
  ['register my MCP server', 'register_mcp_server'],
  ['why does my MCP server not work with clients', 'diagnose_mcp_server', 'check_mcp_server_discovery'],
  ['clients registered at an MCP server', 'list_mcp_server_clients'],
  ['revoke the consent of a user for an MCP client', 'revoke_mcp_user_consent'],
  ['delete an MCP server', 'delete_mcp_server'],
  ['MCP config for agents with gmail and slack', 'create_mcp_config', 'list_mcp_configs'],
  ['URL of the MCP instance of a user', 'ensure_mcp_instance', 'get_mcp_instance', 'list_mcp_instances'],
  ['which accounts has the user not authorized yet', 'get_mcp_instance_auth_state'],
  ['short session token for an MCP config', 'create_mcp_session_token'],
  ['run a tool for an agent', 'execute_agent_tool'],
  ['magic link to authorize gmail', 'create_connected_account_magic_link'],
  ['disconnect a connected account', 'disconnect_connected_account'],
  ['logs of tool calls of agents', 'list_tool_call_logs'],
  ['error rate of agent tools', 'get_agent_analytics'],
  ['failed sign-ins', 'list_auth_logs'],
  ['audit log of the environment', 'list_events'],
  ['send a test webhook', 'send_test_webhook_event'],
  ['callback URLs', 'list_redirect_uris'],
  ['allow another callback URL', 'add_redirect_uri'],
  ['back channel logout', 'add_back_channel_logout_uri', 'remove_back_channel_logout_uri'],
  ['client id and secret of the environment', 'get_environment_credentials'],
  ['new secret for the client of the environment', 'create_client_secret'],
  ['invite a colleague to the dashboard', 'invite_workspace_member'],
  ['dashboard role of a member', 'assign_dashboard_role', 'list_dashboard_roles', 'list_member_environment_roles'],
  ['usage and limits of the plan', 'get_workspace_usage'],
  ['create a scope', 'create_environment_scope'],
  ['create a custom connector', 'create_custom_connector'],
];

const surface = wholeSurface();
const caller = { grant: parseGrant(['mcp:tools:*']) } as Caller;
const found = (query: string) => findTools(query, 6, surface, caller).map(({ name }) => name);

function main(): void {
  const ranks = ASKED.map(([query, ...good]) => ({
    query,
    rank: found(query).findIndex((name) => good.includes(name)),
  }));
  const share = (most: number) => ranks.filter(({ rank }) => rank >= 0 && rank < most).length / ranks.length;
  for (const { query, rank } of ranks) {
    if (rank !== 0) console.log(`  ${rank === -1 ? 'not found' : `rank ${rank + 1}`}: ${query}: ${found(query)[0]}`);
  }
  const [first, firstThree] = [share(1), share(3)];
  console.log(
    `${ranks.length} questions: rank 1 ${first.toFixed(2)} (goal ${GOALS.first}), rank 3 ${firstThree.toFixed(2)} (goal ${GOALS.firstThree})`,
  );
  for (const { name, title, description, tools } of prompts) {
    const near = found(`${title} ${description}`).filter((tool) => tools.includes(tool));
    console.log(`  ${name}: ${near.length} of the first six found by its description are tools of its steps`);
  }
  if (first < GOALS.first || firstThree < GOALS.firstThree) process.exitCode = 1;
}

main();
