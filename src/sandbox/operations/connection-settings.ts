import type { ConnectionService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb.js';
import type { JsonOf } from '../contract/json.ts';
import { certificate, discovered, fromMetadata } from '../data/connections.ts';
import type { Connection, OidcConfig, SamlConfig } from '../data/types.ts';
import { invalid, refuseTaken } from '../gateway/api-error.ts';
import { isUrl } from '../parse-url.ts';
import type { EnvironmentContent } from '../store.ts';
import { defined, now, replace } from './parts.ts';

export type Change = NonNullable<
  JsonOf<typeof ConnectionService.method.updateEnvironmentConnection.input>['connection']
>;

/**
 * Changes the settings of an SSO connection.
 * @throws ApiError for settings that it cannot have, and a name that another one has
 */
export function changeConnection(content: EnvironmentContent, before: Connection, change: Change): Connection {
  if (change.key_id !== before.key_id) refuseTakenKey(content, change.key_id);
  refuseNoUris(change);
  if (before.type === 'OIDC' && change.configuration_type === 'DISCOVERY') refuseNothingToDiscover(change);
  return replace(content.ssoConnections, before, changed(before, change));
}

/**
 * Switches a connection for sign-ins on or off. Only what is complete can be switched on, and otherwise the answer says so
 * with a 200.
 */
export function toggle(content: EnvironmentContent, before: Connection, enabled: boolean) {
  if (enabled && before.status !== 'COMPLETED') {
    return { enabled: false, error_message: 'connection configuration is incomplete' };
  }
  replace(content.ssoConnections, before, { ...before, enabled, update_time: now() });
  return { enabled };
}

/** No rule of the descriptor, and shown by no test of Scalekit's: what has no type can have no settings. */
export function refuseNoType(type: string): void {
  if (type !== 'INVALID') return;
  throw invalid({ field: 'connection.type', description: 'value is required', constraint: 'required' });
}

export function refuseTakenKey(
  { ssoConnections, appConnections }: EnvironmentContent,
  keyId: string | undefined,
): void {
  const isSame = ({ key_id }: { readonly key_id?: string | undefined }) => keyId !== undefined && key_id === keyId;
  refuseTaken([...ssoConnections, ...appConnections], isSame, 'a connection with this key_id');
}

/** No rule of the descriptor, and shown by no test of Scalekit's: where people are sent must be an address. */
function refuseNoUris({ oidc_config: config = {} as OidcConfig, saml_config: saml }: Change): void {
  const uris = ['issuer', 'discovery_endpoint', 'authorize_uri', 'token_uri', 'user_info_uri', 'jwks_uri'] as const;
  const samlUris = ['idp_metadata_url', 'idp_sso_url', 'idp_slo_url'] as const;
  const isBroken = (text: string | undefined) => text !== undefined && text !== '' && !isUrl(text);
  const broken = [
    ...uris.filter((name) => config[name] !== undefined && !isUrl(config[name])).map((name) => `oidc_config.${name}`),
    ...samlUris.filter((name) => isBroken(saml?.[name])).map((name) => `saml_config.${name}`),
  ];
  const rule = { description: 'must be a valid URI', constraint: 'string.uri' };
  if (broken.length > 0) throw invalid(...broken.map((name) => ({ field: `connection.${name}`, ...rule })));
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
  { provider, type, oidc_config, saml_config, attribute_mapping, ...change }: Change,
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
  if (before.saml_config !== undefined && saml_config !== undefined) {
    const config = changedSaml(before.saml_config, saml_config);
    return { ...after, saml_config: config, status: isCompleteSaml(config) ? 'COMPLETED' : 'IN_PROGRESS' };
  }
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

/**
 * Inferred: a metadata document brings what it holds, a certificate that is sent stands in the place of those before, and
 * plain enums that are left out are cleared, as everywhere in this request.
 */
function changedSaml(before: SamlConfig, change: NonNullable<Change['saml_config']>): SamlConfig {
  const { idp_certificate: text, ...wanted } = change;
  const settings = defined(wanted);
  const { idp_metadata_url: url } = settings;
  const discovered = url ? fromMetadata(url) : {};
  const issuer = settings.idp_entity_id ?? before.idp_entity_id ?? '';
  const certificates = text ? { idp_certificates: [certificate(issuer, text)] } : {};
  return { ...before, ...discovered, ...settings, ...certificates } as SamlConfig;
}

function isCompleteSaml({ idp_entity_id, idp_sso_url, idp_certificates }: SamlConfig): boolean {
  return Boolean(idp_entity_id && idp_sso_url) && idp_certificates.length > 0;
}
