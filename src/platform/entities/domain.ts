import { z } from 'zod';
import { Word } from '../../core/word.ts';

/**
 * A domain of an organization (`scalekit.v1.domains.Domain`). The DNS record stands under names of its own: the API calls
 * its value a secret, and it is there for everybody to read.
 */
export const Domain = z.object({
  id: z.string(),
  domain: z.string().nullish(),
  domain_type: Word.nullish().describe(
    'ORGANIZATION_DOMAIN: its people sign in by SSO. ALLOWED_EMAIL_DOMAIN: suggested',
  ),
  verification_status: Word.nullish().describe('PENDING, VERIFIED, AUTO_VERIFIED or FAILED'),
  verification_method: Word.nullish().describe('DNS, ADMIN or NOT_APPLICABLE'),
  txt_record_name: z.string().nullish().describe('Where the TXT record is to be published in DNS'),
  txt_record_value: z.string().nullish(),
  organization_id: z.string().nullish(),
  create_time: z.string().nullish(),
  update_time: z.string().nullish(),
});
