import { ConnectedAccountForListSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js';
import {
  type ListConnection,
  ListConnectionSchema,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb.js';
import { complete } from '../../contract/complete.ts';
import type { Draft, Json } from '../../contract/json.ts';
import type { EnvironmentName } from '../ids.ts';
import type { AppConnection, ConnectedAccount } from '../types.ts';

type Row = readonly [id: string, provider: string, type: string, providerKey: string, keyId: string, created: string];

const CONNECTIONS: Readonly<Record<EnvironmentName, readonly Row[]>> = {
  development: [
    ['conn_71204418093065001', 'GOOGLE', 'OAUTH', 'GMAIL', 'gmail', '2025-09-02T08:15:00Z'],
    ['conn_71204418093065002', 'CUSTOM', 'OAUTH', 'SLACK', 'slack-ops', '2025-09-02T08:21:34Z'],
    ['conn_71204418093065003', 'CUSTOM', 'OAUTH', 'NOTION', 'notion', '2025-09-15T13:40:09Z'],
    ['conn_71204418093065004', 'SALESFORCE', 'OAUTH', 'SALESFORCE', 'MY_SALESFORCE', '2025-12-11T10:02:51Z'],
    ['conn_71204418093065005', 'CUSTOM', 'API_KEY', 'CUSTOM_TIDES', 'tide-tables', '2026-01-07T16:30:00Z'],
    // Needs no authorization. Its name is one that Scalekit made: the provider and a suffix in mixed case.
    ['conn_71204418093065006', 'CUSTOM', 'NO_AUTH', 'CUSTOM_BERTHS', 'custom_berths-b1fqL2Dr', '2026-01-12T08:00:00Z'],
  ],
  production: [['conn_71204418093065051', 'CUSTOM', 'OAUTH', 'SLACK', 'slack', '2025-12-18T09:00:00Z']],
};

/** Begun, and left before its credentials were entered. */
const UNFINISHED = 'MY_SALESFORCE';

/** What Harborlight's agents may be connected to. None of it belongs to an organization. */
export function appConnections(environment: EnvironmentName, domain: string): AppConnection[] {
  return CONNECTIONS[environment].map(([id, provider, type, provider_key, key_id, created_at]) => {
    const finished = key_id !== UNFINISHED;
    const status = finished ? 'COMPLETED' : 'IN_PROGRESS';
    return appConnection(domain, { id, provider, type, status, enabled: finished, provider_key, key_id, created_at });
  });
}

/** An app connection, whose MCP server is at its name. */
export function appConnection(domain: string, facts: Draft<Json<ListConnection>>): AppConnection {
  const mcp_server_url = `https://${domain}/mcp/v3/connections/${facts.key_id}`;
  return complete(ListConnectionSchema, { ...facts, mcp_server_url });
}

const MIRA = 'mira@harborlight.example';
const JONAS = 'jonas@harborlight.example';
const DISPATCH = 'dispatch@tidewater.example';

type Account = readonly [
  identifier: string,
  connector: string,
  status: string,
  updated: string,
  used?: string,
  expires?: string,
];

/** Accounts in every state, oldest first. Users are named as Harborlight's own product names them. */
const ACCOUNTS: readonly Account[] = [
  [MIRA, 'gmail', 'ACTIVE', '2026-01-20T11:47:31Z', '2026-01-20T11:52:04Z', '2026-01-20T12:47:31Z'],
  [MIRA, 'slack-ops', 'ACTIVE', '2025-09-02T08:30:12Z', '2026-01-20T11:52:09Z'],
  [JONAS, 'gmail', 'EXPIRED', '2025-12-19T16:05:00Z', '2025-12-19T16:58:43Z', '2025-12-19T17:05:00Z'],
  [JONAS, 'notion', 'PENDING_AUTH', '2026-01-14T07:11:26Z'],
  [DISPATCH, 'slack-ops', 'ACTIVE', '2025-10-06T14:22:50Z', '2026-01-19T20:15:37Z'],
  [DISPATCH, 'gmail', 'ACTIVE', '2026-01-20T12:02:18Z', '2026-01-20T12:02:18Z', '2026-01-20T13:02:18Z'],
  ['trial@granarywharf.example', 'notion', 'DISCONNECTED', '2025-10-01T00:00:00Z', '2025-09-29T09:44:00Z'],
  ['buying@driftwood.example', 'gmail', 'PENDING_VERIFICATION', '2025-10-30T18:19:20Z'],
  ['yard-planner', 'tide-tables', 'ACTIVE', '2026-01-07T16:41:02Z', '2026-01-18T04:00:00Z'],
];

/** The accounts that exist in development. */
export function connectedAccounts(): ConnectedAccount[] {
  return ACCOUNTS.map(([identifier, connector, status, updated_at, last_used_at, token_expires_at], i) => {
    const connection = CONNECTIONS.development.find(([, , , , keyId]) => keyId === connector);
    const [connection_id, , authorization_type, provider] = connection ?? [];
    return complete(ConnectedAccountForListSchema, {
      id: `ca_71204418093065${101 + i}`,
      identifier,
      provider,
      status,
      authorization_type,
      token_expires_at,
      updated_at,
      connector,
      last_used_at,
      connection_id,
    });
  });
}
