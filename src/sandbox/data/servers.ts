import { ClientSchema, ResourceSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/clients/clients_pb.js';
import { complete } from '../contract/complete.ts';
import type { Draft } from '../contract/json.ts';
import { ENVIRONMENT_DOMAINS, type EnvironmentName, PERSON_IDS } from './ids.ts';
import type { Client, Resource } from './types.ts';

/** MCP servers and API clients of one environment. */
export interface ServersContent {
  readonly resources: Resource[];
  readonly clients: Client[];
}

/** Where the RFC 9728 document of a resource is, and what it says. */
export function metadataOf({ id, resource_id = '', scopes = [] }: Draft<Resource>, domain: string): Draft<Resource> {
  if (!URL.canParse(resource_id)) return { protected_metadata: undefined, protected_metadata_uri: '' };
  const { origin, pathname } = new URL(resource_id);
  return {
    protected_metadata: {
      resource: resource_id,
      authorization_servers: [`https://${domain}/resources/${id}`],
      bearer_methods_supported: ['header'],
      resource_documentation: `${origin}/docs`,
      scopes_supported: scopes.flatMap(({ enabled, name }) => (enabled && name ? [name] : [])),
    },
    protected_metadata_uri: `${origin}/.well-known/oauth-protected-resource${pathname === '/' ? '' : pathname}`,
  };
}

/** A resource with what every new one has, which lives as long as the API's defaults say. */
export function newResource(domain: string, facts: Draft<Resource>): Resource {
  return complete(ResourceSchema, {
    access_token_expiry: '3600',
    refresh_token_expiry: '2592000',
    update_time: facts.create_time,
    ...metadataOf(facts, domain),
    ...facts,
  });
}

function mcpServer(environment: EnvironmentName, facts: Draft<Resource>): Resource {
  return newResource(ENVIRONMENT_DOMAINS[environment], { resource_type: 'MCP_SERVER', enable_cimd: true, ...facts });
}

function client(facts: Draft<Client>): Client {
  return complete(ClientSchema, {
    keyId: facts.id,
    update_time: facts.create_time,
    access_token_expiry: '3600',
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    client_type: 'ENV',
    ...facts,
  });
}

const SHIPMENT_TRACKING = {
  name: 'Shipment tracking',
  description: 'Lets assistants look up and rebook shipments',
  scopes: [
    { id: 'scp_71204418093064051', name: 'shipments:read', description: 'Look up shipments', enabled: true },
    { id: 'scp_71204418093064052', name: 'shipments:write', description: 'Rebook shipments', enabled: true },
  ],
};

const DEVELOPMENT: ServersContent = {
  resources: [
    mcpServer('development', {
      ...SHIPMENT_TRACKING,
      id: 'res_71204418093064001',
      resource_id: 'https://tracking.dev.harborlight.example/mcp',
      create_time: '2025-09-08T10:02:17Z',
    }),
    mcpServer('development', {
      id: 'res_71204418093064002',
      name: 'Customs desk',
      description: 'Declarations and tariff codes; people sign in with the customs portal',
      resource_id: 'https://customs.dev.harborlight.example/mcp',
      create_time: '2025-10-13T07:44:30Z',
      access_token_expiry: '900',
      provider: 'CUSTOMS-PORTAL',
      connection_details: {
        id: 'conn_71204418093064061',
        type: 'CUSTOM',
        status: 'COMPLETED',
        enabled: true,
        settings: { authorize_uri: 'https://customs.dev.harborlight.example/login' },
        provider: 'CUSTOM',
      },
    }),
    mcpServer('development', {
      id: 'app_71204418093064003',
      name: 'Rate calculator',
      resource_id: 'https://rates.dev.harborlight.example',
      create_time: '2025-06-02T13:20:08Z',
      enable_cimd: false,
    }),
    mcpServer('development', {
      id: 'res_71204418093064004',
      name: 'Partner API',
      description: 'REST interface for carriers',
      resource_id: 'https://partners.dev.harborlight.example',
      create_time: '2025-05-19T08:15:00Z',
      resource_type: 'SERVER',
      disable_dynamic_client_registration: true,
    }),
  ],
  clients: [
    client({
      id: 'skc_71204418093064101',
      name: 'Development',
      create_time: '2025-02-03T09:12:42Z',
      update_time: '2025-11-18T14:09:51Z',
      secrets: [
        {
          id: 'sec_71204418093064111',
          create_time: '2025-02-03T09:12:42Z',
          update_time: '2025-08-26T09:30:00Z',
          secret_suffix: 'Jq4w',
          status: 'INACTIVE',
          expire_time: '2025-09-26T09:30:00Z',
          last_used_time: '2025-08-26T09:12:33Z',
        },
        secret('sec_71204418093064112', 'x7Vn', '2025-08-26T09:29:41Z', '2026-01-20T06:00:12Z'),
      ],
      post_logout_redirect_uris: [
        'https://app.dev.harborlight.example/goodbye',
        'https://support.dev.harborlight.example/goodbye',
      ],
      back_channel_logout_uris: ['https://app.dev.harborlight.example/backchannel-logout'],
      initiate_login_uri: 'https://app.dev.harborlight.example/login',
      post_login_uris: [
        'http://localhost:3000/callback',
        'https://app.dev.harborlight.example/callback',
        'https://support.dev.harborlight.example/callback',
      ],
    }),
    client({
      id: 'skc_71204418093064102',
      name: 'Driver app',
      create_time: '2025-10-27T12:51:19Z',
      post_login_uris: ['harborlight://login/callback'],
      disallow_scalekit_api_access: true,
      grant_types: ['authorization_code', 'refresh_token'],
      client_type: 'NTV',
      enforce_pkce: true,
    }),
  ],
};

const PRODUCTION: ServersContent = {
  resources: [
    mcpServer('production', {
      ...SHIPMENT_TRACKING,
      id: 'res_71204418093064201',
      resource_id: 'https://tracking.harborlight.example/mcp',
      create_time: '2025-12-01T09:00:44Z',
    }),
  ],
  clients: [
    client({
      id: 'prd_skc_71204418093064301',
      name: 'Production',
      create_time: '2025-02-03T09:12:43Z',
      update_time: '2025-12-02T11:25:36Z',
      secrets: [secret('sec_71204418093064311', 'm2Kd', '2025-04-28T11:40:00Z', '2026-01-20T06:04:57Z')],
      post_logout_redirect_uris: ['https://app.harborlight.example/goodbye'],
      post_login_uris: ['https://app.harborlight.example/callback'],
    }),
  ],
};

/** A secret in use, made by Harborlight's administrator. */
function secret(id: string, secret_suffix: string, create_time: string, last_used_time: string) {
  const made = { create_time, update_time: create_time, created_by: PERSON_IDS.admin };
  return { id, secret_suffix, status: 'ACTIVE', last_used_time, ...made };
}

/** What each environment holds at start. */
export function seedServers(environment: EnvironmentName): ServersContent {
  return environment === 'development' ? DEVELOPMENT : PRODUCTION;
}
