import { z } from 'zod';
import { toolset } from '../core/toolset.ts';
import { AgentAnalytics, AuthRequest, ScalekitEvent, ToolCallLog } from '../platform/entities/logs.ts';
import { readAnalytics, spellings, windowOf } from '../platform/logs.ts';
import { path } from '../platform/path.ts';
import { connectedAccountId, provider } from './fields/agents.ts';
import { idFrom, mcpServerId, organizationId } from './fields/ids.ts';
import { email, heldText, moment } from './fields/texts.ts';

const times = { startTime: moment.optional(), endTime: moment.optional() };
const connectionId = idFrom('conn', 'list_environment_connections').optional();

/** What both tools on runs of agent tools narrow by. */
const ofRuns = {
  ...times,
  status: z.enum(['success', 'provider_error', 'platform_error']).optional(),
  provider: provider.describe('Such as gmail'),
  connector: heldText(255).optional().describe('Part of a name of an app connection'),
  source: z.enum(['API', 'MCP', 'PROXY', 'GATEWAY']).optional(),
};

interface OfRuns {
  readonly status?: string | undefined;
  readonly provider?: string | undefined;
  readonly connector?: string | undefined;
  readonly source?: string | undefined;
}

const runsQuery = ({ status, provider, connector, source }: OfRuns) => ({
  status,
  provider: spellings(provider),
  connection_name: connector,
  source,
});

/** What has happened: sign-ins, events, runs of agent tools. */
export const logs = toolset('logs', { area: 'environment', rare: true }, (t) => [
  t.list('list_auth_logs', {
    title: 'List authentication logs',
    foundBy:
      'failed sign-ins, login attempts, login history, why did a login fail, who signed in, when did somebody last log in, suspicious logins, why can somebody not log in',
    description:
      'List who signed in or tried to (sign-ins, logins, authentication), youngest first: when, through what, and whether it failed.',
    of: { authRequests: AuthRequest },
    pages: 100,
    input: {
      ...times,
      email: email.optional(),
      status: z.enum(['INITIATED', 'PENDING', 'SUCCESS', 'FAILED']).optional(),
      mcpServerId: mcpServerId.optional(),
      clientId: heldText(32).optional(),
      connectedAccountIdentifier: heldText(255).optional(),
    },
    run: ({ email, status, mcpServerId, clientId, connectedAccountIdentifier, page, ...window }, { api }) =>
      api.get(path`/logs/authentication/requests`, {
        ...windowOf(window),
        email,
        status,
        resource_id: mcpServerId,
        client_id: clientId,
        connected_account_identifier: connectedAccountIdentifier,
        ...page,
      }),
  }),

  t.list('list_events', {
    foundBy:
      'audit trail, who changed what, history of changes, activity, what happened, recent changes, who deleted something',
    description:
      'List events (audit log, webhook events) of an environment, youngest first: what was created, changed, or went wrong.',
    of: { events: ScalekitEvent },
    pages: 100,
    input: {
      ...times,
      eventTypes: z.array(heldText(255)).max(50).optional().describe('Such as organization.created'),
      organizationId: organizationId.optional(),
      source: z.enum(['SCALEKIT', 'DIR_SYNC']).optional(),
      authRequestId: heldText(64).optional().describe('From list_auth_logs: what happened in one sign-in'),
      connectionId,
      connectedAccountId: connectedAccountId.optional(),
    },
    run: (
      { eventTypes, organizationId, source, authRequestId, connectionId, connectedAccountId, page, ...window },
      { api },
    ) => {
      const filter = {
        ...windowOf(window),
        event_types: eventTypes,
        organization_id: organizationId,
        source,
        auth_request_id: authRequestId,
        connection_id: connectionId,
        connected_account_id: connectedAccountId,
      };
      return api.post(path`/events`, filter, { ...page });
    },
  }),

  t.list('list_tool_call_logs', {
    foundBy: 'what did agents do, failed tool calls, actions of bots, did an agent send something',
    description:
      'List the tool calls of agents (logs of agent tools), youngest first: which tool ran, for whom, how long, and why it failed.',
    of: { tool_call_logs: ToolCallLog },
    pages: 100,
    input: {
      ...ofRuns,
      connectionId,
      connectedAccountId: connectedAccountId.optional(),
      identifier: heldText(255).optional().describe('Your id of the user'),
      agentRunId: heldText(255).optional(),
    },
    run: ({ connectionId, connectedAccountId, identifier, agentRunId, page, startTime, endTime, ...rest }, { api }) =>
      api.get(path`/agentkit/tool_call_logs`, {
        ...windowOf({ startTime, endTime }),
        ...runsQuery(rest),
        connection_id: connectionId,
        connected_account_id: connectedAccountId,
        identifier,
        agent_run_id: agentRunId,
        ...page,
      }),
  }),

  t.read('get_tool_call_log', {
    foundBy: 'one action of an agent, what was sent and returned, why did a tool call fail',
    description: 'Show one tool call of an agent by its execution id: which tool, for whom, and why it failed.',
    input: { executionId: heldText(64).describe('execution_id from execute_agent_tool or list_tool_call_logs') },
    output: { tool_call_log: ToolCallLog },
    run: async ({ executionId }, { api }) => ({
      tool_call_log: await api.get(path`/agentkit/tool_call_logs/${executionId}`),
    }),
  }),

  t.read('get_agent_analytics', {
    foundBy: 'statistics of agents, success rate, how often do agents fail, most used tools, trends',
    description:
      'Show how the tool calls of agents went: totals, error rates, most frequent errors, by connector and over time.',
    input: { ...ofRuns, errorCode: heldText(255).optional().describe('From top_error_codes') },
    output: {
      ...AgentAnalytics.shape,
      start_time: z.string().describe('Left out of a call: seven days before end_time'),
      end_time: z.string(),
    },
    run: ({ startTime, endTime, errorCode, ...rest }, { api }) =>
      readAnalytics(api, { startTime, endTime }, { ...runsQuery(rest), error_code: errorCode }),
  }),
]);
