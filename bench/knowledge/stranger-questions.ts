import type { Question } from './questions.ts';
import type { Asked } from './tool-questions.ts';

/*
 * Questions in the voices of five people, who say what they want done and not what anything is called: somebody at a help
 * desk, a security officer, a manager of customers, a founder who does not program, and a developer in a hurry. They were
 * written before the thesaurus, the table of other words or any miss was looked at.
 */

interface Halves<Row> {
  /** The misses of these have been looked at. */
  readonly opened: readonly Row[];
  /** Only the figures of these are known. */
  readonly sealed: readonly Row[];
}

const page = (ask: string, ...pages: string[]): Question => ({ ask, pages });

export const STRANGERS_TOOLS: Halves<Asked> = {
  opened: [
    // Help desk
    ['the welcome mail never arrived for jane at Northwind, can you fire it off again', 'resend_user_invite'],
    ['which gadgets is this guy logged in from right now', 'list_user_sessions'],
    ['her surname is spelled wrong since the wedding', 'update_user'],
    ['nobody at Contoso gets past the login screen since monday', 'diagnose_connection', 'list_auth_logs'],
    ['she lost the little USB key she logs in with', 'delete_user_passkey', 'list_user_passkeys'],
    ['is this gentleman allowed to export invoices at his firm', 'list_user_permissions', 'list_user_roles'],
    // Security officer
    ['throw this intruder out of every device immediately', 'revoke_all_user_sessions'],
    ['our key for the billing API ended up on github, kill it', 'invalidate_api_token'],
    ['people should have to sign in anew after an hour of doing nothing', 'update_environment_session_settings'],
    ['who touched what in production over the weekend', 'list_events'],
    ['stop throwaway mail addresses from registering', 'update_environment_user_management'],
    ['whose robots were let into our MCP server by whom', 'list_mcp_user_consents'],
    // Manager of customers
    ['Initech cancelled, wipe them from our system', 'delete_organization'],
    ['Globex merged and is now called Globex International', 'update_organization'],
    ['Hooli only paid for fifty people, make sure they stop at that', 'set_organization_user_limit'],
    ['send the techie of Umbrella something so that they hook up their Okta themselves', 'generate_admin_portal_link'],
    ['how many folks at Acme actually use us', 'list_organization_users'],
    ['we signed Wayne Enterprises yesterday, get them started', 'create_organization'],
    // Founder
    ['what will we be charged this month', 'get_workspace_usage'],
    ['our first engineer starts on tuesday, let him into our account', 'invite_workspace_member'],
    ['can we launch tomorrow or is something still missing', 'check_production_readiness'],
    ['I want the sign in page to live under login.ourcompany.io', 'set_custom_domain', 'get_custom_domain_dns_records'],
    ['what colours and picture do visitors see when logging in', 'get_portal_branding'],
    ['how did our bots do last week, did many runs go wrong', 'get_agent_analytics'],
    // Developer in a hurry
    ['I get redirect mismatch on localhost:3000', 'add_redirect_uri', 'list_redirect_uris'],
    ['need fresh creds, mine are in a screenshot somewhere', 'create_client_secret'],
    ['fire a dummy hook at my endpoint', 'send_test_webhook_event'],
    ['where do I get the stuff for my .env', 'get_environment_credentials'],
    ['spin up a sandbox for QA', 'create_environment'],
    ['why did that gmail thing my agent ran blow up', 'get_tool_call_log', 'list_tool_call_logs'],
  ],
  sealed: [
    // Help desk
    ['a person from Stark phoned, they also work for Pym now and need to get in there too', 'add_user_to_organization'],
    ['find the guy whose address begins with mkowalski', 'list_users'],
    ['when did he last get in, and did it go through', 'list_auth_logs', 'list_user_sessions'],
    ['he quit at Tyrell but stays with our other client', 'remove_user_from_organization'],
    ['the boss there promoted her, she should be able to approve things as well', 'assign_user_roles'],
    ['the IT guy says the sync from Azure is stuck since yesterday, give it a kick', 'sync_organization_directory'],
    // Security officer
    ['who of our own staff can look into the console', 'list_workspace_members'],
    ['a laptop got stolen, cut off that one machine', 'revoke_session'],
    ['the token their HR system pushes people with leaked, swap it this minute', 'regenerate_directory_secret'],
    ['no one may use the phone app login any more until I say so', 'disable_environment_connection'],
    ['limit which AI apps are let near our server', 'set_mcp_server_client_policy'],
    ['which of the things an intern could be given in the console are dangerous', 'list_dashboard_permissions'],
    // Manager of customers
    ['Soylent gets their mails now at soylent.green as well', 'add_organization_domain'],
    ['take the link back that I mailed to the wrong guy at Vandelay', 'revoke_admin_portal_link'],
    ['does Pied Piper have the company login turned on', 'get_organization_details', 'list_organization_connections'],
    ['turn on company login for Massive Dynamic', 'update_organization_settings', 'enable_organization_connection'],
    ['all our clients on one page', 'list_organizations'],
    ['newcomers at Oscorp should only be able to read', 'set_default_organization_role'],
    // Founder
    ['give me the big picture of where we stand', 'get_workspace_status', 'get_status'],
    ['make our new CTO boss of everything in here', 'assign_dashboard_role'],
    ['Bob left us, he should not see our stuff any more', 'remove_workspace_member'],
    ['did we pay our invoice', 'get_workspace', 'get_workspace_usage'],
    ['let people come in with their google account', 'create_environment_oidc_connection'],
    ['our helper should be able to send slack messages, which ones can it do', 'list_agent_tools', 'search_tools'],
    // Developer in a hurry
    ['claude says it cannot reach my server, whats broken', 'diagnose_mcp_server', 'check_mcp_server_discovery'],
    ['I need a service account so that their cron job can hit us', 'create_organization_client'],
    ['hook my own internal REST thing up for agents', 'create_custom_connector'],
    ['where should people land after they log off', 'add_post_logout_redirect_uri'],
    ['I wanna see which deliveries to my endpoint bounced and retry', 'get_webhook_portal_url'],
    ['add invoices:approve so I can hand it out', 'create_permission'],
  ],
};

