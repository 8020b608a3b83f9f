import {
  DEVELOPMENT_ORGANIZATION_IDS,
  ENVIRONMENT_DOMAINS,
  ENVIRONMENT_IDS,
  type EnvironmentName,
  PRODUCTION_ORGANIZATION_IDS,
} from './ids.ts';

/** SSO connections of one environment, its own and those of organizations, in the order of creation. */
export interface ConnectionsContent {
  readonly ssoConnections: Connection[];
}

/** scalekit.v1.connections.Connection, with OIDC as the only kind of settings. */
export interface Connection {
  readonly id: string;
  readonly provider: Provider;
  readonly type: ConnectionType;
  readonly status: 'DRAFT' | 'IN_PROGRESS' | 'COMPLETED';
  readonly enabled: boolean;
  readonly debug_enabled: boolean;
  /** Unset: a connection of the environment itself. */
  readonly organization_id?: string;
  readonly ui_button_title: string;
  readonly configuration_type: ConfigurationType;
  readonly test_connection_uri: string;
  readonly attribute_mapping: Readonly<Record<string, string>>;
  readonly create_time: string;
  readonly update_time: string;
  readonly oidc_config?: OidcConfig;
  readonly key_id?: string;
  readonly provider_key: string;
  readonly domains: readonly Domain[];
}

/** scalekit.v1.connections.OIDCConnectionConfig; wrapped values that are unset are null. */
export interface OidcConfig {
  readonly issuer: string | null;
  readonly discovery_endpoint: string | null;
  readonly authorize_uri: string | null;
  readonly token_uri: string | null;
  readonly user_info_uri: string | null;
  readonly jwks_uri: string | null;
  readonly client_id: string | null;
  readonly client_secret: string | null;
  readonly scopes: readonly (typeof OIDC_SCOPES)[number][];
  readonly token_auth_type: (typeof TOKEN_AUTH_TYPES)[number];
  readonly redirect_uri: string;
  readonly pkce_enabled: boolean | null;
  readonly idp_logout_required: boolean | null;
  readonly post_logout_redirect_uri: string | null;
  readonly backchannel_logout_redirect_uri: string | null;
  readonly sync_user_profile_on_login: boolean | null;
  readonly jit_provisioning_with_sso_enabled: boolean | null;
}

/** scalekit.v1.domains.Domain */
interface Domain {
  readonly id: string;
  readonly domain: string;
  readonly environment_id: string;
  readonly organization_id: string;
  readonly txt_record_key: string;
  readonly txt_record_secret: string;
  readonly verification_status: 'VERIFIED';
  readonly create_time: string;
  readonly update_time: string;
  readonly domain_type: 'ORGANIZATION_DOMAIN';
  readonly verification_method: 'DNS';
}

/** The enums of the API, each with its unset value first. */
export const PROVIDERS = [
  'CONNECTION_PROVIDER_UNSPECIFIED',
  ...(['OKTA', 'GOOGLE', 'MICROSOFT_AD', 'AUTH0', 'ONELOGIN', 'PING_IDENTITY', 'JUMPCLOUD', 'CUSTOM'] as const),
  ...(['GITHUB', 'GITLAB', 'LINKEDIN', 'SALESFORCE', 'MICROSOFT', 'IDP_SIMULATOR', 'SCALEKIT', 'ADFS'] as const),
] as const;
export const CONNECTION_TYPES = [
  'INVALID',
  ...(['OIDC', 'SAML', 'PASSWORD', 'OAUTH', 'PASSWORDLESS', 'BASIC', 'BEARER', 'API_KEY'] as const),
  ...(['WEBAUTHN', 'OAUTH_M2M', 'TRELLO_OAUTH1', 'GOOGLE_DWD', 'TRUSTED_IDP', 'SMART_FHIR', 'NO_AUTH'] as const),
] as const;
export const CONFIGURATION_TYPES = ['CONFIGURATION_TYPE_UNSPECIFIED', 'DISCOVERY', 'MANUAL'] as const;
export const OIDC_SCOPES = ['OIDC_SCOPE_UNSPECIFIED', 'openid', 'profile', 'email', 'address', 'phone'] as const;
export const TOKEN_AUTH_TYPES = ['TOKEN_AUTH_TYPE_UNSPECIFIED', 'URL_PARAMS', 'BASIC_AUTH'] as const;

type Provider = (typeof PROVIDERS)[number];
type ConnectionType = (typeof CONNECTION_TYPES)[number];
type ConfigurationType = (typeof CONFIGURATION_TYPES)[number];

/** A new connection: what it is, and nothing of how it works. */
export function draft(
  id: string,
  domain: string,
  facts: Pick<Connection, 'provider' | 'type' | 'create_time'> &
    Partial<Pick<Connection, 'organization_id' | 'key_id' | 'provider_key'>>,
): Connection {
  const host = `https://${domain}`;
  return {
    id,
    status: 'DRAFT',
    enabled: false,
    debug_enabled: false,
    ui_button_title: '',
    configuration_type: 'CONFIGURATION_TYPE_UNSPECIFIED',
    test_connection_uri: `${host}/sso/v1/connections/${id}/test`,
    attribute_mapping: {},
    update_time: facts.create_time,
    provider_key: '',
    domains: [],
    ...(facts.type === 'OIDC' && { oidc_config: emptyOidcConfig(host, id) }),
    ...facts,
  };
}

