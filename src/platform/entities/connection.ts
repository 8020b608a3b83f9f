import { z } from 'zod';
import { Word } from '../../core/word.ts';
import { TextMembers } from './members.ts';

/** The members that lists and single answers have in common. */
const common = {
  id: z.string(),
  provider: Word.nullish(),
  type: Word.nullish().describe('OIDC, SAML and others'),
  status: Word.nullish().describe('DRAFT, IN_PROGRESS or COMPLETED; only the last can be enabled'),
  enabled: z.boolean().nullish(),
  organization_id: z.string().nullish().describe('Left out: a connection of the environment itself'),
  ui_button_title: z.string().nullish(),
  provider_key: z.string().nullish(),
  key_id: z.string().nullish().describe('Name by which other settings refer to it'),
};

/** A connection in a list (`scalekit.v1.connections.ListConnection`). */
export const ListedConnection = z.object({
  ...common,
  organization_name: z.string().nullish(),
  domains: z.array(z.string()).nullish(),
  created_at: z.string().nullish(),
});

/**
 * Settings of an OIDC connection (`scalekit.v1.connections.OIDCConnectionConfig`). The API's message also has a
 * `client_secret`. It must never be added to this schema: that keeps it out of results.
 */
export const OidcConfig = z.object({
  issuer: z.string().nullish(),
  discovery_endpoint: z.string().nullish(),
  authorize_uri: z.string().nullish(),
  token_uri: z.string().nullish(),
  user_info_uri: z.string().nullish(),
  jwks_uri: z.string().nullish(),
  client_id: z.string().nullish(),
  scopes: z.array(Word).nullish(),
  token_auth_type: Word.nullish(),
  redirect_uri: z.string().nullish().describe('To be registered at the identity provider'),
  pkce_enabled: z.boolean().nullish(),
  idp_logout_required: z.boolean().nullish(),
  post_logout_redirect_uri: z.string().nullish().describe('To be registered at the identity provider'),
  backchannel_logout_redirect_uri: z.string().nullish().describe('To be registered at the identity provider'),
  sync_user_profile_on_login: z.boolean().nullish(),
  jit_provisioning_with_sso_enabled: z.boolean().nullish(),
});

/** A connection with its OIDC settings, without secrets (`scalekit.v1.connections.Connection`). */
export const Connection = z.object({
  ...common,
  debug_enabled: z.boolean().nullish(),
  configuration_type: Word.nullish().describe('DISCOVERY or MANUAL'),
  oidc_config: OidcConfig.nullish(),
  attribute_mapping: TextMembers.nullish(),
  test_connection_uri: z.string().nullish().describe('Where a person can try it out'),
  create_time: z.string().nullish(),
  update_time: z.string().nullish(),
});

/** A certificate of an identity provider, without its text. */
const IdpCertificate = z.object({
  id: z.string().nullish(),
  issuer: z.string().nullish(),
  create_time: z.string().nullish(),
  expiry_time: z.string().nullish(),
});

/** Settings of a SAML connection (`scalekit.v1.connections.SAMLConnectionConfigResponse`). */
export const SamlConfig = z.object({
  sp_entity_id: z.string().nullish().describe('To be registered at the identity provider'),
  sp_assertion_url: z.string().nullish().describe('To be registered at the identity provider'),
  sp_metadata_url: z.string().nullish().describe('Holds all that is to be registered'),
  sp_slo_url: z.string().nullish(),
  idp_metadata_url: z.string().nullish(),
  idp_entity_id: z.string().nullish(),
  idp_sso_url: z.string().nullish(),
  idp_slo_url: z.string().nullish(),
  idp_certificates: z.array(IdpCertificate).nullish(),
  idp_name_id_format: Word.nullish(),
  idp_sso_request_binding: Word.nullish(),
  idp_slo_request_binding: Word.nullish(),
  saml_signing_option: Word.nullish(),
  allow_idp_initiated_login: z.boolean().nullish(),
  force_authn: z.boolean().nullish(),
  default_redirect_uri: z.string().nullish(),
  assertion_encrypted: z.boolean().nullish(),
  want_request_signed: z.boolean().nullish(),
  idp_slo_required: z.boolean().nullish(),
  sync_user_profile_on_login: z.boolean().nullish(),
  jit_provisioning_with_sso_enabled: z.boolean().nullish(),
});

/** A domain whose people a connection signs in. */
const LedDomain = z.object({
  id: z.string(),
  domain: z.string().nullish(),
  verification_status: Word.nullish(),
});

/** A connection of either protocol, with the domains that lead to it (`scalekit.v1.connections.Connection`). */
export const SsoConnection = Connection.extend({
  saml_config: SamlConfig.nullish(),
  domains: z.array(LedDomain).nullish(),
});

/** What says which connection it is, whatever its kind, and whether it is in use. */
export const AnyConnection = z.object({
  ...common,
  create_time: z.string().nullish(),
  update_time: z.string().nullish(),
});
