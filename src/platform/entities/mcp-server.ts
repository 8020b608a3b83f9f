import { z } from 'zod';
import { WholeNumber } from '../../core/whole-number.ts';
import { Word } from '../../core/word.ts';

/** What lists and single answers have in common. */
const common = {
  id: z.string().describe('res_… or, for older ones, app_…'),
  name: z.string().nullish(),
  description: z.string().nullish(),
  resource_id: z.string().nullish().describe('Audience of its tokens: its URL, or the id where it has none'),
  resource_uri: z.string().nullish().describe('Older synonym of resource_id'),
  logo_uri: z.string().nullish(),
  provider: z.string().nullish().describe('key_id of the connection that signs users in; left out: Scalekit does'),
  protected_metadata: z
    .unknown()
    .optional()
    .describe('The RFC 9728 document that the server must publish, as Scalekit made it'),
  protected_metadata_uri: z.string().nullish().describe('Where the server must publish it'),
  access_token_expiry: WholeNumber.nullish().describe('Seconds'),
  refresh_token_expiry: WholeNumber.nullish().describe('Seconds'),
  disable_dynamic_client_registration: z.boolean().nullish(),
  enable_cimd: z.boolean().nullish().describe('Whether a client may use a metadata document as its id'),
  xaa_enabled: z.boolean().nullish(),
  intersect_scopes_user_permission: z.boolean().nullish(),
  connection_details: z
    .object({
      id: z.string().nullish(),
      type: Word.nullish(),
      status: Word.nullish(),
      enabled: z.boolean().nullish(),
      provider: z.string().nullish(),
    })
    .nullish()
    .describe('The connection that signs users in instead of Scalekit'),
  disallow_connection_update: z.boolean().nullish(),
  create_time: z.string().nullish(),
  update_time: z.string().nullish(),
};

/** An MCP server for which Scalekit issues tokens (`scalekit.v1.clients.Resource` of type MCP_SERVER). */
export const McpServer = z.object({
  ...common,
  scopes: z
    .array(
      z.object({
        name: z.string(),
        description: z.string().nullish(),
        enabled: z.boolean().nullish().describe('Whether tokens for this server may have it'),
      }),
    )
    .nullish()
    .describe('Every scope of the environment; only those enabled here count'),
  cimd_client_allowlist_enabled: z.boolean().nullish().describe('true: no other metadata documents are taken'),
  cimd_client_allowlist: z.array(z.object({ type: Word.nullish(), value: z.string().nullish() })).nullish(),
  resource_scope_selection_allowed: z.boolean().nullish().describe('true: people may leave optional scopes out'),
});

export type McpServer = z.output<typeof McpServer>;

/** An MCP server in a list. The API gives every scope of the environment for each, which would fill the result. */
export const ListedMcpServer = z.object({
  ...common,
  scopes: z.array(z.string()).nullish().describe('Names of the scopes that are enabled here'),
});
