import { ENVIRONMENT_DOMAINS, type EnvironmentName } from './ids.ts';

/** MCP servers and API clients of one environment. */
export interface ServersContent {
  readonly resources: Resource[];
  readonly clients: Client[];
}

/** Names of `scalekit.v1.clients.ResourceType`, the unset one first. */
export const RESOURCE_TYPES = [
  'RESOURCE_TYPE_UNSPECIFIED',
  'WEB',
  'MOBILE',
  'DESKTOP',
  'SERVER',
  'MCP_SERVER',
] as const;

/** `scalekit.v1.clients.Resource` */
export interface Resource {
  readonly id: string;
  readonly name: string;
  readonly resource_uri: string;
  readonly description: string;
  readonly resource_type: (typeof RESOURCE_TYPES)[number];
  readonly disable_dynamic_client_registration: boolean;
  readonly logo_uri: string;
  readonly access_token_expiry: string;
  readonly refresh_token_expiry: string;
  readonly create_time: string;
  readonly update_time: string;
  /** key_id of a connection; "" when Scalekit itself signs users in. */
  readonly provider: string;
  readonly protected_metadata: Readonly<Record<string, unknown>> | null;
  readonly protected_metadata_uri: string;
  readonly resource_id: string;
  readonly scopes: readonly {
    readonly id: string;
    readonly name: string;
    readonly description: string;
    readonly enabled: boolean;
  }[];
  readonly connection_details: ResourceConnection | null;
  readonly disallow_connection_update: boolean;
  readonly intersect_scopes_user_permission: boolean;
  readonly enable_cimd: boolean;
  readonly xaa_enabled: boolean;
}

interface ResourceConnection {
  readonly id: string;
  readonly type: 'INVALID' | 'CUSTOM';
  readonly status: string;
  readonly enabled: boolean;
  readonly settings: Readonly<Record<string, unknown>> | null;
  readonly provider: string;
}

/** `scalekit.v1.clients.Client` */
export interface Client {
  readonly id: string;
  readonly keyId: string;
  readonly create_time: string;
  readonly update_time: string;
  readonly secrets: readonly ClientSecret[];
  readonly post_logout_redirect_uris: readonly string[];
  readonly back_channel_logout_uris: readonly string[];
  readonly initiate_login_uri: string;
  readonly post_login_uris: readonly string[];
  readonly name: string;
  readonly access_token_expiry?: string;
  readonly scopes: readonly string[];
  readonly custom_claims: readonly { readonly key: string; readonly value: string }[];
  readonly disallow_scalekit_api_access: boolean;
  readonly grant_types: readonly string[];
  readonly client_type: string;
  readonly enforce_pkce: boolean;
}

interface ClientSecret {
  readonly id: string;
  readonly create_time: string;
  readonly update_time: string;
  readonly secret_suffix: string;
  readonly created_by?: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly expire_time: string | null;
  readonly last_used_time: string | null;
}

/** Where the RFC 9728 document of a resource is, and what it says. */
export function metadataOf(
  { id, resource_id, scopes }: Pick<Resource, 'id' | 'resource_id' | 'scopes'>,
  domain: string,
): Pick<Resource, 'protected_metadata' | 'protected_metadata_uri'> {
  if (!URL.canParse(resource_id)) return { protected_metadata: null, protected_metadata_uri: '' };
  const { origin, pathname } = new URL(resource_id);
  return {
    protected_metadata: {
      resource: resource_id,
      authorization_servers: [`https://${domain}/resources/${id}`],
      bearer_methods_supported: ['header'],
      resource_documentation: `${origin}/docs`,
      scopes_supported: scopes.filter(({ enabled }) => enabled).map(({ name }) => name),
    },
    protected_metadata_uri: `${origin}/.well-known/oauth-protected-resource${pathname === '/' ? '' : pathname}`,
  };
}

