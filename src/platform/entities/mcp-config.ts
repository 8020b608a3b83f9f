import { z } from 'zod';

/** Which connections and tools an MCP server exposes (`scalekit.v1.mcp.McpConfig`). */
export const McpConfig = z.object({
  id: z.string(),
  name: z.string().nullish(),
  description: z.string().nullish(),
  mcp_server_url: z.string().nullish().describe('Needs a session token to be called'),
  connection_tool_mappings: z
    .array(
      z.object({
        connection_name: z.string().nullish(),
        connection_id: z.string().nullish(),
        provider: z.string().nullish(),
        tools: z.array(z.string()).nullish().describe('None means all'),
        connected_account_id: z.string().nullish(),
        connected_account_status: z.string().nullish(),
      }),
    )
    .nullish(),
});

/** Where one user's account stands on one connection (`scalekit.v1.mcp.McpConnectionAuthState`). */
export const ConnectionAuthState = z.object({
  connection_name: z.string().nullish(),
  connection_id: z.string().nullish(),
  provider: z.string().nullish(),
  connected_account_id: z.string().nullish().describe('Left out: the user has no account there yet'),
  connected_account_status: z.string().nullish(),
  authentication_link: z.string().nullish().describe('A secret, since whoever opens it authorizes for this user'),
});
