import {
  OrganizationCustomizationsSchema,
  RegionCodeSchema,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/commons/commons_pb.js';
import {
  enumeration,
  flag,
  list,
  maybeFlag,
  maybeInt32,
  maybeText,
  maybeUint32,
  message,
  of,
  one,
  optional,
  outputOnly,
  required,
  struct,
  text,
  time,
} from '../notation.ts';
import { rpc, service, WORKSPACE } from '../service.ts';
import { nextPage, pageRequest } from './paging.ts';

const id = text({ min_len: 1, max_len: 32, prefix: 'env' });
const EnvironmentTypeSchema = enumeration('scalekit.v1.commons.EnvironmentType', [
  'ENVIRONMENT_TYPE_UNSPECIFIED',
  'PRD',
  'DEV',
]);

export const EnvironmentSchema = message('scalekit.v1.environments.Environment', {
  id,
  create_time: time(),
  update_time: time(),
  display_name: text({ min_len: 1, max_len: 200 }),
  domain: text({ min_len: 1, max_len: 250 }),
  region_code: one(RegionCodeSchema),
  type: one(EnvironmentTypeSchema),
  custom_domain: optional(text()),
  custom_domain_status: one(
    enumeration('scalekit.v1.environments.CustomDomainStatus', [
      'UNSPECIFIED',
      'PENDING',
      'ACTIVE',
      'FAILED',
      'INITIAL',
    ]),
  ),
});

const CreateEnvironmentSchema = message('scalekit.v1.environments.CreateEnvironment', {
  display_name: text({ min_len: 1, max_len: 200 }),
  region_code: optional(one(RegionCodeSchema)),
  type: optional(one(EnvironmentTypeSchema)),
  authentication_mode: optional(
    one(
      enumeration('scalekit.v1.commons.AuthenticationMode', [
        'AUTHENTICATION_MODE_UNSPECIFIED',
        'MODULAR_AUTH',
        'FULL_STACK_AUTH',
      ]),
    ),
  ),
  plans: list(of(message('scalekit.v1.billing.LinePlan', { line: text(), tier: text() }))),
  add_ons: list(text()),
});

const UpdateEnvironmentSchema = message('scalekit.v1.environments.UpdateEnvironment', {
  display_name: optional(text({ min_len: 1, max_len: 2000 })),
});

const unit = one(
  enumeration('scalekit.v1.environments.TimeUnit', ['SESSION_TIME_UNIT_UNSPECIFIED', 'MINUTES', 'HOURS', 'DAYS']),
);

export const SessionSettingsSchema = message('scalekit.v1.environments.SessionSettings', {
  access_token_expiry: maybeInt32({ lte: 43_200, gte: 1 }),
  client_access_token_expiry: maybeInt32({ lte: 43_200, gte: 1 }),
  absolute_session_timeout: maybeInt32({ lte: 525_600, gte: 1 }),
  session_management_enabled: maybeFlag(),
  idle_session_timeout: maybeInt32({ lte: 10_080, gte: 1 }),
  idle_session_enabled: maybeFlag(),
  cookie_persistence_type: one(
    enumeration('scalekit.v1.environments.CookiePersistenceType', [
      'CookiePersistenceType_UNSPECIFIED',
      'PERSISTENT',
      'SESSION',
    ]),
  ),
  cookie_same_site_setting: one(
    enumeration('scalekit.v1.environments.CookieSameSiteSetting', [
      'CookieSameSiteSetting_UNSPECIFIED',
      'LAX_MODE',
      'NONE_MODE',
    ]),
  ),
  cookie_custom_domain: maybeText(),
  access_token_expiry_unit: unit,
  absolute_session_timeout_unit: unit,
  idle_session_timeout_unit: unit,
});

export const UserManagementSchema = message('scalekit.v1.environments.UserManagement', {
  allow_duplicate_user_identities: maybeFlag(),
  allow_multiple_memberships: maybeFlag(),
  allow_organization_signup: maybeFlag(),
  org_user_relationship: {
    ...one(
      enumeration('scalekit.v1.environments.OrgUserRelationshipType', [
        'OrgUserRelationshipType_UNSPECIFIED',
        'SINGLE_ORGANIZATION',
        'MULTIPLE_ORGANIZATIONS',
      ]),
    ),
    rules: { enum: { defined_only: true } },
  },
  enable_max_users_limit: maybeFlag(),
  max_users_limit: maybeInt32({ lte: 99_999, gte: 1 }),
  invitation_expiry: maybeUint32({ lte: 43_200, gte: 1 }),
  block_disposable_email_domains: maybeFlag(),
  block_public_email_domains: maybeFlag(),
  sync_user_profile_on_signin: maybeFlag(),
  enable_bot_detection: maybeFlag(),
  enable_fail_open: maybeFlag(),
});

const EnvironmentFeatureSchema = message('scalekit.v1.environments.EnvironmentFeature', {
  name: text(),
  enabled: flag(),
});

const limitedName = text({ min_len: 1, max_len: 250 });
const DnsRecordsSchema = message('scalekit.v1.environments.DNSRecords', {
  host_name: limitedName,
  type: limitedName,
  value: limitedName,
});

const PortalSettingsSchema = message('scalekit.v1.environments.PortalSettings', {
  custom_branding: flag(),
  new_self_serve_sso_scim: flag(),
  enable_conn_delete: flag(),
  mcp_consent_screen_v2: flag(),
});

const toRead = ['environment_settings:read'];
const toWrite = ['environment_settings:write'];
const customDomain = { id, custom_domain: required(limitedName) };
const ofFeature = { permissions: toWrite, request: { id, feature_id: text({ min_len: 1, max_len: 32 }) } };

export const EnvironmentService = service('scalekit.v1.environments.EnvironmentService', {
  listEnvironment: rpc('GET /environments', {
    accepts: WORKSPACE,
    request: pageRequest,
    response: { ...nextPage, environments: list(of(EnvironmentSchema)) },
  }),
  getEnvironment: rpc('GET /environments/{id}', {
    accepts: WORKSPACE,
    permissions: toRead,
    request: { id },
    response: { environment: of(EnvironmentSchema) },
  }),
  createEnvironment: rpc('POST /environments', {
    body: 'environment',
    permissions: ['environments:create'],
    request: { environment: required(of(CreateEnvironmentSchema)) },
    response: { environment: of(EnvironmentSchema) },
  }),
  updateEnvironment: rpc('PATCH /environments/{id}', {
    body: 'environment',
    accepts: WORKSPACE,
    permissions: ['environments:write'],
    request: { id, environment: required(of(UpdateEnvironmentSchema)) },
    response: { environment: of(EnvironmentSchema) },
  }),
  getEnvironmentSessionSettings: rpc('GET /environments/{id}/session-settings', {
    permissions: toRead,
    request: { id },
    response: { session_settings: of(SessionSettingsSchema) },
  }),
  updateEnvironmentSessionSettings: rpc('PATCH /environments/{id}/session-settings', {
    body: 'session_settings',
    permissions: toWrite,
    request: { id, session_settings: required(of(SessionSettingsSchema)) },
    response: { environment_id: text(), session_settings: of(SessionSettingsSchema) },
  }),
  getEnvironmentUserManagement: rpc('GET /environments/{id}/settings/user-management', {
    permissions: toRead,
    request: { id },
    response: { user_management: of(UserManagementSchema) },
  }),
  updateEnvironmentUserManagement: rpc('PATCH /environments/{id}/settings/user-management', {
    body: 'user_management',
    permissions: toWrite,
    request: { id, user_management: required(of(UserManagementSchema)) },
    response: { environment_id: text(), user_management: of(UserManagementSchema) },
  }),
  getFeatures: rpc('GET /features', {
    permissions: toRead,
    request: { id: { ...id, rules: { ...id.rules, ignore: 'IGNORE_IF_ZERO_VALUE' } } },
    response: { features: list(of(EnvironmentFeatureSchema)) },
  }),
  enableFeature: rpc('POST /environments/{id}/features/{feature_id}:enable', { accepts: WORKSPACE, ...ofFeature }),
  disableFeature: rpc('POST /environments/{id}/features/{feature_id}:disable', { accepts: WORKSPACE, ...ofFeature }),
  getRequiredDNSRecords: rpc('POST /environments/{id}/dns', {
    body: '*',
    permissions: ['custom_domain:read'],
    request: customDomain,
    response: { dns_records: list(of(DnsRecordsSchema)) },
  }),
  verifyDNSRecords: rpc('POST /environments/{id}/dns:verify', {
    body: '*',
    permissions: ['custom_domain:write'],
    request: customDomain,
  }),
  createCustomDomain: rpc('POST /environments/{id}/custom-domains', {
    body: '*',
    permissions: ['custom_domain:write'],
    request: customDomain,
    response: { environment: of(EnvironmentSchema) },
  }),
  checkCustomDomainStatus: rpc('POST /environments/{id}/custom-domains:check', {
    body: '*',
    permissions: ['custom_domain:read'],
    request: { id },
    response: { environment: of(EnvironmentSchema) },
  }),
  getPortalCustomization: rpc('GET /portal_customizations', {
    accepts: WORKSPACE,
    permissions: ['branding:read'],
    request: { id: text({ max_len: 32 }) },
    response: {
      environmentId: text(),
      customization_settings: struct(),
      settings: outputOnly(of(PortalSettingsSchema)),
      organization_customizations: outputOnly(of(OrganizationCustomizationsSchema)),
    },
  }),
});
