import { ConnectionService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb.js';
import type { JsonOf } from '../contract/json.ts';
import { discovered, draft } from '../data/connections.ts';
import type { Connection, OidcConfig } from '../data/types.ts';
import { findIn, invalid, refuseTaken } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import type { EnvironmentContent } from '../store.ts';
import { page } from './paging.ts';
import { defined, given, now, replace } from './parts.ts';

type Change = NonNullable<JsonOf<typeof ConnectionService.method.updateEnvironmentConnection.input>['connection']>;

export const connectionsOperations = operations(ConnectionService, {
  listConnections: ({ request, content }) => {
    const { organization_id: organizationId, domain: wanted, include } = request;
    const matching = content.ssoConnections.filter(
      ({ organization_id, domains, status, enabled }) =>
        (organizationId === undefined || organization_id === organizationId) &&
        (wanted === undefined || domains.some(({ domain }) => domain === wanted)) &&
        (include === 'all' || (status === 'COMPLETED' && enabled)),
    );
    return { connections: matching.map((connection) => toEntry(connection, content)) };
  },

  listAppConnections: ({ request, environment, content }) => {
    const { provider, query } = request;
    const isSought = (text: string) => query === undefined || text.toLowerCase().includes(query.toLowerCase());
    // The query looks at the name and the provider (documented).
    const matching = content.appConnections.filter(
      ({ provider_key, key_id }) =>
        (provider === undefined || provider_key === provider) && (isSought(key_id) || isSought(provider_key)),
    );
    const listing = ['app-connections', environment.id, provider, query];
    return page('connections', matching, request, listing);
  },

  createEnvironmentConnection: ({ request, environment, content, store }) => {
    const wanted = given(request.connection);
    refuseNoType(wanted.type);
    refuseTakenKey(content, wanted.key_id);
    const connection = draft(store.newId('conn'), environment.domain, store.url, { ...wanted, create_time: now() });
    content.ssoConnections.push(connection);
    return { connection };
  },

  getEnvironmentConnection: ({ request, content }) => ({
    connection: findConnection(content, request.connection_id),
  }),

  updateEnvironmentConnection: ({ request, content }) => {
    const before = findConnection(content, request.connection_id);
    const change = given(request.connection);
    if (change.key_id !== before.key_id) refuseTakenKey(content, change.key_id);
    refuseNoUris(change);
    if (change.configuration_type === 'DISCOVERY') refuseNothingToDiscover(change);
    return { connection: replace(content.ssoConnections, before, changed(before, change)) };
  },

  enableEnvironmentConnection: ({ request, content }) => {
    const before = findConnection(content, request.connection_id);
    if (before.status !== 'COMPLETED') {
      return { enabled: false, error_message: 'connection configuration is incomplete' };
    }
    replace(content.ssoConnections, before, { ...before, enabled: true, update_time: now() });
    return { enabled: true };
  },
});

/** scalekit.v1.connections.ListConnection: what the list tells of each. */
function toEntry(connection: Connection, { organizations }: EnvironmentContent) {
  const { organization_id = '', domains, create_time } = connection;
  return {
    ...connection,
    domains: domains.map(({ domain }) => domain),
    organization_name: organizations.find(({ id }) => id === organization_id)?.display_name,
    created_at: create_time,
  };
}

/** Connections of organizations have paths of their own. */
function findConnection({ ssoConnections }: EnvironmentContent, wanted: string): Connection {
  const isOwn = ({ id, organization_id }: Connection) => id === wanted && organization_id === undefined;
  return findIn(ssoConnections, isOwn, 'connection');
}

/** No rule of the descriptor, and shown by no test of Scalekit's: what has no type can have no settings. */
function refuseNoType(type: string): void {
  if (type !== 'INVALID') return;
  throw invalid({ field: 'connection.type', description: 'value is required', constraint: 'required' });
}

function refuseTakenKey({ ssoConnections }: EnvironmentContent, keyId: string | undefined): void {
  const isSame = ({ key_id }: Connection) => keyId !== undefined && key_id === keyId;
  refuseTaken(ssoConnections, isSame, 'a connection with this key_id');
}

/** No rule of the descriptor, and shown by no test of Scalekit's: where people are sent must be an address. */
function refuseNoUris({ oidc_config: config = {} as OidcConfig }: Change): void {
  const uris = ['issuer', 'discovery_endpoint', 'authorize_uri', 'token_uri', 'user_info_uri', 'jwks_uri'] as const;
  const broken = uris.filter((name) => config[name] !== undefined && !URL.canParse(config[name]));
  const rule = { description: 'must be a valid URI', constraint: 'string.uri' };
  if (broken.length > 0) throw invalid(...broken.map((name) => ({ field: `connection.oidc_config.${name}`, ...rule })));
}

function refuseNothingToDiscover({ oidc_config: config }: Change): void {
  if (config?.discovery_endpoint || config?.issuer) return;
  const field = 'connection.oidc_config.discovery_endpoint';
  throw invalid({ field, description: 'value is required for DISCOVERY', constraint: 'required' });
}

/**
 * Wrapped values that a change leaves out stay as they are. Lists, maps and plain enums cannot be left out in this
 * protocol, and this request has no field mask: unset, they are cleared.
 */
function changed(
  before: Connection,
  { provider, type, oidc_config, attribute_mapping, ...change }: Change,
): Connection {
  const { debug_enabled, ui_button_title, key_id, configuration_type, provider_key } = change;
  const after = {
    ...before,
    ...(provider !== 'CONNECTION_PROVIDER_UNSPECIFIED' && { provider }),
    ...(type !== 'INVALID' && { type }),
    ...defined({ debug_enabled, ui_button_title, key_id }),
    configuration_type,
    attribute_mapping,
    provider_key,
    update_time: now(),
  };
  if (before.oidc_config === undefined || oidc_config === undefined) return after;
  const config = changedConfig(before.oidc_config, oidc_config, configuration_type === 'DISCOVERY');
  return { ...after, oidc_config: config, status: isComplete(config) ? 'COMPLETED' : 'IN_PROGRESS' };
}

function changedConfig(before: OidcConfig, change: OidcConfig, discover: boolean): OidcConfig {
  const { issuer, discovery_endpoint: endpoint, redirect_uri: _, ...settings } = defined(change);
  const source = issuer ?? endpoint?.replace(/\/\.well-known\/.*$/, '');
  const endpoints = discover && source !== undefined ? discovered(source) : {};
  return { ...before, ...endpoints, ...defined({ issuer, discovery_endpoint: endpoint }), ...settings };
}

function isComplete(config: OidcConfig): boolean {
  const { issuer, authorize_uri, token_uri, jwks_uri, client_id, client_secret, scopes, token_auth_type } = config;
  const texts = [issuer, authorize_uri, token_uri, jwks_uri, client_id, client_secret];
  return texts.every(Boolean) && scopes.length > 0 && token_auth_type !== 'TOKEN_AUTH_TYPE_UNSPECIFIED';
}
