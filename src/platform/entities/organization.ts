import { z } from 'zod';
import { Word } from '../../core/word.ts';
import { Members } from './members.ts';

/** An organization: one customer of the application (`scalekit.v1.organizations.Organization`). */
export const Organization = z.object({
  id: z.string(),
  display_name: z.string().nullish(),
  external_id: z.string().nullish().describe('The id of this customer in your own system'),
  region_code: Word.nullish(),
  slug: z.string().nullish(),
  logo_url: z.string().nullish(),
  metadata: Members.nullish(),
  settings: z
    .object({
      features: z.array(z.object({ name: z.string().nullish(), enabled: z.boolean().nullish() })).nullish(),
    })
    .nullish(),
  create_time: z.string().nullish(),
  update_time: z.string().nullish(),
});
