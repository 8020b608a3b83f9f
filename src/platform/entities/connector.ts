import { z } from 'zod';
import { TextMembers } from './members.ts';

/** A third-party service to which agents can be connected (`scalekit.v1.providers.Provider`). */
export const Connector = z.object({
  identifier: z.string().describe('The provider of its connections and tools'),
  display_name: z.string().nullish(),
  description: z.string().nullish(),
  categories: z.array(z.string()).nullish(),
  auth_types: z.array(z.string()).nullish().describe('How accounts are authorized, such as OAUTH or API_KEY'),
  is_custom: z.boolean().nullish().describe('true: made in this environment'),
  is_custom_mcp: z.boolean().nullish().describe('true: it is an MCP server'),
  coming_soon: z.boolean().nullish().describe('true: cannot be connected yet'),
});

/** A connector that was made in an environment, with all that can be set of it. */
export const CustomConnector = Connector.omit({ auth_types: true, coming_soon: true, categories: true }).extend({
  auth_patterns: z.array(z.unknown()).nullish().describe('How accounts are authorized'),
  proxy_url: z.string().nullish().describe('The address of the API or MCP server'),
  proxy_enabled: z.boolean().nullish(),
  icon_src: z.string().nullish(),
  metadata: TextMembers.nullish(),
});
