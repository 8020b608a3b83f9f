import {
  CONFIGURATION_TYPES,
  CONNECTION_TYPES,
  type Connection,
  discovered,
  draft,
  OIDC_SCOPES,
  type OidcConfig,
  PROVIDERS,
  TOKEN_AUTH_TYPES,
} from '../data/connections.ts';
import type { EnvironmentContent } from '../store.ts';
import { ApiError, invalid } from './api-error.ts';
import { flag, list, optionalFlag } from './composite-fields.ts';
import { choice, optionalText, text, textMap } from './fields.ts';
import { optionalUrl } from './formats.ts';
import { type Decoded, message } from './message.ts';
import { environmentOperation } from './operation.ts';

const connectionId = text({ minLen: 1, maxLen: 32 });

/** scalekit.v1.connections.CreateConnection */
const createConnection = {
  provider: choice(PROVIDERS),
  type: choice(CONNECTION_TYPES),
  provider_key: text(),
  key_id: optionalText(),
} as const;

/** scalekit.v1.connections.OIDCConnectionConfig without what only the API sets. */
const oidcConfig = {
  issuer: optionalUrl(),
  discovery_endpoint: optionalUrl(),
  authorize_uri: optionalUrl(),
  token_uri: optionalUrl(),
  user_info_uri: optionalUrl(),
  jwks_uri: optionalUrl(),
  client_id: optionalText(),
  client_secret: optionalText(),
  scopes: list(choice(OIDC_SCOPES)),
  token_auth_type: choice(TOKEN_AUTH_TYPES),
  pkce_enabled: optionalFlag(),
  idp_logout_required: optionalFlag(),
  sync_user_profile_on_login: optionalFlag(),
  jit_provisioning_with_sso_enabled: optionalFlag(),
} as const;

/** scalekit.v1.connections.UpdateConnection, of whose kinds of settings the sandbox knows OIDC. */
const updateConnection = {
  provider: choice(PROVIDERS),
  type: choice(CONNECTION_TYPES),
  debug_enabled: optionalFlag(),
  ui_button_title: optionalText(),
  configuration_type: choice(CONFIGURATION_TYPES),
  attribute_mapping: textMap({ maxPairs: 30, keys: { minLen: 1, maxLen: 100 }, values: { minLen: 1, maxLen: 256 } }),
  oidc_config: message(oidcConfig),
  key_id: optionalText({ minLen: 1, maxLen: 300 }),
  provider_key: text(),
} as const;

type Change = Decoded<typeof updateConnection>;

/** scalekit.v1.connections.ConnectionService */
export const connectionsOperations = [
  environmentOperation({
    verb: 'GET',
    path: '/connections',
    accepts: ['workspace', 'client'],
    permission: 'connections_read',
    request: {
      organization_id: optionalText({ minLen: 1, maxLen: 32 }),
      domain: optionalText({ minLen: 1, maxLen: 32 }),
      include: optionalText(),
    },
    run({ request, content }) {
      const { organization_id: organizationId, domain: wanted, include } = request;
      const matching = content.ssoConnections.filter(
        ({ organization_id, domains, status, enabled }) =>
          (organizationId === undefined || organization_id === organizationId) &&
          (wanted === undefined || domains.some(({ domain }) => domain === wanted)) &&
          (include === 'all' || (status === 'COMPLETED' && enabled)),
      );
      return { connections: matching.map((connection) => toEntry(connection, content)) };
    },
  }),

  environmentOperation({
    verb: 'POST',
    path: '/connections',
    accepts: ['workspace', 'client'],
    permission: 'connections_write',
    body: 'connection',
    request: {
      connection: message(createConnection, { required: true }),
      flags: message({ is_login: flag(), is_app: flag() }),
    },
    run({ request, environment, content, store }) {
      const { key_id, ...wanted } = request.connection;
      refuseUnset(wanted);
      refuseTakenKey(content, key_id);
      const create_time = new Date().toISOString();
      const facts = { ...wanted, ...(key_id !== undefined && { key_id }), create_time };
      const connection = draft(store.newId('conn'), environment.domain, facts);
      content.ssoConnections.push(connection);
      return { connection };
    },
  }),

  environmentOperation({
    verb: 'GET',
    path: '/connections/{connection_id}',
    accepts: ['workspace', 'client'],
    permission: 'connections_read',
    request: { connection_id: connectionId },
    run: ({ request, content }) => ({ connection: findConnection(content, request.connection_id) }),
  }),

  environmentOperation({
    verb: 'PATCH',
    path: '/connections/{connection_id}',
    accepts: ['workspace', 'client'],
    permission: 'connections_write',
    body: 'connection',
    request: { connection_id: connectionId, connection: message(updateConnection, { required: true }) },
    run({ request, content }) {
      const found = findConnection(content, request.connection_id);
      const change = request.connection;
      if (change.key_id !== found.key_id) refuseTakenKey(content, change.key_id);
      if (change.configuration_type === 'DISCOVERY') refuseNothingToDiscover(change);
      const connection = changed(found, change);
      replace(content, found, connection);
      return { connection };
    },
  }),

  environmentOperation({
    verb: 'PATCH',
    path: '/connections/{connection_id}:enable',
    accepts: ['workspace', 'client'],
    permission: 'connections_write',
    request: { connection_id: connectionId },
    run({ request, content }) {
      const found = findConnection(content, request.connection_id);
      if (found.status !== 'COMPLETED') {
        return { enabled: false, error_message: 'connection configuration is incomplete' };
      }
      replace(content, found, { ...found, enabled: true, update_time: new Date().toISOString() });
      return { enabled: true };
    },
  }),
];

