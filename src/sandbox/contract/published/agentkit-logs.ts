import { int64, list, message, of, optional, required, text, time, uint32 } from '../notation.ts';
import { rpc, service } from '../service.ts';

const READ = { permissions: ['agent_logs:read'] };
const part = optional(text({ max_len: 255 }));

const log = {
  id: text(),
  environment_id: text(),
  execution_id: text(),
  agent_run_id: optional(text()),
  tool_name: text(),
  provider: text(),
  connected_account_id: text(),
  connection_id: text(),
  connection_name: text(),
  identifier: text(),
  user_id: text(),
  organization_id: optional(text()),
  source: text(),
  status: text(),
  error_tier: text(),
  error_code: text(),
  error_message: text(),
  duration_ms: int64(),
  started_at: time(),
  workspace_id: optional(text()),
  agent_id: optional(text()),
};

export const ToolCallLogSchema = message('scalekit.v1.agentkit_logs.ToolCallLog', log);

export const AgentkitLogsService = service('scalekit.v1.agentkit_logs.AgentkitLogsService', {
  listToolCallLogs: rpc('GET /agentkit/tool_call_logs', {
    ...READ,
    request: {
      start_time: time(),
      end_time: time(),
      status: list(text()),
      provider: list(text()),
      connection_id: optional(text()),
      connected_account_id: optional(text()),
      identifier: part,
      agent_run_id: part,
      page_size: uint32(),
      page_token: text(),
      connection_name: part,
      source: list(text()),
    },
    response: {
      tool_call_logs: list(of(ToolCallLogSchema)),
      next_page_token: text(),
      total_size: int64(),
      prev_page_token: text(),
    },
  }),
  getToolCallLog: rpc('GET /agentkit/tool_call_logs/{execution_id}', {
    ...READ,
    request: { execution_id: required(text({ min_len: 1, max_len: 64 })) },
    response: log,
  }),
});

const counts = {
  total: int64(),
  success: int64(),
  errors: int64(),
  provider_errors: int64(),
  platform_errors: int64(),
};

export const AgentkitAnalyticsService = service('scalekit.v1.agentkit_logs.AgentkitAnalyticsService', {
  getOverviewStats: rpc('GET /agentkit/analytics/overview', {
    ...READ,
    request: {
      start_time: required(time()),
      end_time: required(time()),
      provider: list(text()),
      status: list(text()),
      error_code: list(text()),
      connection_name: part,
      source: list(text()),
    },
    response: {
      ...counts,
      top_error_codes: list(of({ error_code: text(), count: int64() })),
      connector_breakdown: list(of({ provider: text(), ...counts })),
      time_series: list(of({ bucket: time(), bucket_duration_seconds: int64(), ...counts })),
    },
  }),
});