function emptyOidcConfig(host: string, id: string): OidcConfig {
  return {
    issuer: null,
    discovery_endpoint: null,
    authorize_uri: null,
    token_uri: null,
    user_info_uri: null,
    jwks_uri: null,
    client_id: null,
    client_secret: null,
    scopes: [],
    token_auth_type: 'TOKEN_AUTH_TYPE_UNSPECIFIED',
    redirect_uri: `${host}/sso/v1/oidc/${id}/callback`,
    pkce_enabled: null,
    idp_logout_required: null,
    post_logout_redirect_uri: `${host}/sso/v1/oidc/${id}/logout`,
    backchannel_logout_redirect_uri: `${host}/sso/v1/oidc/${id}/backchannel_logout`,
    sync_user_profile_on_login: null,
    jit_provisioning_with_sso_enabled: null,
  };
}

/** Connections of the seed data in development. */
export const DEVELOPMENT_CONNECTION_IDS = {
  /** The environment's own: people sign in with their Okta test tenant. */
  okta: 'conn_71204418093063001',
  /** The environment's own, begun and left. */
  draft: 'conn_71204418093063002',
  /** The environment's own, complete but switched off. */
  auth0: 'conn_71204418093063003',
  tidewater: 'conn_71204418093063004',
  meridian: 'conn_71204418093063005',
  /** The environment's own: signs in the users of one of the seeded MCP servers. */
  customsPortal: 'conn_71204418093064061',
} as const;

const IDS = DEVELOPMENT_CONNECTION_IDS;
const { tidewater, meridian } = DEVELOPMENT_ORGANIZATION_IDS;

const SEEDS: Readonly<Record<EnvironmentName, readonly Connection[]>> = {
  development: [
    {
      ...configured(IDS.okta, 'development', 'OKTA', 'https://harborlight-test.okta.example'),
      enabled: true,
      ui_button_title: 'Harborlight staff',
      attribute_mapping: { email: 'email', given_name: 'firstName' },
      key_id: 'OKTA-1',
    },
    draft(IDS.draft, ENVIRONMENT_DOMAINS.development, {
      provider: 'PING_IDENTITY',
      type: 'OIDC',
      create_time: '2026-01-14T16:20:00Z',
    }),
    {
      ...configured(IDS.auth0, 'development', 'AUTH0', 'https://harborlight.eu.auth0.example'),
      key_id: 'AUTH0-1',
    },
    {
      ...configured(IDS.tidewater, 'development', 'MICROSOFT_AD', 'https://login.tidewater.example'),
      enabled: true,
      organization_id: tidewater,
      domains: [
        {
          id: 'dom_71204418093063104',
          domain: 'tidewater.example',
          environment_id: ENVIRONMENT_IDS.development,
          organization_id: tidewater,
          txt_record_key: '_scalekit_dm.tidewater.example',
          txt_record_secret: 'scalekit-domain-verification-4c1f0e',
          verification_status: 'VERIFIED',
          create_time: '2025-03-11T09:00:00Z',
          update_time: '2025-03-12T09:00:00Z',
          domain_type: 'ORGANIZATION_DOMAIN',
          verification_method: 'DNS',
        },
      ],
    },
    draft(IDS.meridian, ENVIRONMENT_DOMAINS.development, {
      provider: 'ADFS',
      type: 'SAML',
      create_time: '2025-12-01T09:00:00Z',
      organization_id: meridian,
    }),
    {
      ...configured(IDS.customsPortal, 'development', 'CUSTOM', 'https://login.customs-portal.example'),
      enabled: true,
      key_id: 'CUSTOMS-PORTAL',
    },
  ],
  production: [
    {
      ...configured('conn_71204418093063501', 'production', 'MICROSOFT_AD', 'https://login.tidewater.example'),
      enabled: true,
      organization_id: PRODUCTION_ORGANIZATION_IDS.tidewater,
    },
  ],
};

/** What each environment holds at start. */
export function seedConnections(environment: EnvironmentName): ConnectionsContent {
  return { ssoConnections: [...SEEDS[environment]] };
}

/** A connection whose settings were discovered at its identity provider. */
function configured(id: string, environment: EnvironmentName, provider: Provider, issuer: string): Connection {
  const host = ENVIRONMENT_DOMAINS[environment];
  const connection = draft(id, host, { provider, type: 'OIDC', create_time: '2025-03-11T09:00:00Z' });
  return {
    ...connection,
    status: 'COMPLETED',
    configuration_type: 'DISCOVERY',
    oidc_config: {
      ...emptyOidcConfig(`https://${host}`, id),
      ...discovered(issuer),
      discovery_endpoint: `${issuer}/.well-known/openid-configuration`,
      client_id: `harborlight-${provider.toLowerCase()}`,
      client_secret: `seed-secret-of-${id}`,
      scopes: ['openid', 'email', 'profile'],
      token_auth_type: 'BASIC_AUTH',
      pkce_enabled: true,
    },
  };
}

/** What the discovery document of an identity provider says, as far as the sandbox makes it up. */
export function discovered(issuer: string) {
  return {
    issuer,
    authorize_uri: `${issuer}/oauth2/v1/authorize`,
    token_uri: `${issuer}/oauth2/v1/token`,
    user_info_uri: `${issuer}/oauth2/v1/userinfo`,
    jwks_uri: `${issuer}/oauth2/v1/keys`,
  } as const;
}
