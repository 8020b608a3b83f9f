import { randomBytes } from 'node:crypto';
import type { AccessToken, AdapterFactory, ClientCredentials, Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { CustomOIDCProviderError } from 'oidc-provider/lib/helpers/errors.js';
import { Provider } from 'oidc-provider/lib/provider.js';
import { HOME_ORGANIZATION_ID } from '../data/ids.ts';
import { PEOPLE } from '../data/people.ts';
import { logTokenRequest } from '../events.ts';
import { errorPage } from '../pages/error-page.ts';
import { sendPage } from '../pages/page.ts';
import type { Place } from '../place.ts';
import { amendAuthorizationQuery } from './authorization-query.ts';
import { ACCESS_TOKEN_LIFETIME, accessTokenClaims, sessionIdOf } from './claims.ts';
import { LiveSigningKey } from './live-signing-key.ts';
import { grantToMachine, MACHINE_CLIENT, type MachineRequest } from './machine.ts';
import { OAuthError } from './oauth-error.ts';
import { grantableScopes, IDENTITY_SCOPES, splitScope } from './scopes.ts';
import type { Target } from './target.ts';

const DAY = 24 * 3600;

/** Paths below the issuer that this provider answers; everything else about it is served by routes of our own. */
export const PROVIDER_PATHS = { authorization: '/oauth/authorize', token: '/oauth/token' } as const;

/** The authorization server of the MCP server: authorization code with PKCE, refresh, client credentials. */
export function createProvider(place: Place, storage: AdapterFactory): Provider {
  const provider = new Provider(place.addresses.issuer, { ...configurationOf(place), adapter: storage });
  provider.use(async (ctx, next) => {
    if (ctx.path === PROVIDER_PATHS.authorization) {
      const renews = await canRenew(provider, ctx.query['client_id']);
      ctx.query = amendAuthorizationQuery(ctx.query, place.target, renews);
    }
    await next();
  });
  // The provider's own grant drops unknown scopes silently.
  provider.registerGrantType<MachineRequest>(
    'client_credentials',
    async (ctx) => {
      ctx.body = await asProviderError(() => grantToMachine(ctx.oidc.params, place, place.addresses.issuer));
    },
    ['scope', 'resource', 'audience'],
    ['resource'],
  );
  watch(provider, place);
  return provider;
}

/** Whether that client has registered for refresh tokens; no for one that nobody knows. */
async function canRenew(provider: Provider, clientId: unknown): Promise<boolean> {
  const client = typeof clientId === 'string' ? await provider.Client.find(clientId) : undefined;
  return client?.grantTypeAllowed('refresh_token') === true;
}

function configurationOf(place: Place): Configuration {
  return {
    clients: [
      {
        client_id: MACHINE_CLIENT.id,
        client_secret: MACHINE_CLIENT.secret,
        // The provider takes `client_secret_post` from such a client as well.
        token_endpoint_auth_method: 'client_secret_basic',
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
      },
    ],
    clientBasedCORS: () => true,
    clientDefaults: {
      application_type: 'native',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
    claims: {
      openid: ['sub'],
      profile: ['name', 'given_name', 'family_name'],
      email: ['email', 'email_verified'],
    },
    cookies: {
      keys: [randomBytes(32).toString('base64url')],
      // Cookies do not tell ports apart, so the usual names would meet those of other programs on this machine.
      names: { session: 'sandbox_session', interaction: 'sandbox_interaction', resume: 'sandbox_resume' },
    },
    expiresWithSession: async () => false,
    features: featuresOf(place),
    findAccount: async (ctx, id, token) => {
      if (token !== undefined) await asProviderError(() => answerToName(place.target, ctx, token));
      return findAccount(id);
    },
    formats: {
      customizers: { jwt: async (_ctx, token, parts) => void Object.assign(parts.payload, personClaims(place, token)) },
    },
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    interactions: { url: async (_ctx, { uid }) => `${place.addresses.issuer}/interaction/${uid}` },
    jwks: { keys: [new LiveSigningKey(place.keys)] },
    // A fresh grant for each consent: what was refused earlier can be granted now, and to another person too.
    loadExistingGrant: async ({ oidc: { provider, result } }) =>
      result?.consent?.grantId === undefined ? undefined : provider.Grant.find(result.consent.grantId),
    pkce: { required: () => true },
    renderError: async (ctx, { error }) =>
      sendPage(ctx.res, errorPage({ error, clientId: ctx.query['client_id'], serverUrl: place.target.published })),
    rotateRefreshToken: true,
    routes: PROVIDER_PATHS,
    scopes: [...IDENTITY_SCOPES],
    ttl: {
      AccessToken: ACCESS_TOKEN_LIFETIME,
      AuthorizationCode: 60,
      Grant: 30 * DAY,
      IdToken: ACCESS_TOKEN_LIFETIME,
      Interaction: 3600,
      RefreshToken: 30 * DAY,
      Session: DAY,
    },
  };
}

function featuresOf(place: Place): Configuration['features'] {
  return {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    dPoP: { enabled: false },
    // The acknowledged version is the one that this was written against; without it a notice goes to stdout.
    externalSigningSupport: { enabled: true, ack: 'experimental-01' },
    pushedAuthorizationRequests: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: async (_ctx, _client, oneOf) => oneOf ?? place.target.published,
      // A token request may leave out `resource`: it means the one that the code was granted for.
      useGrantedResource: async () => true,
      getResourceServerInfo: async (ctx, name) => ({
        audience: await asProviderError(() => audienceOf(place.target, ctx, name)),
        // Scopes such as mcp:tools:<name> cannot be listed beforehand: the request itself says which are meant.
        scope: grantableScopes(scopesInPlay(ctx)).join(' '),
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
    rpInitiatedLogout: { enabled: false },
    userinfo: { enabled: false },
  };
}

/**
 * Lets a token request mean the server by another of its names than the authorization request did. The provider compares
 * names as texts, so it gets to see the one that the code or refresh token was granted for.
 *
 * Breaks when the provider looks for the account after it has looked for the resource.
 */
function answerToName(target: Target, { oidc }: KoaContextWithOIDC, granted: object): void {
  if (target.named(oidc.body ?? {}) === undefined || !('resource' in granted)) return;
  Object.assign(oidc.params ?? {}, { resource: granted.resource });
}

/** The name that a token carries: of the token request, or else of the authorization request. */
function audienceOf(target: Target, { oidc }: KoaContextWithOIDC, name: string): string {
  return target.named(oidc.body ?? {}) ?? target.named({ resource: name }) ?? target.published;
}

/** The scopes that a request is about: asked for at /authorize, or held by the code or refresh token it presents. */
function scopesInPlay({ oidc }: KoaContextWithOIDC): string {
  const { AuthorizationCode: code, RefreshToken: refreshToken } = oidc.entities;
  return [oidc.params?.['scope'], code?.scope, refreshToken?.scope]
    .filter((scope) => typeof scope === 'string')
    .join(' ');
}

function findAccount(id: string) {
  const person = PEOPLE.find((candidate) => candidate.id === id);
  if (person === undefined) return undefined;
  const { givenName, familyName, email } = person;
  return {
    accountId: id,
    claims: async () => ({
      sub: id,
      name: `${givenName} ${familyName}`,
      given_name: givenName,
      family_name: familyName,
      email,
      email_verified: true,
    }),
  };
}

/** The claims of a person's token, in place of those that the provider would write. */
function personClaims(place: Place, token: AccessToken | ClientCredentials) {
  const { clientId, aud, scope } = token;
  const { accountId, grantId } = token.kind === 'AccessToken' ? token : {};
  const person = PEOPLE.find(({ id }) => id === accountId);
  if (person === undefined || clientId === undefined) throw new Error("A token was asked for that is nobody's.");
  return {
    ...accessTokenClaims(
      {
        issuer: place.addresses.issuer,
        audience: [String(aud), place.addresses.serverId],
        subject: person.id,
        clientId,
        scopes: splitScope(scope),
      },
      place.now(),
    ),
    oid: HOME_ORGANIZATION_ID,
    sid: sessionIdOf(String(grantId)),
  };
}

/** Runs code of ours inside the provider, which knows only its own errors. */
async function asProviderError<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof OAuthError ? new CustomOIDCProviderError(error.code, error.message) : error;
  }
}

function watch(provider: Provider, { log }: Place): void {
  const record = (success: boolean) => (ctx: KoaContextWithOIDC) => {
    const { client, params = {} } = ctx.oidc;
    const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
    logTokenRequest(log, {
      clientId: client?.clientId ?? text(params['client_id']),
      grantType: text(params['grant_type']),
      scopes: splitScope(scopesInPlay(ctx)),
      success,
    });
  };
  provider.on('grant.success', record(true));
  provider.on('grant.error', record(false));
  provider.on('server_error', (_ctx, error) => log({ event: 'sandbox_defect', error: String(error) }));
  // Koa prints to stderr when nobody listens. What reaches it are connections that broke while being answered.
  const koa: NodeJS.EventEmitter = provider;
  koa.on('error', (error: unknown) => log({ event: 'sandbox_connection_error', error: String(error) }));
}
