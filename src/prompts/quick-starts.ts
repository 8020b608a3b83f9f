import type { Skill } from '../core/content.ts';
import { document } from './job.ts';

const KEEP_SECRETS =
  'The secret of the client stays on the server side: in the environment or a secret store, never in a repository, a browser or a conversation.';

const CREATE = `import { Scalekit } from '@scalekit-sdk/node';

export const scalekit = new Scalekit(
  process.env.SCALEKIT_ENVIRONMENT_URL,
  process.env.SCALEKIT_CLIENT_ID,
  process.env.SCALEKIT_CLIENT_SECRET,
);`;

const BEGIN = `import { randomBytes } from 'node:crypto';

app.get('/login', (request, response) => {
  request.session.state = randomBytes(32).toString('hex');
  const url = scalekit.getAuthorizationUrl(CALLBACK, {
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    state: request.session.state,
  });
  response.redirect(url);
});`;

const CALLBACK = `app.get('/auth/callback', async (request, response) => {
  const { code, state, error } = request.query;
  if (error || state !== request.session.state) return response.status(401).send('Sign-in failed');
  const { user, idToken, accessToken, refreshToken } = await scalekit.authenticateWithCode(code, CALLBACK);
  // Keep the tokens in the session on the server, or encrypted in an HttpOnly, Secure, SameSite cookie.
  response.redirect('/');
});`;

const BEGIN_SSO = `app.get('/sso', (request, response) => {
  request.session.state = randomBytes(32).toString('hex');
  // One of these says where to go: organizationId, connectionId, or loginHint with the address.
  const url = scalekit.getAuthorizationUrl(CALLBACK, { organizationId, state: request.session.state });
  response.redirect(url);
});`;

const TOKEN = `curl "$SCALEKIT_ENVIRONMENT_URL/oauth/token" \\
  -d grant_type=client_credentials \\
  -d client_id="$API_CLIENT_ID" -d client_secret="$API_CLIENT_SECRET"`;

const CHECK = `async function authenticate(request, response, next) {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  if (scheme !== 'Bearer' || !token) return response.status(401).end();
  try {
    request.claims = await scalekit.validateToken(token, { audience: [AUDIENCE] });
    next();
  } catch {
    response.status(401).end();
  }
}`;

const code = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\``;

/** How an application begins with each of the usual ways to use Scalekit. The examples are for Node.js and Express. */
export const quickStarts: readonly Skill[] = [
  document(
    'quickstart-application-sign-in',
    'Quick start: sign-in for an application',
    'Add sign-up, login, sessions and logout to a web application with Scalekit’s hosted pages (full stack auth).',
    [
      'Scalekit holds the users, shows the login page and returns to a callback of the application with a code, which the application exchanges for the user and tokens.',
      `## Set up\n\n1. Find the environment with \`list_environments\`, and the client of the application with \`list_environment_clients\`. ${KEEP_SECRETS}\n2. Register the callback with \`add_redirect_uri\`, to the letter as the application sends it, and where people land after logout with \`add_post_logout_redirect_uri\`.\n3. \`npm install @scalekit-sdk/node\`, then:\n\n${code('js', CREATE)}`,
      `## Send people to the login page\n\n${code('js', BEGIN)}`,
      `## Take them back\n\n${code('js', CALLBACK)}`,
      '## Each request\n\nCheck the access token with `scalekit.validateAccessToken(accessToken)`. When it has expired, get new tokens with `scalekit.refreshAccessToken(refreshToken)` and keep both: each refresh token works once. Roles and permissions stand in the access token.',
      '## Logout\n\nEnd your own session, then redirect to `scalekit.getLogoutUrl({ idTokenHint: idToken, postLogoutRedirectUri })`, with a URL that is registered for it.',
      '## Check\n\nSign in once, and read the attempt with `list_auth_logs`. A callback that is not registered to the letter ends on an error page of Scalekit before anything reaches the application; `list_redirect_uris` shows those that are.',
    ],
  ),
  document(
    'quickstart-enterprise-sso',
    'Quick start: enterprise SSO beside your own users',
    'Add SAML and OIDC single sign-on for enterprise customers to an application that keeps its own users and sessions.',
    [
      'The application keeps users and sessions. Scalekit talks to the identity provider of each customer, and returns who has signed in.',
      `## Set up\n\n1. Make an organization for the customer with \`create_organization\`, and allow single sign-on with \`update_organization_settings\`.\n2. Give the customer’s admin the link of \`generate_admin_portal_link\`, in which they connect their identity provider. For a first try, connect the simulator of Scalekit instead.\n3. Register the callback with \`add_redirect_uri\`. ${KEEP_SECRETS}\n\n${code('js', CREATE)}`,
      `## Begin\n\n${code('js', BEGIN_SSO)}`,
      `## Take them back\n\nExchange the code with \`scalekit.authenticateWithCode\`, compare the state, and find your own user by the verified address or by the id of the identity provider. Check that the organization is the one that your user belongs to: an address alone does not say so.`,
      '## Sign-in that begins at the customer\n\nPeople may start at their identity provider. Register where that arrives with `set_initiate_login_uri`; verify the token that comes along with `scalekit.getIdpInitiatedLoginClaims`, and begin an ordinary sign-in with the organization or connection that it names.',
      '## Check\n\n`list_organization_connections` says whether the connection is enabled, `get_connection_test_result` how its last test went, and `list_auth_logs` shows each attempt.',
    ],
  ),
  document(
    'quickstart-api-clients',
    'Quick start: API clients of your customers',
    'Let programs of your customers call your API with OAuth client credentials (machine to machine, M2M).',
    [
      'Each customer’s program has a client of its organization. It exchanges id and secret for a short-lived token, which your API checks without asking anybody.',
      `## Set up\n\n1. Make the scopes that your API knows with \`create_environment_scope\`.\n2. Make a client for the customer with \`create_organization_client\`: its scopes, and the audience, which is the URL of your API. The secret is shown once. ${KEEP_SECRETS}`,
      `## The customer’s program gets a token\n\n${code('sh', TOKEN)}`,
      `## Your API checks it\n\n${code('js', CHECK)}\n\nThen check the scope for what is asked, and take the organization from the token, never from a parameter.`,
      '## Later\n\nA secret is replaced without a gap: make a second one with `create_organization_client_secret`, let the customer change over, then remove the first with `delete_organization_client_secret`. `list_organization_clients` shows who has which.',
    ],
  ),
];
