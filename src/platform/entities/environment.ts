import { z } from 'zod';
import { Word } from '../../core/word.ts';

/** An environment of the workspace (`scalekit.v1.environments.Environment`). */
export const Environment = z.object({
  id: z.string(),
  display_name: z.string().nullish(),
  domain: z.string().nullish(),
  type: Word.nullish().describe('DEV or PRD'),
  region_code: Word.nullish().describe('US or EU'),
  custom_domain: z.string().nullish(),
  custom_domain_status: Word.nullish(),
  create_time: z.string().nullish(),
  update_time: z.string().nullish(),
});
