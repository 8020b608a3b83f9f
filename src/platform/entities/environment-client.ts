import { z } from 'zod';
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
