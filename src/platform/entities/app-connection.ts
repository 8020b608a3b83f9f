import { z } from 'zod';
import { Word } from '../../core/word.ts';

/** A connection to a third-party service that agents act in (`scalekit.v1.connections.ListConnection`). */
export const AppConnection = z.object({
  id: z.string(),
  key_id: z.string().nullish().describe('Its name: what other tools take as connector or connection_name'),
  provider_key: z.string().nullish().describe('The service, for instance GMAIL'),
  type: Word.nullish(),
  status: Word.nullish().describe('DRAFT, IN_PROGRESS or COMPLETED'),
  enabled: z.boolean().nullish(),
  mcp_server_url: z.string().nullish(),
  created_at: z.string().nullish(),
});
