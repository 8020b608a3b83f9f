import type { AppConnection, ConnectedAccount } from './types.ts';

/** Parts of an app connection that are the same for all: they belong to no organization. */
const SHARED = {
  status: 'COMPLETED',
  enabled: true,
  organization_id: '',
  ui_button_title: '',
  domains: [],
  organization_name: '',
} as const;

function connection(
  domain: string,
  facts: Pick<AppConnection, 'id' | 'provider' | 'type' | 'provider_key' | 'key_id' | 'created_at'>,
): AppConnection {
  return { ...SHARED, ...facts, mcp_server_url: `https://${domain}/mcp/v3/connections/${facts.key_id}` };
}

/** What Harborlight's agents may be connected to in development. */
export function developmentConnections(domain: string): AppConnection[] {
  return [
    connection(domain, {
      id: 'conn_71204418093065001',
      provider: 'GOOGLE',
      type: 'OAUTH',
      provider_key: 'GMAIL',
      key_id: 'gmail',
      created_at: '2025-09-02T08:15:00Z',
    }),
    connection(domain, {
      id: 'conn_71204418093065002',
      provider: 'CUSTOM',
      type: 'OAUTH',
      provider_key: 'SLACK',
      key_id: 'slack-ops',
      created_at: '2025-09-02T08:21:34Z',
    }),
    connection(domain, {
      id: 'conn_71204418093065003',
      provider: 'CUSTOM',
      type: 'OAUTH',
      provider_key: 'NOTION',
      key_id: 'notion',
      created_at: '2025-09-15T13:40:09Z',
    }),
    {
      ...connection(domain, {
        id: 'conn_71204418093065004',
        provider: 'SALESFORCE',
        type: 'OAUTH',
        provider_key: 'SALESFORCE',
        key_id: 'MY_SALESFORCE',
        created_at: '2025-12-11T10:02:51Z',
      }),
      status: 'IN_PROGRESS',
      enabled: false,
    },
    connection(domain, {
      id: 'conn_71204418093065005',
      provider: 'CUSTOM',
      type: 'API_KEY',
      provider_key: 'CUSTOM_TIDES',
      key_id: 'tide-tables',
      created_at: '2026-01-07T16:30:00Z',
    }),
  ];
}

/** In production there is one connection, and nobody uses it yet. */
export function productionConnections(domain: string): AppConnection[] {
  return [
    connection(domain, {
      id: 'conn_71204418093065051',
      provider: 'CUSTOM',
      type: 'OAUTH',
      provider_key: 'SLACK',
      key_id: 'slack',
      created_at: '2025-12-18T09:00:00Z',
    }),
  ];
}

const GMAIL = {
  provider: 'GMAIL',
  connector: 'gmail',
  connection_id: 'conn_71204418093065001',
  authorization_type: 'OAUTH',
} as const;
const SLACK = {
  provider: 'SLACK',
  connector: 'slack-ops',
  connection_id: 'conn_71204418093065002',
  authorization_type: 'OAUTH',
} as const;
const NOTION = {
  provider: 'NOTION',
  connector: 'notion',
  connection_id: 'conn_71204418093065003',
  authorization_type: 'OAUTH',
} as const;

/** Accounts in every state, oldest first. Users are named as Harborlight's own product names them. */
export const CONNECTED_ACCOUNTS: readonly ConnectedAccount[] = [
  {
    id: 'ca_71204418093065101',
    identifier: 'mira@harborlight.example',
    ...GMAIL,
    status: 'ACTIVE',
    token_expires_at: '2026-01-20T12:47:31Z',
    updated_at: '2026-01-20T11:47:31Z',
    last_used_at: '2026-01-20T11:52:04Z',
  },
  {
    id: 'ca_71204418093065102',
    identifier: 'mira@harborlight.example',
    ...SLACK,
    status: 'ACTIVE',
    token_expires_at: null,
    updated_at: '2025-09-02T08:30:12Z',
    last_used_at: '2026-01-20T11:52:09Z',
  },
  {
    id: 'ca_71204418093065103',
    identifier: 'jonas@harborlight.example',
    ...GMAIL,
    status: 'EXPIRED',
    token_expires_at: '2025-12-19T17:05:00Z',
    updated_at: '2025-12-19T16:05:00Z',
    last_used_at: '2025-12-19T16:58:43Z',
  },
  {
    id: 'ca_71204418093065104',
    identifier: 'jonas@harborlight.example',
    ...NOTION,
    status: 'PENDING_AUTH',
    token_expires_at: null,
    updated_at: '2026-01-14T07:11:26Z',
    last_used_at: null,
  },
  {
    id: 'ca_71204418093065105',
    identifier: 'dispatch@tidewater.example',
    ...SLACK,
    status: 'ACTIVE',
    token_expires_at: null,
    updated_at: '2025-10-06T14:22:50Z',
    last_used_at: '2026-01-19T20:15:37Z',
  },
  {
    id: 'ca_71204418093065106',
    identifier: 'dispatch@tidewater.example',
    ...GMAIL,
    status: 'ACTIVE',
    token_expires_at: '2026-01-20T13:02:18Z',
    updated_at: '2026-01-20T12:02:18Z',
    last_used_at: '2026-01-20T12:02:18Z',
  },
  {
    id: 'ca_71204418093065107',
    identifier: 'trial@granarywharf.example',
    ...NOTION,
    status: 'DISCONNECTED',
    token_expires_at: null,
    updated_at: '2025-10-01T00:00:00Z',
    last_used_at: '2025-09-29T09:44:00Z',
  },
  {
    id: 'ca_71204418093065108',
    identifier: 'buying@driftwood.example',
    ...GMAIL,
    status: 'PENDING_VERIFICATION',
    token_expires_at: null,
    updated_at: '2025-10-30T18:19:20Z',
    last_used_at: null,
  },
  {
    id: 'ca_71204418093065109',
    identifier: 'yard-planner',
    provider: 'CUSTOM_TIDES',
    connector: 'tide-tables',
    connection_id: 'conn_71204418093065005',
    authorization_type: 'API_KEY',
    status: 'ACTIVE',
    token_expires_at: null,
    updated_at: '2026-01-07T16:41:02Z',
    last_used_at: '2026-01-18T04:00:00Z',
  },
];