/** scalekit.v1.connections.ListConnection: what the list tells of each. */
function toEntry(connection: Connection, { organizations }: EnvironmentContent) {
  const { id, provider, type, status, enabled, organization_id = '', ui_button_title } = connection;
  return {
    id,
    provider,
    type,
    status,
    enabled,
    organization_id,
    ui_button_title,
    domains: connection.domains.map(({ domain }) => domain),
    organization_name: organizations.find((organization) => organization.id === organization_id)?.display_name ?? '',
    provider_key: connection.provider_key,
    key_id: connection.key_id ?? '',
    created_at: connection.create_time,
    mcp_server_url: '',
  };
}

/** Connections of organizations have paths of their own. */
function findConnection({ ssoConnections }: EnvironmentContent, wanted: string): Connection {
  const connection = ssoConnections.find(({ id, organization_id }) => id === wanted && organization_id === undefined);
  if (connection === undefined) throw new ApiError('NOT_FOUND', 'connection not found');
  return connection;
}

function replace({ ssoConnections }: EnvironmentContent, before: Connection, after: Connection): void {
  ssoConnections[ssoConnections.indexOf(before)] = after;
}

function refuseUnset({ provider, type }: Pick<Connection, 'provider' | 'type'>): void {
  const violation = (name: string) => [
    { field: `connection.${name}`, description: 'value is required', constraint: 'required' },
  ];
  const violations = [
    ...(provider === 'CONNECTION_PROVIDER_UNSPECIFIED' ? violation('provider') : []),
    ...(type === 'INVALID' ? violation('type') : []),
  ];
  if (violations.length > 0) throw invalid(violations);
}

function refuseTakenKey({ ssoConnections }: EnvironmentContent, keyId: string | undefined): void {
  if (keyId === undefined || !ssoConnections.some(({ key_id }) => key_id === keyId)) return;
  throw new ApiError('ALREADY_EXISTS', 'a connection with this key_id exists in the environment');
}

function refuseNothingToDiscover({ oidc_config: config }: Change): void {
  if (config?.discovery_endpoint || config?.issuer) return;
  const field = 'connection.oidc_config.discovery_endpoint';
  throw invalid([{ field, description: 'value is required for DISCOVERY', constraint: 'required' }]);
}

/**
 * Wrapped values that a change leaves out stay as they are. Lists, maps and plain enums cannot be left out in this
 * protocol, and this request has no field mask: unset, they are cleared.
 */
function changed(found: Connection, change: Change): Connection {
  const { provider, type, debug_enabled, ui_button_title, configuration_type, oidc_config, key_id, provider_key } =
    change;
  const connection: Connection = {
    ...found,
    provider: provider === 'CONNECTION_PROVIDER_UNSPECIFIED' ? found.provider : provider,
    type: type === 'INVALID' ? found.type : type,
    ...defined({ debug_enabled, ui_button_title, key_id }),
    configuration_type,
    attribute_mapping: change.attribute_mapping,
    provider_key,
    update_time: new Date().toISOString(),
  };
  if (found.oidc_config === undefined || oidc_config === undefined) return connection;
  const config = changedConfig(found.oidc_config, oidc_config, configuration_type === 'DISCOVERY');
  return { ...connection, oidc_config: config, status: isComplete(config) ? 'COMPLETED' : 'IN_PROGRESS' };
}

function changedConfig(found: OidcConfig, change: Decoded<typeof oidcConfig>, discover: boolean): OidcConfig {
  const { issuer, discovery_endpoint: endpoint } = change;
  const source = issuer ?? endpoint?.replace(/\/\.well-known\/.*$/, '');
  return { ...found, ...(discover && source !== undefined && discovered(source)), ...defined(change) };
}

function isComplete(config: OidcConfig): boolean {
  const { issuer, authorize_uri, token_uri, jwks_uri, client_id, client_secret, scopes, token_auth_type } = config;
  const texts = [issuer, authorize_uri, token_uri, jwks_uri, client_id, client_secret];
  return texts.every(Boolean) && scopes.length > 0 && token_auth_type !== 'TOKEN_AUTH_TYPE_UNSPECIFIED';
}

function defined<T extends object>(members: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;
}
