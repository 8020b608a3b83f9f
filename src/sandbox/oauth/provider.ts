import { randomBytes } from 'node:crypto';
import type { AccessToken, AdapterFactory, ClientCredentials, Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { CustomOIDCProviderError, OIDCProviderError } from 'oidc-provider/lib/helpers/errors.js';
import { Provider } from 'oidc-provider/lib/provider.js';
import { logTokenRequest } from '../events.ts';
import { errorPage } from '../pages/error-page.ts';
import { sendPage } from '../pages/page.ts';
import type { Place } from '../place.ts';
import { amendAuthorizationQuery } from './authorization-query.ts';
import { ACCESS_TOKEN_LIFETIME, accessTokenClaims, sessionIdOf } from './claims.ts';
import { LiveSigningKey } from './live-signing-key.ts';
import { issueToken, type MachineRequest } from './machine.ts';
import { OAuthError } from './oauth-error.ts';
import { grantableTo, type ProtectedServer } from './protected-server.ts';
import { IDENTITY_SCOPES, splitScope } from './scopes.ts';

const DAY = 24 * 3600;

/** Paths below the issuer that this provider answers; everything else about it is served by routes of our own. */
export const PROVIDER_PATHS = { authorization: '/oauth/authorize', token: '/oauth/token' } as const;

/** What one provider is made of. */
export interface ProviderParts {
  readonly place: Place;
  readonly server: ProtectedServer;
  readonly storage: AdapterFactory;
  /** Clients that are known from the start. */
  readonly clients: NonNullable<Configuration['clients']>;
}

/** The authorization server of an MCP server: authorization code with PKCE, refresh, client credentials. */
export function createProvider({ place, server, storage, clients }: ProviderParts): Provider {
  const provider = new Provider(server.issuer, { ...configurationOf(place, server), adapter: storage, clients });
  provider.use(async (ctx, next) => {
    if (ctx.path === PROVIDER_PATHS.authorization) {
      const renews = await canRenew(provider, ctx.query['client_id']);
      ctx.query = amendAuthorizationQuery(ctx.query, server, renews);
    }
    await next();
  });
  // The provider's own grant drops unknown scopes silently.
  provider.registerGrantType<MachineRequest>(
    'client_credentials',
    async (ctx) => {
      const { client, params } = ctx.oidc;
      const subject = await asProviderError(() => server.toMachine(String(client?.clientId), params));
      ctx.body = await issueToken(place, subject);
    },
    ['scope', 'resource', 'audience'],
    ['resource'],
  );
  watch(provider, place);
  return provider;
}

/** Whether that client has registered for refresh tokens; no for one that nobody knows, which the provider tells. */
async function canRenew(provider: Provider, clientId: unknown): Promise<boolean> {
  if (typeof clientId !== 'string') return false;
  const client = await provider.Client.find(clientId).catch((error) => {
    if (!(error instanceof OIDCProviderError)) throw error;
  });
  return client?.grantTypeAllowed('refresh_token') === true;
}

function configurationOf(place: Place, server: ProtectedServer): Configuration {
  // Cookies do not tell ports apart, so the usual names would meet those of other programs on this machine.
  const cookie = (name: string) => `sandbox_${name}${server.id === place.addresses.serverId ? '' : `_${server.id}`}`;
  return {
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
      names: { session: cookie('session'), interaction: cookie('interaction'), resume: cookie('resume') },
    },
    expiresWithSession: async () => false,
    features: featuresOf(server),
    findAccount: async (ctx, id, token) => {
      if (token !== undefined) await asProviderError(() => answerToName(server, ctx, token));
      return findAccount(server, id);
    },
    formats: {
      customizers: {
        jwt: async (_ctx, token, parts) => void Object.assign(parts.payload, personClaims(place, server, token)),
      },
    },
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    interactions: { url: async (_ctx, { uid }) => `${server.issuer}/interaction/${uid}` },
    jwks: { keys: [new LiveSigningKey(place.keys)] },
    // A fresh grant for each consent: what was refused earlier can be granted now, and to another person too.
    loadExistingGrant: async ({ oidc: { provider, result } }) =>
      result?.consent?.grantId === undefined ? undefined : provider.Grant.find(result.consent.grantId),
    pkce: { required: () => true },
    renderError: async (ctx, { error, error_description: description }) =>
      sendPage(ctx.res, errorPage({ error, description, clientId: ctx.query['client_id'], serverUrl: server.url })),
    rotateRefreshToken: true,
    routes: PROVIDER_PATHS,
    scopes: [...IDENTITY_SCOPES],
    ttl: {
      AccessToken: (_ctx, _token, client) => server.lifetimes(client.clientId).access,
      AuthorizationCode: 60,
      Grant: () => server.lifetimes('').refresh,
      IdToken: ACCESS_TOKEN_LIFETIME,
      Interaction: 3600,
      RefreshToken: (_ctx, _token, client) => server.lifetimes(client.clientId).refresh,
      Session: DAY,
    },
  };
}

