import { ConnectionSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb.js';
import { complete } from '../contract/complete.ts';
import type { Draft } from '../contract/json.ts';
import {
  DEVELOPMENT_CONNECTION_IDS,
  DEVELOPMENT_ORGANIZATION_IDS,
  ENVIRONMENT_DOMAINS,
  ENVIRONMENT_IDS,
  type EnvironmentName,
  PRODUCTION_ORGANIZATION_IDS,
} from './ids.ts';
import type { Connection, Environment } from './types.ts';

export { DEVELOPMENT_CONNECTION_IDS } from './ids.ts';

/** SSO connections of one environment, its own and those of organizations, in the order of creation. */
export interface ConnectionsContent {
  readonly ssoConnections: Connection[];
}

/**
 * A new connection: what it is, and nothing of how it works.
 * @param url of the sandbox, which has the page where a connection is tested
 */
export function draft(id: string, domain: string, url: string, facts: Draft<Connection>): Connection {
  const host = `https://${domain}`;
  const callbacks = {
    redirect_uri: `${host}/sso/v1/oidc/${id}/callback`,
    post_logout_redirect_uri: `${host}/sso/v1/oidc/${id}/logout`,
    backchannel_logout_redirect_uri: `${host}/sso/v1/oidc/${id}/backchannel_logout`,
  };
  return complete(ConnectionSchema, {
    status: 'DRAFT',
    test_connection_uri: `${url}/sso/v1/connections/${id}/test`,
    update_time: facts.create_time,
    ...facts,
    id,
    oidc_config: facts.type === 'OIDC' ? { ...callbacks, ...facts.oidc_config } : undefined,
  });
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

type Source = readonly [url: string, domain: string, provider: string, issuer: string];

/** A connection whose settings were discovered at its identity provider. */
function configured(id: string, [url, domain, provider, issuer]: Source, facts: Draft<Connection> = {}): Connection {
  return draft(id, domain, url, {
    provider,
    type: 'OIDC',
    create_time: '2025-03-11T09:00:00Z',
    enabled: true,
    status: 'COMPLETED',
    configuration_type: 'DISCOVERY',
    oidc_config: {
      ...discovered(issuer),
      discovery_endpoint: `${issuer}/.well-known/openid-configuration`,
      client_id: `harborlight-${provider.toLowerCase()}`,
      client_secret: `seed-secret-of-${id}`,
      scopes: ['openid', 'email', 'profile'],
      token_auth_type: 'BASIC_AUTH',
      pkce_enabled: true,
    },
    ...facts,
  });
}

/** The connection that a customer's administrator has set up in the portal. */
export function customerConnection(
  id: string,
  url: string,
  { environment, organizationId }: { readonly environment: Environment; readonly organizationId: string },
): Connection {
  const issuer = `https://sso-${organizationId.slice(-4)}.okta.example`;
  const create_time = new Date().toISOString();
  return configured(id, [url, environment.domain, 'OKTA', issuer], { organization_id: organizationId, create_time });
}

const IDS = DEVELOPMENT_CONNECTION_IDS;
const { tidewater, meridian } = DEVELOPMENT_ORGANIZATION_IDS;

const TIDEWATER_DOMAIN = {
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
} as const;

const inDevelopment = (url: string): Connection[] => [
  configured(IDS.okta, [url, ENVIRONMENT_DOMAINS.development, 'OKTA', 'https://harborlight-test.okta.example'], {
    ui_button_title: 'Harborlight staff',
    attribute_mapping: { email: 'email', given_name: 'firstName' },
    key_id: 'OKTA-1',
  }),
  draft(IDS.draft, ENVIRONMENT_DOMAINS.development, url, {
    provider: 'PING_IDENTITY',
    type: 'OIDC',
    create_time: '2026-01-14T16:20:00Z',
  }),
  configured(IDS.auth0, [url, ENVIRONMENT_DOMAINS.development, 'AUTH0', 'https://harborlight.eu.auth0.example'], {
    enabled: false,
    key_id: 'AUTH0-1',
  }),
  configured(IDS.tidewater, [url, ENVIRONMENT_DOMAINS.development, 'MICROSOFT_AD', 'https://login.tidewater.example'], {
    organization_id: tidewater,
    domains: [TIDEWATER_DOMAIN],
  }),
  draft(IDS.meridian, ENVIRONMENT_DOMAINS.development, url, {
    provider: 'ADFS',
    type: 'SAML',
    create_time: '2025-12-01T09:00:00Z',
    organization_id: meridian,
  }),
  configured(
    IDS.customsPortal,
    [url, ENVIRONMENT_DOMAINS.development, 'CUSTOM', 'https://login.customs-portal.example'],
    {
      key_id: 'CUSTOMS-PORTAL',
    },
  ),
];

const inProduction = (url: string): Connection[] => [
  configured(
    'conn_71204418093063501',
    [url, ENVIRONMENT_DOMAINS.production, 'MICROSOFT_AD', 'https://login.tidewater.example'],
    {
      organization_id: PRODUCTION_ORGANIZATION_IDS.tidewater,
    },
  ),
];

/** What each environment holds at start. */
export function seedConnections(environment: EnvironmentName, url: string): ConnectionsContent {
  return { ssoConnections: environment === 'development' ? inDevelopment(url) : inProduction(url) };
}
