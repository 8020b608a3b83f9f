import { z } from 'zod';
import { note } from './notes.ts';

/** What a secret is handed out with. */
export const secretOutput = {
  plain_secret: z.string(),
  secret_id: z.string().nullish(),
  secret_suffix: z.string().nullish().describe('How it ends, by which it is told later'),
  expire_time: z.string().nullish(),
  note,
};
