import { AuthLogRequestSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/auditlogs/auditlogs_pb.js';
import { ScalekitEventSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/events/events_pb.js';
import { complete } from '../contract/complete.ts';
import type { Draft, JsonOf } from '../contract/json.ts';
import { ToolCallLogSchema } from '../contract/published/agentkit-logs.ts';
import { connectedAccounts } from './agents/accounts.ts';
import {
  DEVELOPMENT_CONNECTION_IDS as CONNECTIONS,
  ENVIRONMENT_IDS,
  type EnvironmentName,
  DEVELOPMENT_ORGANIZATION_IDS as ORGANIZATIONS,
  WORKSPACE_ID,
} from './ids.ts';
import type { ConnectedAccount } from './types.ts';

export type ToolCallLog = JsonOf<typeof ToolCallLogSchema>;
type AuthRequest = JsonOf<typeof AuthLogRequestSchema>;
export type SandboxEvent = JsonOf<typeof ScalekitEventSchema>;

/** What happened in one environment, youngest first. */
export interface LogsContent {
  readonly toolCallLogs: ToolCallLog[];
  readonly authRequests: AuthRequest[];
  readonly events: SandboxEvent[];
}

const ENVIRONMENT = ENVIRONMENT_IDS.development;

/** The record of a run of a tool with an account. */
export function toolCallLog(account: ConnectedAccount, environmentId: string, facts: Draft<ToolCallLog>): ToolCallLog {
  return complete(ToolCallLogSchema, {
    environment_id: environmentId,
    workspace_id: WORKSPACE_ID,
    provider: account.provider.toLowerCase(),
    connected_account_id: account.id,
    connection_id: account.connection_id,
    connection_name: account.connector,
    identifier: account.identifier,
    ...facts,
  });
}

type Run = readonly [
  at: string,
  account: number,
  tool: string,
  source: 'API' | 'MCP',
  ms: number,
  error?: readonly [tier: 'provider' | 'platform', code: string, message: string],
];

const EXPIRED = ['platform', 'ACCOUNT_NOT_ACTIVE', 'The connected account has expired.'] as const;
const BUSY = ['provider', 'RATE_LIMITED', 'Slack asks to wait for 30 seconds.'] as const;
const GONE = ['provider', 'NOT_FOUND', 'There is no channel of this name.'] as const;

/** The dispatchers' morning, an account that has run out, and a channel that somebody renamed. */
const RUNS: readonly Run[] = [
  ['2026-01-20T11:52:09Z', 1, 'slack_send_message', 'MCP', 412],
  ['2026-01-20T11:52:04Z', 0, 'gmail_fetch_mails', 'MCP', 630],
  ['2026-01-20T11:48:51Z', 1, 'slack_send_message', 'MCP', 95, GONE],
  ['2026-01-20T09:30:00Z', 2, 'gmail_fetch_mails', 'API', 8, EXPIRED],
  ['2026-01-19T20:15:37Z', 4, 'slack_send_message', 'API', 388],
  ['2026-01-19T20:15:03Z', 4, 'slack_send_message', 'API', 120, BUSY],
  ['2026-01-19T09:30:00Z', 2, 'gmail_fetch_mails', 'API', 9, EXPIRED],
  ['2026-01-18T04:00:00Z', 8, 'c-tide-tables_next-high-water', 'API', 207],
];

function toolCallLogs(): ToolCallLog[] {
  const accounts = connectedAccounts();
  return RUNS.flatMap(([started_at, account, tool_name, source, ms, error], i) => {
    const [tier = '', error_code = '', error_message = ''] = error ?? [];
    const owner = accounts[account];
    const facts = {
      id: `tcl_71204418093066${101 + i}`,
      execution_id: `7120ab44-1809-4066-8000-0000000000${10 + i}`,
      ...(source === 'MCP' && { agent_run_id: 'run-morning-20' }),
      ...{ tool_name, source, error_code, error_message, started_at },
      status: tier === '' ? 'success' : `${tier}_error`,
      error_tier: tier,
      duration_ms: String(ms),
    };
    return owner === undefined ? [] : [toolCallLog(owner, ENVIRONMENT, facts)];
  });
}

type SignIn = readonly [
  at: string,
  email: string,
  status: 'INITIATED' | 'PENDING' | 'SUCCESS' | 'FAILED',
  workflow: string,
  facts: Draft<AuthRequest>,
];

const TIDEWATER = {
  organization_id: ORGANIZATIONS.tidewater,
  connection_id: CONNECTIONS.tidewater,
  connection_type: 'OIDC',
  connection_provider: 'MICROSOFT_AD',
};
const MERIDIAN = {
  organization_id: ORGANIZATIONS.meridian,
  connection_id: CONNECTIONS.meridian,
  connection_type: 'OIDC',
  connection_provider: 'OKTA',
};
const AT_SERVER = {
  resource_id: 'res_71204418093064001',
  resource_name: 'Shipment tracking',
  resource_type: 'MCP_SERVER',
  client_id: 'm2m_71204418093064403',
  client_name: 'Code editor',
  client_type: 'M2M',
};
const AT_APPLICATION = { client_id: 'skc_71204418093064101', client_name: 'Development', client_type: 'ENV' };

/** One customer signs in as every day, another one's identity provider refuses since its certificate was changed. */
const SIGN_INS: readonly SignIn[] = [
  ['2026-01-20T09:12:36Z', 'mateus.rocha@anchorage.example', 'SUCCESS', 'PASSWORDLESS', AT_APPLICATION],
  ['2026-01-20T08:14:40Z', 'anke.vogel@meridian.example', 'FAILED', 'SSO', { ...MERIDIAN, ...AT_APPLICATION }],
  ['2026-01-20T08:14:03Z', 'anke.vogel@meridian.example', 'FAILED', 'SSO', { ...MERIDIAN, ...AT_APPLICATION }],
  ['2026-01-20T06:55:10Z', 'caleb.nwosu@tidewater.example', 'SUCCESS', 'SSO', { ...TIDEWATER, ...AT_APPLICATION }],
  ['2026-01-19T13:02:44Z', 'rosa.delgado@tidewater.example', 'SUCCESS', 'SSO', { ...TIDEWATER, ...AT_SERVER }],
  ['2026-01-17T09:31:00Z', 'priya.raman@tidewater.example', 'INITIATED', 'PASSWORDLESS', AT_APPLICATION],
  [
    '2026-01-14T07:11:26Z',
    '',
    'PENDING',
    'CONNECTED_ACCOUNT',
    { connected_account_identifier: 'jonas@harborlight.example' },
  ],
];

function authRequest([timestamp, email, status, workflow, facts]: SignIn, i: number): AuthRequest {
  const { organization_id, connection_id, connection_type, connection_provider } = facts;
  const details = { organization_id, connection_id, connection_type, connection_provider };
  return complete(AuthLogRequestSchema, {
    environment_id: ENVIRONMENT,
    auth_request_id: `areq_71204418093066${201 + i}`,
    ...{ timestamp, email, status, workflow },
    ...(connection_id && { connection_details: [details as never] }),
    ...facts,
  });
}

type Happening = readonly [
  at: string,
  type: string,
  object: string,
  organization: keyof typeof ORGANIZATIONS,
  name: string,
  data: Readonly<Record<string, string>>,
];

const HAPPENINGS: readonly Happening[] = [
  [
    '2026-01-20T08:14:40Z',
    'user.login',
    'UserLoginEvent',
    'meridian',
    'Sign-in failed',
    {
      auth_request_id: 'areq_71204418093066202',
      connection_id: CONNECTIONS.meridian,
      error: 'the signature of the assertion does not match the certificate',
    },
  ],
  [
    '2026-01-20T06:55:10Z',
    'user.login',
    'UserLoginEvent',
    'tidewater',
    'Signed in',
    { auth_request_id: 'areq_71204418093066204', connection_id: CONNECTIONS.tidewater },
  ],
  [
    '2026-01-20T05:00:00Z',
    'organization.directory.user_created',
    'DirectoryUser',
    'lagerhaus',
    'Directory user created',
    { email: 'ines@lagerhaus.example', source: 'DIR_SYNC' },
  ],
  [
    '2026-01-14T07:11:26Z',
    'connected_account.status_updated',
    'ConnectedAccount',
    'tidewater',
    'Connected account changed',
    { connected_account_id: 'ca_71204418093065104', status: 'PENDING_AUTH' },
  ],
  [
    '2026-01-12T11:05:00Z',
    'user.organization_invitation',
    'User',
    'anchorage',
    'User invited',
    { email: 'tomas.beck@anchorage.example' },
  ],
  ['2025-12-02T12:58:00Z', 'organization.created', 'Organization', 'bluefin', 'Organization created', {}],
];

function event([occurred_at, type, object, organization, display_name, data]: Happening, i: number): SandboxEvent {
  const facts = { spec_version: '1', id: `evt_71204418093066${301 + i}`, environment_id: ENVIRONMENT, data };
  const organization_id = ORGANIZATIONS[organization];
  return complete(ScalekitEventSchema, {
    ...facts,
    type,
    occurred_at,
    organization_id,
    object,
    display_name,
  } as Draft<SandboxEvent>);
}

/** What each environment holds at start. Of production nothing is known that old. */
export function seedLogs(environment: EnvironmentName): LogsContent {
  if (environment === 'production') return { toolCallLogs: [], authRequests: [], events: [] };
  return { toolCallLogs: toolCallLogs(), authRequests: SIGN_INS.map(authRequest), events: HAPPENINGS.map(event) };
}
