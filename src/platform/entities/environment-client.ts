import { z } from 'zod';
import { WholeNumber } from '../../core/whole-number.ts';
import { Word } from '../../core/word.ts';

/** A secret of a client (`scalekit.v1.clients.ClientSecret`). The API stores a hash of it and shows only its end. */
export const ClientSecret = z.object({
  id: z.string().nullish(),
  secret_suffix: z.string().nullish().describe('How the secret ends'),
  status: Word.nullish().describe('ACTIVE or INACTIVE'),
  create_time: z.string().nullish(),
  expire_time: z.string().nullish(),
  last_used_time: z.string().nullish(),
});

/** A claim that stands in all tokens of a client (`scalekit.v1.clients.CustomClaim`). */
export const CustomClaim = z.object({ key: z.string(), value: z.string().nullish() });

/** The client through which an application reaches its environment (`scalekit.v1.clients.Client`). */
export const EnvironmentClient = z.object({
  // Checked, because it becomes part of paths and of .env files.
  id: z.string().regex(/^[\w-]+$/),
  client_type: z.string().nullish(),
  post_login_uris: z.array(z.string()).nullish(),
  post_logout_redirect_uris: z.array(z.string()).nullish(),
  back_channel_logout_uris: z.array(z.string()).nullish(),
  initiate_login_uri: z.string().nullish(),
});

export type EnvironmentClient = z.output<typeof EnvironmentClient>;

/** Any client of an environment, with all of its settings. */
export const AppClient = EnvironmentClient.extend({
  id: z.string(),
  client_type: Word.nullish().describe('ENV: the environment’s own; WEB_APP, SPA or NTV (native)'),
  name: z.string().nullish(),
  grant_types: z.array(z.string()).nullish(),
  scopes: z.array(z.string()).nullish(),
  custom_claims: z.array(CustomClaim).nullish(),
  access_token_expiry: WholeNumber.nullish().describe('Seconds'),
  enforce_pkce: z.boolean().nullish(),
  disallow_scalekit_api_access: z.boolean().nullish(),
  ip_allowlist: z
    .object({
      opted_in: z.boolean().nullish(),
      cidrs: z.array(z.object({ value: z.string().nullish(), type: Word.nullish() })).nullish(),
    })
    .nullish()
    .describe('From where alone it may get and use tokens by itself'),
  secrets: z.array(ClientSecret).nullish(),
  create_time: z.string().nullish(),
  update_time: z.string().nullish(),
});
