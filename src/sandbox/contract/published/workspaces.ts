import { RegionCodeSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/commons/commons_pb.js';
import { flag, message, of, one, outputOnly, struct, text, time } from '../notation.ts';
import { rpc, service } from '../service.ts';

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
});

export const WorkspaceService = service('scalekit.v1.workspaces.WorkspaceService', {
  getCurrentWorkspace: rpc('GET /workspaces:this', {
    response: { workspace: of(WorkspaceSchema), context: outputOnly(struct()) },
  }),
});
