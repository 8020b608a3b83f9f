import { z } from 'zod';
import { WholeNumber } from '../../core/whole-number.ts';
import { ClientSecret } from './environment-client.ts';

/** What lists and single answers have in common. */
const common = {
  client_id: z.string(),
  name: z.string().nullish(),
  description: z.string().nullish(),
  scopes: z.array(z.string()).nullish().describe('Its tokens get those of them that the server has enabled'),
  redirect_uris: z.array(z.string()).nullish(),
  is_dcr: z.boolean().nullish().describe('true: it registered itself'),
  is_cimd: z.boolean().nullish().describe('true: known by its metadata document'),
  metadata_uri: z.string().nullish(),
  create_time: z.string().nullish(),
};

/** A client of an MCP server in a list. With dynamic registration there may be thousands. */
export const ListedMcpClient = z.object(common);

/** A client of an MCP server (`scalekit.v1.clients.M2MClient`). */
export const McpClient = z.object({
  ...common,
  resource_id: z.string().nullish().describe('The MCP server'),
  audience: z.array(z.string()).nullish().describe('Of its tokens; Scalekit sets it'),
  custom_claims: z.array(z.object({ key: z.string().nullish(), value: z.string().nullish() })).nullish(),
  expiry: WholeNumber.nullish().describe('Of its tokens, in seconds'),
  secrets: z.array(ClientSecret).nullish(),
  update_time: z.string().nullish(),
});

/** Somebody who allowed a client something (`scalekit.v1.clients.ConsentedUser`). */
export const ConsentedUser = z.object({
  consent_id: z.string().nullish(),
  external_user_id: z.string().nullish(),
  scopes: z.array(z.string()).nullish(),
});

/** What a user allowed a client at an MCP server (`scalekit.v1.clients.ResourceUserConsent`). */
export const McpConsent = z.object({
  id: z.string(),
  external_user_id: z.string().nullish().describe('The id of the user in your application'),
  client_id: z.string().nullish(),
  client_name: z.string().nullish(),
  scopes: z.array(z.string()).nullish(),
  granted_at: z.string().nullish(),
});
