import { z } from 'zod';
import { McpConfig } from './mcp-config.ts';

/**
 * An MCP server for one user (`scalekit.v1.mcp.McpInstance`). Its URL works without further authentication. So the URL
 * is not in this schema; only the tool that exists to return it adds it.
 */
export const McpInstance = z.object({
  id: z.string(),
  name: z.string().nullish(),
  user_identifier: z.string().nullish(),
  config: McpConfig.nullish(),
  last_used_at: z.string().nullish(),
  updated_at: z.string().nullish(),
});