function featuresOf(server: ProtectedServer): Configuration['features'] {
  return {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    dPoP: { enabled: false },
    // The acknowledged version is the one that this was written against; without it a notice goes to stdout.
    externalSigningSupport: { enabled: true, ack: 'experimental-01' },
    pushedAuthorizationRequests: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: async (_ctx, _client, oneOf) => oneOf ?? server.names.published,
      // A token request may leave out `resource`: it means the one that the code was granted for.
      useGrantedResource: async () => true,
      getResourceServerInfo: async (ctx, name, client) => ({
        audience: await asProviderError(() => nameMeant(server, ctx, name)),
        // Some scopes cannot be listed beforehand: the request itself says which are meant.
        scope: grantableTo(server, client.clientId, scopesInPlay(ctx)).join(' '),
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
function answerToName({ names }: ProtectedServer, { oidc }: KoaContextWithOIDC, granted: object): void {
  if (names.named(oidc.body ?? {}) === undefined || !('resource' in granted)) return;
  Object.assign(oidc.params ?? {}, { resource: granted.resource });
}

/**
 * By which name a token means the server: of the token request, or else of the authorization request. A name that was
 * good when it was granted counts no longer once the server has moved; its present name does.
 */
function nameMeant({ names }: ProtectedServer, { oidc, query }: KoaContextWithOIDC, granted: string): string {
  const named = names.named(oidc.body ?? query);
  return named ?? (names.includes(granted) ? granted : names.published);
}

/** The scopes that a request is about: asked for at /authorize, or held by the code or refresh token it presents. */
function scopesInPlay({ oidc }: KoaContextWithOIDC): string {
  const { AuthorizationCode: code, RefreshToken: refreshToken } = oidc.entities;
  return [oidc.params?.['scope'], code?.scope, refreshToken?.scope]
    .filter((scope) => typeof scope === 'string')
    .join(' ');
}

function findAccount({ accounts }: ProtectedServer, id: string) {
  const account = accounts.find((candidate) => candidate.id === id);
  if (account === undefined) return undefined;
  const { givenName, familyName, email } = account;
  return {
    accountId: id,
    claims: async () => ({
      sub: id,
      name: `${givenName} ${familyName}`.trim(),
      given_name: givenName,
      family_name: familyName,
      email,
      email_verified: true,
    }),
  };
}

/** The claims of a person's token, in place of those that the provider would write. */
function personClaims(place: Place, server: ProtectedServer, token: AccessToken | ClientCredentials) {
  const { clientId, aud, scope } = token;
  const { accountId, grantId } = token.kind === 'AccessToken' ? token : {};
  const account = server.accounts.find(({ id }) => id === accountId);
  if (account === undefined || clientId === undefined) throw new Error("A token was asked for that is nobody's.");
  return {
    ...accessTokenClaims(
      {
        issuer: server.tokenIssuer,
        audience: server.audience(String(aud)),
        subject: account.id,
        clientId,
        scopes: splitScope(scope),
        lifetime: server.lifetimes(clientId).access,
      },
      place.now(),
    ),
    oid: account.organizationId,
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
