import { z } from 'zod';
import { Members } from './members.ts';

/** A token with which a program calls the customer's application (`scalekit.v1.tokens.Token`), without itself. */
export const ApiToken = z.object({
  token_id: z.string(),
  token_suffix: z.string().nullish().describe('How the token ends'),
  description: z.string().nullish(),
  organization_id: z.string().nullish(),
  organization_external_id: z.string().nullish(),
  user_id: z.string().nullish().describe('Left out: it stands for the organization as a whole'),
  user_external_id: z.string().nullish(),
  email: z.string().nullish(),
  roles: z.array(z.string()).nullish(),
  custom_claims: Members.nullish(),
  expiry: z.string().nullish().describe('Left out: it does not end by itself'),
  created_at: z.string().nullish(),
});
