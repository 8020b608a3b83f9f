import { double, enumeration, list, message, of, one, optional, required, text, uint32 } from '../notation.ts';
import { rpc, service } from '../service.ts';

const ConnectionReadinessSchema = message('scalekit.v1.tools.ConnectionReadiness', {
  connection_name: text(),
  connected_account_id: text(),
  readiness_state: one(
    enumeration('scalekit.v1.tools.ToolReadinessState', [
      'TOOL_READINESS_STATE_UNSPECIFIED',
      'TOOL_READINESS_STATE_READY',
      'TOOL_READINESS_STATE_NEEDS_CONNECTION',
      'TOOL_READINESS_STATE_NEEDS_REAUTH',
    ]),
  ),
});

const SearchedToolSchema = message('scalekit.v1.tools.SearchedTool', {
  name: text(),
  provider: text(),
  description: text(),
  score: double(),
  connections: list(of(ConnectionReadinessSchema)),
});

/** The method of the service that the SDK does not have yet. */
export const ToolSearchService = service('scalekit.v1.tools.ToolService', {
  searchTools: rpc('POST /tools:search', {
    body: '*',
    request: {
      query: required(text({ min_len: 1, max_len: 256 })),
      identifier: optional(text({ max_len: 100 })),
      top_k: uint32(),
    },
    response: { tools: list(of(SearchedToolSchema)) },
  }),
});
