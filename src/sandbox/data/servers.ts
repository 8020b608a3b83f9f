import { complete } from '../contract/complete.ts';
import type { Draft } from '../contract/json.ts';
import { ClientSchema, ResourceSchema } from '../contract/published/clients.ts';
import { parseUrl } from '../parse-url.ts';
import { DEVELOPMENT_CLIENT_IDS, DEVELOPMENT_CONNECTION_IDS, type EnvironmentName, PERSON_IDS } from './ids.ts';
import type { Client, Resource, ResourceAnswer, Scope } from './types.ts';

/** MCP servers and API clients of one environment. */
export interface ServersContent {
  readonly resources: Resource[];
  readonly clients: Client[];
}

/** Where the RFC 9728 document of a resource is, and what it says. */
function metadataOf({ id, resource_id, enabledScopes }: Resource, environmentUrl: string): Draft<ResourceAnswer> {
  const url = parseUrl(resource_id);
  if (url === undefined) return { protected_metadata: undefined, protected_metadata_uri: '' };
  const { origin, pathname } = url;
  return {
    protected_metadata: {
      resource: resource_id,
      authorization_servers: [`${environmentUrl}/resources/${id}`],
      bearer_methods_supported: ['header'],
      resource_documentation: `${origin}/docs`,
      scopes_supported: [...enabledScopes],
    },
    protected_metadata_uri: `${origin}/.well-known/oauth-protected-resource${pathname === '/' ? '' : pathname}`,
  };
}

/**
 * A resource as the API tells it: with every scope of its environment, and whether it is enabled on this resource
 * (Scalekit's SDK says so).
 */
export function resourceAnswer(
  resource: Resource,
  environmentUrl: string,
  scopes: readonly Scope[],
): Draft<ResourceAnswer> {
  const here = scopes.map((scope) => ({ ...scope, enabled: resource.enabledScopes.includes(scope.name) }));
  return { ...resource, ...metadataOf(resource, environmentUrl), scopes: here };
}

/** A resource with what every new one has, which lives as long as the API's defaults say. */
export function newResource(facts: Draft<ResourceAnswer>, enabledScopes: readonly string[] = []): Resource {
  const whole = complete(ResourceSchema, {
    access_token_expiry: '3600',
    refresh_token_expiry: '2592000',
    update_time: facts.create_time,
    ...facts,
  });
  const { scopes: _, protected_metadata: __, protected_metadata_uri: ___, ...kept } = whole;
  return { ...kept, enabledScopes };
}

const SHIPMENT_TRACKING = {
  name: 'Shipment tracking',
  description: 'Lets assistants look up and rebook shipments',
  enabledScopes: ['shipments:read', 'shipments:write'],
};
const CUSTOMS_DESK = {
  name: 'Customs desk',
  description: 'Declarations and tariff codes; people sign in with the customs portal',
  access_token_expiry: '900',
  provider: 'CUSTOMS-PORTAL',
  connection_details: {
    id: DEVELOPMENT_CONNECTION_IDS.customsPortal,
    type: 'CUSTOM',
    status: 'COMPLETED',
    enabled: true,
    settings: { authorize_uri: 'https://customs.dev.harborlight.example/login' },
    provider: 'CUSTOM',
  },
};
const RATE_CALCULATOR = { name: 'Rate calculator', enable_cimd: false };
const TARIFF_ARCHIVE = {
  name: 'Tariff archive',
  description: 'Replaced by the customs desk; nobody signs in any more',
};
const PARTNER_API = {
  name: 'Partner API',
  description: 'REST interface for carriers',
  resource_type: 'SERVER',
  disable_dynamic_client_registration: true,
};

type ResourceRow = readonly [
  id: string,
  url: string,
  created: string,
  facts: Draft<ResourceAnswer> & { readonly enabledScopes?: readonly string[] },
];

const RESOURCES: Readonly<Record<EnvironmentName, readonly ResourceRow[]>> = {
  development: [
    ['res_71204418093064001', 'tracking.dev.harborlight.example/mcp', '2025-09-08T10:02:17Z', SHIPMENT_TRACKING],
    ['res_71204418093064002', 'customs.dev.harborlight.example/mcp', '2025-10-13T07:44:30Z', CUSTOMS_DESK],
    ['app_71204418093064003', 'rates.dev.harborlight.example', '2025-06-02T13:20:08Z', RATE_CALCULATOR],
    ['res_71204418093064005', 'tariffs.dev.harborlight.example/mcp', '2025-05-26T09:31:12Z', TARIFF_ARCHIVE],
    ['res_71204418093064004', 'partners.dev.harborlight.example', '2025-05-19T08:15:00Z', PARTNER_API],
  ],
  production: [
    ['res_71204418093064201', 'tracking.harborlight.example/mcp', '2025-12-01T09:00:44Z', SHIPMENT_TRACKING],
  ],
};

