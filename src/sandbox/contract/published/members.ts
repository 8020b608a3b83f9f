import {
  OrganizationMembershipSchema,
  UserProfileSchema,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/commons/commons_pb.js';
import {
  enumeration,
  flag,
  inputOnly,
  list,
  message,
  of,
  one,
  optional,
  outputOnly,
  required,
  text,
  textMap,
  time,
} from '../notation.ts';
import { rpc, service, WORKSPACE } from '../service.ts';
import { nextPage, pageRequest } from './paging.ts';

const name = optional(text({ max_len: 200 }));

const DashboardRoleSchema = message('scalekit.v1.members.DashboardRole', {
  id: text(),
  name: text(),
  display_name: text(),
  permissions: list(text()),
  is_fixed: flag(),
  description: text(),
});

const DashboardPermissionSchema = message('scalekit.v1.members.DashboardPermission', {
  key: text(),
  group: text(),
  tier: text(),
  description: text(),
  sensitive: flag(),
});

const DashboardMemberEnvironmentRoleSchema = message('scalekit.v1.members.DashboardMemberEnvironmentRole', {
  environment_id: text(),
  environment_name: text(),
  effective_role: of(DashboardRoleSchema),
  is_override: flag(),
});

export const MemberSchema = message('scalekit.v1.members.Member', {
  id: text(),
  create_time: time(),
  update_time: time(),
  workspace_id: text(),
  role: one(enumeration('scalekit.v1.members.MemberRole', ['MEMBER_ROLE_UNSPECIFIED', 'ADMIN', 'USER'])),
  first_name: name,
  last_name: name,
  email: text({ email: true }),
  metadata: textMap({
    max_pairs: 20,
    keys: { string: { min_len: 3, max_len: 25 } },
    values: { string: { min_len: 1, max_len: 256 } },
  }),
  organizations: outputOnly(list(of(OrganizationMembershipSchema))),
  user_profile: of(UserProfileSchema),
  external_id: outputOnly(text()),
  workspace_ids: list(text()),
  active_workspace_external_id: outputOnly(optional(text())),
  dashboard_role: outputOnly(of(DashboardRoleSchema)),
  dashboard_role_name: inputOnly(text()),
});

/** Ids of members and, for their roles, of environments. */
const id = text({ min_len: 19, max_len: 25 });
const ofOneEnvironment = { member_id: required(id), environment_id: required(id) };
const role = required(text({ min_len: 1 }));

export const MembersService = service('scalekit.v1.members.MembersService', {
  listMembers: rpc('GET /members', {
    permissions: ['members:read'],
    request: pageRequest,
    response: { ...nextPage, members: list(of(MemberSchema)) },
  }),
  createMember: rpc('POST /members', {
    body: 'member',
    permissions: ['members:write'],
    request: { member: required(of(MemberSchema)) },
    response: { member: of(MemberSchema) },
  }),
  getCurrentMember: rpc('GET /members:this', {
    response: { member: of(MemberSchema), dashboard_permissions: outputOnly(list(text())) },
  }),
  getMember: rpc('GET /members/{id}', {
    permissions: ['members:read'],
    request: { id },
    response: { member: of(MemberSchema), dashboard_permissions: outputOnly(list(text())) },
  }),
  deleteMember: rpc('DELETE /members/{id}', { permissions: ['members:write'], request: { id } }),
  listDashboardRoles: rpc('GET /dashboard/roles', {
    accepts: WORKSPACE,
    permissions: ['dashboard_roles:read'],
    response: { roles: list(of(DashboardRoleSchema)) },
  }),
  listDashboardPermissions: rpc('GET /dashboard/permissions', {
    accepts: WORKSPACE,
    permissions: ['dashboard_roles:read'],
    response: { permissions: list(of(DashboardPermissionSchema)) },
  }),
  assignDashboardRole: rpc('POST /dashboard/members/{member_id}/role', {
    body: '*',
    accepts: WORKSPACE,
    permissions: ['members:write'],
    request: { member_id: required(id), role },
  }),
  listDashboardMemberEnvironmentRoles: rpc('GET /dashboard/members/{member_id}/environments/roles', {
    accepts: WORKSPACE,
    permissions: ['environment_access:read'],
    request: { member_id: required(id) },
    response: { environments: list(of(DashboardMemberEnvironmentRoleSchema)) },
  }),
  setDashboardEnvironmentRole: rpc('POST /dashboard/members/{member_id}/environments/{environment_id}/role', {
    body: '*',
    accepts: WORKSPACE,
    permissions: ['environment_access:write'],
    request: { ...ofOneEnvironment, role },
  }),
  clearDashboardEnvironmentRole: rpc('DELETE /dashboard/members/{member_id}/environments/{environment_id}/role', {
    accepts: WORKSPACE,
    permissions: ['environment_access:write'],
    request: ofOneEnvironment,
  }),
});
