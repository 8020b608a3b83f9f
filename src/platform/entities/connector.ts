import { z } from 'zod';

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