const APP = 'https://app.dev.harborlight.example';
const SUPPORT = 'https://support.dev.harborlight.example';

const CLIENTS: Readonly<Record<EnvironmentName, readonly Draft<Client>[]>> = {
  development: [
    {
      id: DEVELOPMENT_CLIENT_IDS.own,
      name: 'Development',
      create_time: '2025-02-03T09:12:42Z',
      update_time: '2025-11-18T14:09:51Z',
      secrets: [
        {
          ...secret('sec_71204418093064111', 'Jq4w', '2025-02-03T09:12:42Z', '2025-08-26T09:12:33Z'),
          created_by: undefined,
          update_time: '2025-08-26T09:30:00Z',
          status: 'INACTIVE',
          expire_time: '2025-09-26T09:30:00Z',
        },
        secret('sec_71204418093064112', 'x7Vn', '2025-08-26T09:29:41Z', '2026-01-20T06:00:12Z'),
      ],
      post_logout_redirect_uris: [`${APP}/goodbye`, `${SUPPORT}/goodbye`],
      back_channel_logout_uris: [`${APP}/backchannel-logout`],
      initiate_login_uri: `${APP}/login`,
      post_login_uris: ['http://localhost:3000/callback', `${APP}/callback`, `${SUPPORT}/callback`],
    },
    {
      id: DEVELOPMENT_CLIENT_IDS.driverApp,
      name: 'Driver app',
      create_time: '2025-10-27T12:51:19Z',
      post_login_uris: ['harborlight://login/callback'],
      disallow_scalekit_api_access: true,
      grant_types: ['authorization_code', 'refresh_token'],
      client_type: 'NTV',
      enforce_pkce: true,
    },
    {
      id: DEVELOPMENT_CLIENT_IDS.fleetConsole,
      name: 'Fleet console',
      create_time: '2025-11-10T10:04:00Z',
      // From the second back to the first: the second went astray.
      secrets: [
        secret('sec_71204418093064121', 'Gg7d', '2025-11-10T10:04:00Z', '2026-01-20T07:11:00Z'),
        secret('sec_71204418093064122', 'uY1s', '2025-12-15T16:20:00Z', '2025-12-15T16:45:10Z'),
      ],
      post_login_uris: ['https://fleet.dev.harborlight.example/callback'],
      post_logout_redirect_uris: ['https://fleet.dev.harborlight.example/'],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      client_type: 'WEB_APP',
      ip_allowlist: { opted_in: true, cidrs: [{ value: '203.0.113.0/24', type: 'IPV4' }] },
    },
    {
      id: DEVELOPMENT_CLIENT_IDS.oldKiosk,
      name: 'Kiosk trial',
      create_time: '2025-05-06T09:00:00Z',
      post_login_uris: ['https://kiosk.dev.harborlight.example/callback'],
      grant_types: ['authorization_code'],
      client_type: 'SPA',
      enforce_pkce: true,
    },
  ],
  production: [
    {
      id: 'prd_skc_71204418093064301',
      name: 'Production',
      create_time: '2025-02-03T09:12:43Z',
      update_time: '2025-12-02T11:25:36Z',
      secrets: [secret('sec_71204418093064311', 'm2Kd', '2025-04-28T11:40:00Z', '2026-01-20T06:04:57Z')],
      post_logout_redirect_uris: ['https://app.harborlight.example/goodbye'],
      post_login_uris: ['https://app.harborlight.example/callback'],
    },
  ],
};

/** A secret in use, made by Harborlight's administrator. */
function secret(id: string, secret_suffix: string, create_time: string, last_used_time: string) {
  const made = { create_time, update_time: create_time, created_by: PERSON_IDS.admin };
  return { id, secret_suffix, status: 'ACTIVE', last_used_time, ...made };
}

/** What each environment holds at start. */
export function seedServers(environment: EnvironmentName): ServersContent {
  return {
    resources: RESOURCES[environment].map(([id, url, create_time, { enabledScopes, ...facts }]) => {
      const common = { resource_type: 'MCP_SERVER', enable_cimd: true, resource_id: `https://${url}` };
      return newResource({ id, create_time, ...common, ...facts }, enabledScopes);
    }),
    clients: CLIENTS[environment].map((facts) =>
      complete(ClientSchema, {
        keyId: facts.id,
        update_time: facts.create_time,
        access_token_expiry: '3600',
        grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
        client_type: 'ENV',
        ...facts,
      }),
    ),
  };
}
