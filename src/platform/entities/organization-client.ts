import { z } from 'zod';
import { WholeNumber } from '../../core/whole-number.ts';
import { ClientSecret, CustomClaim } from './environment-client.ts';

/** A client with which a program of an organization gets tokens (`scalekit.v1.clients.M2MClient`). */
export const OrganizationClient = z.object({
  client_id: z.string(),
  name: z.string().nullish(),
  description: z.string().nullish(),
  organization_id: z.string().nullish(),
  scopes: z.array(z.string()).nullish(),
  audience: z.array(z.string()).nullish(),
  custom_claims: z.array(CustomClaim).nullish(),
  expiry: WholeNumber.nullish().describe('How long its access tokens live, in seconds'),
  secrets: z.array(ClientSecret).nullish(),
  create_time: z.string().nullish(),
  update_time: z.string().nullish(),
});
