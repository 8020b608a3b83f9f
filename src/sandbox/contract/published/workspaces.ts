import { RegionCodeSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/commons/commons_pb.js';
import {
  double,
  enumeration,
  flag,
  int64,
  list,
  message,
  of,
  one,
  outputOnly,
  struct,
  text,
  time,
} from '../notation.ts';
import { rpc, service } from '../service.ts';

// Its numbers are 0, 1 and 3: 2 was another once.
const BillingModeSchema = enumeration('scalekit.v1.workspaces.BillingMode', [
  'BILLING_MODE_UNSPECIFIED',
  'STRIPE',
  'BILLING_MODE_RESERVED',
  'METRONOME',
]);
const WorkspaceTypeSchema = enumeration('scalekit.v1.workspaces.WorkspaceType', [
  'WORKSPACE_TYPE_UNSPECIFIED',
  'WORKSPACE_TYPE_NORMAL',
  'WORKSPACE_TYPE_TEST',
]);

export const WorkspaceSchema = message('scalekit.v1.workspaces.Workspace', {
  id: text(),
  create_time: time(),
  update_time: time(),
  display_name: text({ min_len: 1, max_len: 200 }),
  region_code: one(RegionCodeSchema),
  extended_info: of({ payment_overdue: flag(), payment_method_present: flag(), free_quota_exceeded: flag() }),
  billing_customer_id: text(),
  billing_subscription_id: text(),
  auth_domain: outputOnly(text()),
  deployment: outputOnly(text()),
  billing_mode: outputOnly(one(BillingModeSchema)),
  workspace_type: outputOnly(one(WorkspaceTypeSchema)),
});

const UsageTierSchema = message('scalekit.v1.workspaces.UsageTier', {
  tier_name: text(),
  current_count: int64(),
  total_available_count: int64(),
  price_for_current_tier: double(),
  currency: text(),
  is_free_tier: flag(),
});

export const ProductUsageSchema = message('scalekit.v1.workspaces.ProductUsage', {
  product_id: text(),
  product_name: text(),
  description: text(),
  tiers: list(of(UsageTierSchema)),
  total_amount: double(),
  total_count: double(),
  currency: text(),
  aggregation_method: text(),
});

export const WorkspaceService = service('scalekit.v1.workspaces.WorkspaceService', {
  getCurrentWorkspace: rpc('GET /workspaces:this', {
    response: { workspace: of(WorkspaceSchema), context: outputOnly(struct()) },
  }),
  getProductUsage: rpc('GET /workspaces:this/billing:product-usage', {
    permissions: ['billing:read'],
    response: { products: list(of(ProductUsageSchema)), total_amount: double(), currency: text() },
  }),
});