const SSO = 'guides/integrations/sso-integrations';
const SCIM = 'guides/integrations/scim-integrations';

export const STRANGERS_DOCS: Halves<Question> = {
  opened: [
    // Help desk
    page(
      'mails with the login code land in the spam folder',
      'guides/email-providers',
      'guides/passwordless/custom-email-provider',
    ),
    page(
      'a client wants to plug in their onelogin accounts',
      `${SSO}/onelogin-saml`,
      `${SSO}/onelogin-oidc`,
      `${SCIM}/onelogin`,
    ),
    page('where can I see failed sign in attempts', 'guides/dashboard/auth-logs'),
    page('how do I reach a human at Scalekit', 'reference/contact-us'),
    // Security officer
    page('can we encrypt with our own keys from AWS', 'authenticate/encryption-keys', 'agentkit/encryption-keys'),
    page('how often should we rotate passwords of our servers', 'guides/client-credentials-practices'),
    page('which addresses must the firewall let through', 'reference/outbound-ip-addresses'),
    page(
      'shorter login times for one bank that insists',
      'authenticate/manage-organizations/organization-session-policy',
    ),
    // Manager of customers
    page(
      'let customers set up their company login by themselves without bothering us',
      'guides/admin-portal',
      'authenticate/sso/admin-portal',
      'directory/admin-portal',
      'directory/guides/onboard-enterprise-customers',
    ),
    page('show the emblem of each client when their staff log in', 'fsa/guides/organization-branding'),
    page(
      'leavers should vanish from our app when HR takes them out',
      'authenticate/manage-users-orgs/scim-provisioning',
      'directory/guides/user-provisioning-basics',
      'directory/scim/quickstart',
      'guides/user-management/scim-provisioning',
    ),
    page('how do I charge by seat and sync it with our invoices', 'cookbooks/sync-b2b-billing-with-chargebee'),
    // Founder
    page('we want to leave Auth0, how hard is that', 'cookbooks/migrate-from-auth0-to-scalekit'),
    page(
      'can everything run in our own data centre',
      'self-hosted/overview',
      'self-hosted/quickstart',
      'self-hosted/installation',
    ),
    page('what do I pay and how do I change my credit card', 'dev-kit/guides/dashboard/billing'),
    page('let my cofounder into the account', 'dev-kit/guides/dashboard/manage-team-members'),
    // Developer in a hurry
    page('getting 429, now what', 'reference/rate-limits'),
    page('put my own fields into the access token', 'authenticate/fsa/session-token-claims'),
    page('after login send them back to the page they wanted', 'guides/user-auth/preserve-intended-destination'),
    page('postman stuff to poke at the API', 'browse/code-samples/github/api-collections'),
  ],
  sealed: [
    // Help desk
    page(
      'somebody belongs to two companies and wants to hop between them',
      'authenticate/manage-users-orgs/organization-switching',
      'cookbooks/building-custom-org-switcher',
    ),
    page(
      'get rid of a member of a client without deleting the person',
      'authenticate/manage-organizations/remove-users-from-organization',
    ),
    page('log in with a fingerprint', 'authenticate/auth-methods/passkeys'),
    page('what does IdP mean', 'reference/glossary'),
    // Security officer
    page(
      'decide at the door who may come in with a check of our own',
      'authenticate/interceptors/auth-flow-interceptors',
      'reference/interceptors/triggers',
    ),
    page(
      'make sure nobody forges the notifications you post to us',
      'guides/webhooks-best-practices',
      'authenticate/implement-workflows/implement-webhooks',
    ),
    page('make certain that whoever clicked allow is really our own customer', 'agentkit/user-verification'),
    page(
      'limit what an AI helper can reach so it cannot do too much',
      'agentkit/mcp/overview',
      'agentkit/mcp/configure-mcp-server',
    ),
    // Manager of customers
    page(
      'customer bought 20 licences, block the 21st coming from their directory',
      'cookbooks/scim-seat-limit-enforcement',
    ),
    page(
      'give people their rights according to the team they are in at their employer',
      'directory/guides/group-based-role-assignment',
    ),
    page(
      'staff of a client should get an account by themselves the first time they come',
      'fsa/guides/just-in-time-provisioning',
    ),
    page(
      'tie a client to our salesforce record',
      'guides/user-auth/external-id-system-integration',
      'guides/external-ids-and-metadata',
      'fsa/guides/organization-identifiers',
    ),
    // Founder
    page('make the sign in screen look like ours', 'fsa/guides/login-page-branding'),
    page(
      'what should be ticked off before we go public',
      'authenticate/launch-checklist',
      'agentkit/advanced/launch-checklist',
      'directory/guides/launch-checklist',
      'authenticate/mcp/launch-checklist',
    ),
    page('can data stay in Europe', 'dev-kit/guides/dashboard/environments'),
    page(
      'have our mails come from our own name and wording',
      'guides/dashboard/custom-email-templates',
      'guides/email-providers',
    ),
    // Developer in a hurry
    page('fake identity provider to try it out', 'dev-kit/tools/sso-simulator'),
    page('log people out everywhere', 'authenticate/fsa/logout'),
    page('spring boot hangs when checking the token', 'cookbooks/java-spring-boot-jwt-timeout'),
    page('cypress tests for the login', 'authenticate/run-e2e-tests'),
  ],
};
