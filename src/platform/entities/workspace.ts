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

/** A count of 64 bits, which the API may write either way, or an amount of money, which is a fraction. */
export const NumberText = z.preprocess((value) => (typeof value === 'number' ? String(value) : value), z.string());

/** What a workspace has used of one product (`scalekit.v1.workspaces.ProductUsage`). */
export const ProductUsage = z.object({
  product_id: z.string().nullish(),
  product_name: z.string().nullish(),
  description: z.string().nullish(),
  tiers: z
    .array(
      z.object({
        tier_name: z.string().nullish(),
        current_count: NumberText.nullish(),
        total_available_count: NumberText.nullish(),
        price_for_current_tier: NumberText.nullish(),
        currency: z.string().nullish(),
        is_free_tier: z.boolean().nullish(),
      }),
    )
    .nullish(),
  total_amount: NumberText.nullish(),
  total_count: NumberText.nullish(),
  currency: z.string().nullish(),
  aggregation_method: z.string().nullish(),
});
