import { z } from 'zod';
import { Word } from '../../core/word.ts';

/** A workspace (`scalekit.v1.workspaces.Workspace`), without its ids at the services that bill it. */
export const Workspace = z.object({
  id: z.string(),
  display_name: z.string().nullish(),
  region_code: Word.nullish().describe('US or EU'),
  workspace_type: Word.nullish(),
  auth_domain: z.string().nullish().describe('Where the people of the workspace sign in'),
  deployment: z.string().nullish(),
  billing_mode: Word.nullish(),
  extended_info: z
    .object({
      payment_overdue: z.boolean().nullish(),
      payment_method_present: z.boolean().nullish(),
      free_quota_exceeded: z.boolean().nullish(),
    })
    .nullish(),
  create_time: z.string().nullish(),
  update_time: z.string().nullish(),
});

/** A 64-bit number, which the API may write as text. */
const Count = z.union([z.string(), z.number()]);

/** What a workspace has used of one product (`scalekit.v1.workspaces.ProductUsage`). */
export const ProductUsage = z.object({
  product_id: z.string().nullish(),
  product_name: z.string().nullish(),
  description: z.string().nullish(),
  tiers: z
    .array(
      z.object({
        tier_name: z.string().nullish(),
        current_count: Count.nullish(),
        total_available_count: Count.nullish(),
        price_for_current_tier: z.number().nullish(),
        currency: z.string().nullish(),
        is_free_tier: z.boolean().nullish(),
      }),
    )
    .nullish(),
  total_amount: z.number().nullish(),
  total_count: z.number().nullish(),
  currency: z.string().nullish(),
  aggregation_method: z.string().nullish(),
});