/** What each environment holds at start. */
export function seedServers(environment: EnvironmentName): ServersContent {
  return environment === 'development' ? DEVELOPMENT : PRODUCTION;
}

type Particular = 'id' | 'name' | 'description' | 'resource_id' | 'create_time';

function mcpServer(
  environment: EnvironmentName,
  particulars: Pick<Resource, Particular> & Partial<Omit<Resource, Particular>>,
): Resource {
  const { scopes = [] } = particulars;
  return {
    resource_uri: '',
    resource_type: 'MCP_SERVER',
    disable_dynamic_client_registration: false,
    logo_uri: '',
    access_token_expiry: '3600',
    refresh_token_expiry: '2592000',
    update_time: particulars.create_time,
    provider: '',
    ...metadataOf({ ...particulars, scopes }, ENVIRONMENT_DOMAINS[environment]),
    scopes,
    connection_details: null,
    disallow_connection_update: false,
    intersect_scopes_user_permission: false,
    enable_cimd: true,
    xaa_enabled: false,
    ...particulars,
  };
}

function client(particulars: Pick<Client, 'id' | 'name' | 'create_time'> & Partial<Client>): Client {
  return {
    keyId: particulars.id,
    update_time: particulars.create_time,
    secrets: [],
    post_logout_redirect_uris: [],
    back_channel_logout_uris: [],
    initiate_login_uri: '',
    post_login_uris: [],
    access_token_expiry: '3600',
    scopes: [],
    custom_claims: [],
    disallow_scalekit_api_access: false,
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    client_type: 'ENV',
    enforce_pkce: false,
    ...particulars,
  };
}

const TRACKING_SCOPES = [
  { id: 'scp_71204418093064051', name: 'shipments:read', description: 'Look up shipments', enabled: true },
  { id: 'scp_71204418093064052', name: 'shipments:write', description: 'Rebook shipments', enabled: true },
];

const DEVELOPMENT: ServersContent = {
  resources: [
    mcpServer('development', {
      id: 'res_71204418093064001',
      name: 'Shipment tracking',
      description: 'Lets assistants look up and rebook shipments',
      resource_id: 'https://tracking.dev.harborlight.example/mcp',
      create_time: '2025-09-08T10:02:17Z',
      scopes: TRACKING_SCOPES,
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
      description: '',
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
        {
          id: 'sec_71204418093064112',
          create_time: '2025-08-26T09:29:41Z',
          update_time: '2025-08-26T09:29:41Z',
          secret_suffix: 'x7Vn',
          created_by: 'usr_71204418093056101',
          status: 'ACTIVE',
          expire_time: null,
          last_used_time: '2026-01-20T06:00:12Z',
        },
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
      name: 'Development',
    }),
    client({
      id: 'skc_71204418093064102',
      create_time: '2025-10-27T12:51:19Z',
      post_login_uris: ['harborlight://login/callback'],
      name: 'Driver app',
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
      id: 'res_71204418093064201',
      name: 'Shipment tracking',
      description: 'Lets assistants look up and rebook shipments',
      resource_id: 'https://tracking.harborlight.example/mcp',
      create_time: '2025-12-01T09:00:44Z',
      scopes: TRACKING_SCOPES,
    }),
  ],
  clients: [
    client({
      id: 'prd_skc_71204418093064301',
      create_time: '2025-02-03T09:12:43Z',
      update_time: '2025-12-02T11:25:36Z',
      secrets: [
        {
          id: 'sec_71204418093064311',
          create_time: '2025-04-28T11:40:00Z',
          update_time: '2025-04-28T11:40:00Z',
          secret_suffix: 'm2Kd',
          created_by: 'usr_71204418093056101',
          status: 'ACTIVE',
          expire_time: null,
          last_used_time: '2026-01-20T06:04:57Z',
        },
      ],
      post_logout_redirect_uris: ['https://app.harborlight.example/goodbye'],
      post_login_uris: ['https://app.harborlight.example/callback'],
      name: 'Production',
    }),
  ],
};
