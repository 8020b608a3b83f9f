import { z } from 'zod';
import { WholeNumber } from '../../core/whole-number.ts';
import { Word } from '../../core/word.ts';
import { Members } from './members.ts';

/** One run of an agent tool (`scalekit.v1.agentkit_logs.ToolCallLog`). */
export const ToolCallLog = z.object({
  execution_id: z.string(),
  tool_name: z.string().nullish(),
  status: z.string().nullish().describe('success, provider_error or platform_error'),
  error_tier: z.string().nullish(),
  error_code: z.string().nullish(),
  error_message: z.string().nullish(),
  provider: z.string().nullish(),
  connection_id: z.string().nullish(),
  connection_name: z.string().nullish(),
  connected_account_id: z.string().nullish(),
  identifier: z.string().nullish(),
  organization_id: z.string().nullish(),
  user_id: z.string().nullish(),
  source: z.string().nullish().describe('API, MCP, PROXY or GATEWAY'),
  agent_run_id: z.string().nullish(),
  agent_id: z.string().nullish(),
  duration_ms: WholeNumber.nullish(),
  started_at: z.string().nullish(),
});

const counts = {
  total: WholeNumber.nullish(),
  success: WholeNumber.nullish(),
  errors: WholeNumber.nullish(),
  provider_errors: WholeNumber.nullish().describe('Of the third party'),
  platform_errors: WholeNumber.nullish().describe('Of Scalekit, such as an account that is not active'),
};

/** How the runs of agent tools went in some time (`scalekit.v1.agentkit_logs.OverviewStats`). */
export const AgentAnalytics = z.object({
  ...counts,
  top_error_codes: z.array(z.object({ error_code: z.string().nullish(), count: WholeNumber.nullish() })).nullish(),
  connector_breakdown: z.array(z.object({ provider: z.string().nullish(), ...counts })).nullish(),
  time_series: z
    .array(z.object({ bucket: z.string().nullish(), bucket_duration_seconds: WholeNumber.nullish(), ...counts }))
    .nullish(),
});

/** One attempt to sign in (`scalekit.v1.auditlogs.AuthLogRequest`). */
export const AuthRequest = z.object({
  auth_request_id: z.string(),
  timestamp: z.string().nullish(),
  status: z.string().nullish().describe('INITIATED, PENDING, SUCCESS or FAILED'),
  email: z.string().nullish(),
  workflow: z.string().nullish(),
  organization_id: z.string().nullish(),
  connection_id: z.string().nullish(),
  connection_type: z.string().nullish(),
  connection_provider: z.string().nullish(),
  resource_id: z.string().nullish().describe('The MCP server'),
  resource_name: z.string().nullish(),
  client_id: z.string().nullish(),
  client_name: z.string().nullish(),
  client_type: z.string().nullish(),
  connected_account_identifier: z.string().nullish(),
});

/** Something that happened in an environment (`scalekit.v1.events.ScalekitEvent`). */
export const ScalekitEvent = z.object({
  id: z.string(),
  type: z.string().nullish(),
  display_name: z.string().nullish(),
  occurred_at: z.string().nullish(),
  organization_id: z.string().nullish(),
  object: Word.nullish(),
  data: Members.nullish().describe('What it was about'),
});
