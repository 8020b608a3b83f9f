/** A question as a person or an assistant asks it, and the pages of docs.scalekit.com that answer it. */
export interface Question {
  readonly ask: string;
  /** Paths; several where the site says the same twice. */
  readonly pages: readonly string[];
}

const row = (ask: string, ...pages: string[]): Question => ({ ask, pages });
const SSO = 'guides/integrations/sso-integrations';
const SCIM = 'guides/integrations/scim-integrations';
const SOCIAL = 'guides/integrations/social-connections';

/** The search was tuned with these. */
export const TUNED: readonly Question[] = [
  row('how do I set up Okta SAML single sign-on for a customer', `${SSO}/okta-saml`),
  row('configure okta OIDC connection', `${SSO}/okta-oidc`),
  row('Entra ID SAML setup steps', `${SSO}/azure-ad-saml`),
  row('google workspace saml app configuration', `${SSO}/google-saml`),
  row('customer uses ADFS', `${SSO}/microsoft-ad-fs`),
  row('SCIM provisioning with Okta', `${SCIM}/okta-scim`),
  row('azure ad scim sync', `${SCIM}/azure-scim`),
  row('sign in with GitHub button', `${SOCIAL}/github`),
  row('enable linkedin login', `${SOCIAL}/linkedin`),
  row('add oauth to my MCP server', 'authenticate/mcp/quickstart', 'authenticate/mcp/overview'),
  row('express MCP server example with token validation middleware', 'authenticate/mcp/expressjs-quickstart'),
  row(
    'fastmcp python server auth',
    'authenticate/mcp/fastmcp-quickstart',
    'authenticate/mcp/fastapi-fastmcp-quickstart',
  ),
  row('MCP client cannot connect, troubleshooting', 'authenticate/mcp/troubleshooting'),
  row('revoke consent of a registered MCP client', 'authenticate/mcp/managing-mcp-clients'),
  row('let users of my MCP server sign in with their company SSO', 'mcp/auth-methods/enterprise'),
  row('use my existing login system for MCP auth', 'authenticate/mcp/custom-auth', 'mcp/auth-methods/custom-auth'),
  row('cross-app access XAA for MCP', 'mcp/auth-methods/xaa'),
  row('what is the checklist before going live with MCP auth', 'authenticate/mcp/launch-checklist'),
  row(
    'publish connector in ChatGPT and Claude directory, test credentials for reviewers',
    'authenticate/mcp/directory-submission-test-credentials',
  ),
  row('refresh token rotation and session cookies', 'authenticate/fsa/manage-session'),
  row('log the user out everywhere', 'authenticate/fsa/logout'),
  row('add custom claims to the access token', 'authenticate/fsa/session-token-claims'),
  row('what claims are in the id token', 'guides/idtoken-claims'),
  row(
    'exchange authorization code for tokens in the callback',
    'authenticate/fsa/complete-login',
    'browse/code-samples/gists/auth-code-exchange-scalekit-sdk',
  ),
  row('single page app login with PKCE', 'authenticate/fsa/multiapp/single-page-app'),
  row('desktop and mobile app authentication', 'authenticate/fsa/multiapp/native-app'),
  row('passkey login', 'authenticate/auth-methods/passkeys'),
  row(
    'email OTP and magic link sign in',
    'authenticate/auth-methods/passwordless',
    'fsa/guides/passwordless',
    'passwordless/quickstart',
  ),
  row('create roles and permissions for my app', 'authenticate/authz/create-roles-permissions'),
  row('assign a role to a user', 'authenticate/authz/assign-roles'),
  row('map IdP groups to roles automatically', 'directory/guides/group-based-role-assignment'),
  row('invite a user to an organization', 'fsa/guides/user-invitations'),
  row('verify domain of a customer', 'authenticate/manage-users-orgs/organization-domains'),
  row('auto join organization by email domain, block gmail', 'authenticate/manage-users-orgs/email-domain-rules'),
  row(
    'just in time provisioning on first SSO login',
    'authenticate/manage-users-orgs/jit-provisioning',
    'fsa/guides/just-in-time-provisioning',
  ),
  row(
    'switch between organizations',
    'authenticate/manage-users-orgs/organization-switching',
    'cookbooks/building-custom-org-switcher',
  ),
  row('session timeout per organization', 'authenticate/manage-organizations/organization-session-policy'),
  row(
    'webhook signature verification',
    'authenticate/implement-workflows/implement-webhooks',
    'guides/webhooks-best-practices',
  ),
  row('block a login with an interceptor', 'authenticate/interceptors/auth-flow-interceptors'),
  row('list of interceptor trigger points', 'reference/interceptors/triggers'),
  row('API keys for my customers', 'authenticate/m2m/api-keys'),
  row(
    'client credentials for service to service API access',
    'authenticate/m2m/api-auth-quickstart',
    'guides/m2m/overview',
    'guides/m2m/api-auth-m2m-clients',
  ),
  row('validate M2M JWT with JWKS', 'cookbooks/m2m-jwks-and-oauth-scopes'),
  row('which IP addresses must be allowlisted', 'reference/outbound-ip-addresses'),
  row('429 too many requests limits', 'reference/rate-limits'),
  row('branded custom domain CNAME', 'guides/custom-domain', 'agentkit/advanced/custom-domain'),
  row('use our own SMTP server for emails', 'guides/passwordless/custom-email-provider', 'guides/email-providers'),
  row(
    'redirect URI not allowed error, where do I add callback URLs',
    'guides/dashboard/redirects',
    'guides/dashboard/allowed-callback-url',
  ),
  row('where can I see authentication logs', 'guides/dashboard/auth-logs'),
  row(
    'admin portal link for customer IT admin',
    'guides/admin-portal',
    'authenticate/sso/admin-portal',
    'directory/admin-portal',
  ),
  row('events of the embedded admin portal iframe', 'reference/ui-events'),
  row('migrate from Auth0', 'cookbooks/migrate-from-auth0-to-scalekit'),
  row('test SSO without a real identity provider', 'sso/guides/test-sso', 'dev-kit/tools/sso-simulator'),
  row('IdP initiated login', 'sso/guides/idp-init-sso'),
  row('check if an email domain has SSO before redirecting', 'guides/user-auth/check-sso-domain'),
  row('errors during single sign-on and what they mean', 'sso/reference/sso-integration-errors'),
  row('connect Gmail to my agent', 'agentkit/connectors/gmail', 'agentkit/quickstart'),
  row('slack connector tools', 'agentkit/connectors/slack'),
  row('bring your own OAuth app credentials for a connector', 'agentkit/advanced/bring-your-own-oauth'),
  row('connected account status and deletion', 'agentkit/connected-accounts'),
  row('langchain agent with scalekit tools', 'agentkit/examples/langchain'),
  row('virtual MCP server session token for a user', 'agentkit/mcp/configure-mcp-server', 'agentkit/mcp/overview'),
  row('deploy scalekit on kubernetes with helm', 'self-hosted/installation', 'self-hosted/quickstart'),
  row('node sdk organizations createOrganization', 'saaskit/sdks/node/organizations'),
  row('python sdk list users', 'saaskit/sdks/python/user'),
];

