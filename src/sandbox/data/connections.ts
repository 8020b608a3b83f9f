import { ConnectionSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb.js';
import { complete } from '../contract/complete.ts';
import type { Draft } from '../contract/json.ts';
import { seedDomain } from './domains.ts';
import {
  CONNECTION_TEST_IDS,
  DEVELOPMENT_CONNECTION_IDS,
  DEVELOPMENT_ORGANIZATION_IDS,
  ENVIRONMENT_DOMAINS,
  type EnvironmentName,
  PRODUCTION_ORGANIZATION_IDS,
} from './ids.ts';
import type { Connection, ConnectionTest, Environment } from './types.ts';

export { DEVELOPMENT_CONNECTION_IDS } from './ids.ts';

/** SSO connections of one environment, its own and those of organizations, in the order of creation. */
export interface ConnectionsContent {
  readonly ssoConnections: Connection[];
  readonly connectionTests: ConnectionTest[];
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
    saml_config: facts.type === 'SAML' ? { ...serviceProvider(host, id), ...facts.saml_config } : undefined,
  });
}

/** What an identity provider has to be told of a SAML connection. */
function serviceProvider(host: string, id: string) {
  return {
    sp_entity_id: `${host}/sso/v1/saml/${id}`,
    sp_assertion_url: `${host}/sso/v1/saml/${id}/callback`,
    sp_metadata_url: `${host}/sso/v1/saml/${id}/metadata`,
    sp_slo_url: `${host}/sso/v1/saml/${id}/slo/callback`,
  };
}

/** What the metadata document of an identity provider says, as far as the sandbox makes it up. */
export function fromMetadata(idp_metadata_url: string) {
  const { origin } = new URL(idp_metadata_url);
  return {
    idp_metadata_url,
    idp_entity_id: `${origin}/saml`,
    idp_sso_url: `${origin}/saml/sso`,
    idp_certificates: [certificate(origin)],
  };
}

/** A certificate of an identity provider, as answers show it. */
export function certificate(issuer: string, text = 'MIIC8DCCAdigAwIBAgIQ-sandbox') {
  const times = { create_time: '2025-03-11T09:00:00Z', expiry_time: '2028-03-11T09:00:00Z' };
  return { id: 'cert_71204418093063201', issuer, certificate: text, ...times };
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

/** A SAML connection of an organization, whose settings came from the metadata of its identity provider. */
function bySaml(id: string, [url, domain, provider, issuer]: Source, facts: Draft<Connection>): Connection {
  return draft(id, domain, url, {
    provider,
    type: 'SAML',
    create_time: '2025-07-02T09:00:00Z',
    enabled: true,
    status: 'COMPLETED',
    configuration_type: 'DISCOVERY',
    attribute_mapping: { email: 'email' },
    saml_config: {
      ...fromMetadata(`${issuer}/metadata.xml`),
      idp_name_id_format: 'EMAIL',
      idp_sso_request_binding: 'HTTP_POST',
      saml_signing_option: 'SAML_ONLY_RESPONSE_SIGNING',
      want_request_signed: true,
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
const { tidewater, meridian, lagerhaus, umi, consortium, anchorage, polder } = DEVELOPMENT_ORGANIZATION_IDS;

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
    domains: [seedDomain('tidewater')],
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
  bySaml(IDS.lagerhaus, [url, ENVIRONMENT_DOMAINS.development, 'ADFS', 'https://adfs.lagerhaus.example'], {
    organization_id: lagerhaus,
    domains: [seedDomain('lagerhaus')],
  }),
  draft(IDS.lagerhausDraft, ENVIRONMENT_DOMAINS.development, url, {
    provider: 'OKTA',
    type: 'OIDC',
    create_time: '2026-01-08T12:10:45Z',
    organization_id: lagerhaus,
  }),
  bySaml(IDS.umi, [url, ENVIRONMENT_DOMAINS.development, 'ONELOGIN', 'https://umineko.onelogin.example'], {
    organization_id: umi,
    enabled: false,
  }),
  configured(IDS.consortium, [url, ENVIRONMENT_DOMAINS.development, 'OKTA', 'https://consortium.okta.example'], {
    organization_id: consortium,
  }),
  configured(IDS.anchorage, [url, ENVIRONMENT_DOMAINS.development, 'GOOGLE', 'https://accounts.google.example'], {
    organization_id: anchorage,
  }),
  configured(IDS.polder, [url, ENVIRONMENT_DOMAINS.development, 'JUMPCLOUD', 'https://sso.polder.example'], {
    organization_id: polder,
  }),
  configured(IDS.google, [url, ENVIRONMENT_DOMAINS.development, 'GOOGLE', 'https://accounts.google.example'], {
    key_id: 'GOOGLE-1',
  }),
  configured(IDS.github, [url, ENVIRONMENT_DOMAINS.development, 'GITHUB', 'https://github.example'], {
    enabled: false,
    key_id: 'GITHUB-1',
  }),
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

const TESTS: readonly ConnectionTest[] = [
  {
    id: CONNECTION_TEST_IDS.worked,
    connection_id: IDS.okta,
    status: 'SUCCESS',
    user_info: JSON.stringify({ sub: 'okta|0017', email: 'test.user@harborlight.example', given_name: 'Test' }),
  },
  {
    id: CONNECTION_TEST_IDS.failed,
    connection_id: IDS.draft,
    status: 'FAILURE',
    error: 'invalid_client',
    error_description: 'The client secret is not the one that the identity provider knows.',
  },
];

/** What each environment holds at start. */
export function seedConnections(environment: EnvironmentName, url: string): ConnectionsContent {
  if (environment === 'production') return { ssoConnections: inProduction(url), connectionTests: [] };
  return { ssoConnections: inDevelopment(url), connectionTests: [...TESTS] };
}
