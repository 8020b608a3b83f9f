import { z } from 'zod';
import { Word } from '../../core/word.ts';

/**
 * What one user has authorized on one connection (`scalekit.v1.connected_accounts.ConnectedAccount`). Two members are
 * left out of the schema, so that they are removed from answers: `authorization_details`, which may contain tokens, and
 * `api_config`, which may contain keys.
 */
export const ConnectedAccount = z.object({
  id: z.string(),
  identifier: z.string().nullish().describe('The user, as your application names them'),
  connector: z.string().nullish().describe('The name of the connection'),
  connection_id: z.string().nullish(),
  provider: z.string().nullish(),
  status: Word.nullish().describe('ACTIVE, EXPIRED, PENDING_AUTH, PENDING_VERIFICATION or DISCONNECTED'),
  authorization_type: Word.nullish(),
  token_expires_at: z.string().nullish(),
  last_used_at: z.string().nullish(),
  updated_at: z.string().nullish(),
});