/** Nothing was tuned with these. */
export const HELD_BACK: readonly Question[] = [
  row('SAML setup for JumpCloud', `${SSO}/jumpcloud-saml`),
  row('how does a customer connect OneLogin with OpenID Connect', `${SSO}/onelogin-oidc`),
  row('sync users from Google Workspace directory', `${SCIM}/google-dir-sync`),
  row('Salesforce social login', `${SOCIAL}/salesforce`),
  row('xmcp framework authentication', 'authenticate/mcp/xmcp-quickstart'),
  row(
    'machine agent calling an MCP server without a user',
    'authenticate/mcp/topologies/agent-mcp',
    'authenticate/mcp/auth-patterns',
  ),
  row('how do I protect routes by permission in my code', 'authenticate/authz/implement-access-control'),
  row(
    'same email signs in with Google and SSO, are accounts merged',
    'authenticate/manage-users-orgs/merge-identities',
  ),
  row('delete a user for good', 'authenticate/manage-users-orgs/delete-users-and-organizations'),
  row('custom attributes on the user profile', 'authenticate/manage-users-orgs/custom-user-attributes'),
  row('logo and colours of the hosted login page', 'fsa/guides/login-page-branding'),
  row('return user to the page they asked for after login', 'guides/user-auth/preserve-intended-destination'),
  row('rotate client secret safely', 'guides/client-credentials-practices'),
  row(
    'store customer id of my own system on an organization',
    'fsa/guides/organization-identifiers',
    'guides/external-ids-and-metadata',
    'guides/user-auth/external-id-system-integration',
  ),
  row('invite colleagues to the scalekit dashboard', 'dev-kit/guides/dashboard/manage-team-members'),
  row('stop SCIM from creating more users than paid seats', 'cookbooks/scim-seat-limit-enforcement'),
  row('wait for user to finish authorizing an account, magic link', 'agentkit/tools/authorize'),
  row('crewai gmail', 'agentkit/examples/crewai', 'cookbooks/crewai-agentkit-email-triage'),
  row('notion connector', 'agentkit/connectors/notion'),
  row('fastapi session middleware hosted login', 'saaskit/sdks/fastapi'),
  row('automated end-to-end tests with test users', 'authenticate/run-e2e-tests'),
  row('directory sync webhook event payloads', 'directory/reference/directory-events'),
  row('spring boot JWT timeout', 'cookbooks/java-spring-boot-jwt-timeout'),
];
