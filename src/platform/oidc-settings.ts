import { z } from 'zod';
import { ToolError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { OidcConfig } from './entities/connection.ts';
import { OIDC_SCOPES as SCOPES, TOKEN_AUTH_TYPES } from './enum-words.ts';
import { exact } from './exact.ts';
import { webUrl } from './uri.ts';

/** What stands in braces or angle brackets is a gap that nobody has filled in. */
const url = webUrl().refine(
  (text) => !/[{}<>]/.test(text),
  'must be the URL itself: fill in what {…} or <…> stands for',
);
const issuer = url
  .refine(
    (text) => !/\/\.well-known\/openid-configuration\/*$/.test(text),
    'is a discovery document: give it as discovery_endpoint, and leave issuer out',
  )
  .refine((text) => !text.includes('?'), 'an issuer has no query: give the document as discovery_endpoint instead');

/** A connection cannot do without these, and the API takes an empty one for one that is left out. */
const EMPTY = 'must not be empty: leave it out to keep what is there';
const isNamed = ({ length }: { readonly length: number }) => length > 0;

/** The settings that a caller may choose. Scalekit assigns the redirect and logout URIs of a connection. */
export const oidcSettings = z
  .strictObject({
    discovery_endpoint: url.optional(),
    issuer: issuer.optional(),
    authorize_uri: url.optional(),
    token_uri: url.optional(),
    user_info_uri: url.optional(),
    jwks_uri: url.optional(),
    client_id: exact(z.string().trim()).refine(isNamed, EMPTY).optional(),
    client_secret: exact(z.string()).refine(isNamed, EMPTY).optional(),
    scopes: z.array(z.enum(SCOPES)).refine(isNamed, EMPTY).optional(),
    token_auth_type: z.enum(TOKEN_AUTH_TYPES).optional(),
    pkce_enabled: z.boolean().optional(),
    idp_logout_required: z.boolean().optional(),
    sync_user_profile_on_login: z.boolean().optional(),
    jit_provisioning_with_sso_enabled: z.boolean().optional(),
  })
  .describe('At first: discovery_endpoint or all URIs, client_id, client_secret, scopes, token_auth_type');

type ConfigurationType = 'DISCOVERY' | 'MANUAL';
export type OidcSettings = z.output<typeof oidcSettings>;
type Current = z.output<typeof OidcConfig>;

/** The settings that say where the discovery document is. One of them is enough. */
const SOURCES = ['discovery_endpoint', 'issuer'] as const;
/** The settings that a discovery document contains. */
const ENDPOINTS = ['authorize_uri', 'token_uri', 'user_info_uri', 'jwks_uri'] as const;
/** The settings that a discovery document does not contain. */
const NOT_DISCOVERED = [
  'client_id',
  'scopes',
  'token_auth_type',
  'pkce_enabled',
  'idp_logout_required',
  'sync_user_profile_on_login',
  'jit_provisioning_with_sso_enabled',
] as const;

/** Values that mean that a setting is not set. */
const UNSET: readonly unknown[] = [undefined, null, '', 'TOKEN_AUTH_TYPE_UNSPECIFIED'];

/**
 * The complete settings to write. If an update leaves a list or an enum out, the API cannot tell that from clearing it.
 * So the settings that the connection has and the call does not name are written again. The client secret is not,
 * because this server never sees it.
 * @throws ToolError `invalid_arguments` when something is missing that neither the connection nor discovery has
 */
export function completeSettings(
  given: OidcSettings,
  current: Current,
  currentType: string | null | undefined,
): { readonly configuration_type: ConfigurationType; readonly oidc_config: JsonObject } {
  const configuration_type = configurationType(given, currentType);
  const source = sourceOf(configuration_type, given, current);
  const oidc_config = { ...pick(current, NOT_DISCOVERED), ...source, ...pick(given, Object.keys(given)) };
  refuseIncomplete(oidc_config, configuration_type, leadsSecretElsewhere(given, current));
  return { configuration_type, oidc_config };
}

/** `MANUAL` if the call names single endpoints and no discovery document, or if it was so before; else `DISCOVERY`. */
function configurationType(given: OidcSettings, current: string | null | undefined): ConfigurationType {
  if (given.discovery_endpoint !== undefined) return 'DISCOVERY';
  return names(given, ENDPOINTS) || current === 'MANUAL' ? 'MANUAL' : 'DISCOVERY';
}

/**
 * The settings that say where the endpoints are. For discovery, those of the connection count only if the call has
 * none.
 */
function sourceOf(type: ConfigurationType, given: OidcSettings, current: Current): JsonObject {
  if (type === 'MANUAL') return pick(current, ['issuer', ...ENDPOINTS]);
  const source = pick(names(given, SOURCES) ? given : current, SOURCES);
  const { issuer } = source;
  // Always sent. Otherwise the connection would keep the discovery endpoint of its previous identity provider.
  return typeof issuer === 'string' ? { discovery_endpoint: discoveryEndpoint(issuer), ...source } : source;
}

/** The URL of an issuer's discovery document (OpenID Connect Discovery 1.0, section 4). */
function discoveryEndpoint(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}

/**
 * Whether the stored client secret would be sent to another identity provider, or used for another client. Then the
 * call must bring a new secret.
 */
function leadsSecretElsewhere(given: OidcSettings, current: Current): boolean {
  const deciding = [...SOURCES, 'client_id', 'token_uri'] as const;
  return deciding.some((name) => given[name] !== undefined && given[name] !== current[name]);
}

function refuseIncomplete(settings: JsonObject, type: ConfigurationType, needsSecret: boolean): void {
  const needed: (keyof OidcSettings)[] = [
    ...(type === 'MANUAL' ? (['issuer', 'authorize_uri', 'token_uri', 'jwks_uri'] as const) : []),
    ...(type === 'DISCOVERY' ? (['discovery_endpoint'] as const) : []),
    'client_id',
    ...(needsSecret ? (['client_secret'] as const) : []),
    'scopes',
    'token_auth_type',
  ];
  const missing = needed.filter((name) => settings[name] === undefined);
  const [first] = missing;
  if (first === undefined) return;
  const message = `Add ${missing.join(', ')} to oidc_config and call again: neither discovery nor the connection as it is can give that.`;
  const allowed = first === 'scopes' ? SCOPES : first === 'token_auth_type' ? TOKEN_AUTH_TYPES : undefined;
  throw new ToolError('invalid_arguments', message, { field: `oidc_config.${first}`, ...(allowed && { allowed }) });
}

function names(settings: OidcSettings, members: readonly (keyof OidcSettings)[]): boolean {
  return members.some((name) => settings[name] !== undefined);
}

/** The named members that are set. */
function pick(source: OidcSettings | Current, members: readonly string[]): JsonObject {
  const set = Object.entries(source).filter(([name, value]) => members.includes(name) && !isUnset(value));
  return Object.fromEntries(set) as JsonObject;
}

function isUnset(value: unknown): boolean {
  return UNSET.includes(value) || (Array.isArray(value) && value.length === 0);
}
