import type { Addresses } from '../addresses.ts';
import type { ProtectedServer } from './protected-server.ts';
import { IDENTITY_SCOPES } from './scopes.ts';

/**
 * The metadata document of a server's authorization server (RFC 8414 §2). Written by hand: the provider's own
 * would place the keys, the token endpoint and registration where it thinks they are, and list what is not served.
 */
export function authorizationServerMetadata(addresses: Addresses, server: ProtectedServer): Record<string, unknown> {
  const { issuer } = server;
  return {
    issuer,
    authorization_endpoint: `${issuer}/oauth/authorize`,
    token_endpoint: `${issuer}/oauth/token`,
    ...(server.takesRegistrations && { registration_endpoint: addresses.registrationAt(server.id) }),
    jwks_uri: addresses.keys,
    scopes_supported: [...server.scopes.usual, ...IDENTITY_SCOPES],
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    ...(server.takesClientDocuments && { client_id_metadata_document_supported: true }),
  };
}
