import type { Addresses } from '../addresses.ts';
import { IDENTITY_SCOPES, RESOURCE_SCOPES } from './scopes.ts';

/**
 * The metadata document of the resource's authorization server (RFC 8414 §2). Written by hand: the provider's own
 * would place the keys, the token endpoint and registration where it thinks they are, and list what is not served.
 */
export function authorizationServerMetadata(addresses: Addresses): Record<string, unknown> {
  return {
    issuer: addresses.issuer,
    authorization_endpoint: `${addresses.issuer}/oauth/authorize`,
    token_endpoint: `${addresses.issuer}/oauth/token`,
    registration_endpoint: addresses.registration,
    jwks_uri: addresses.keys,
    scopes_supported: [...RESOURCE_SCOPES, ...IDENTITY_SCOPES],
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  };
}
