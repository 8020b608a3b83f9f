/**
 * The provider's front module prints an "Unsupported runtime" warning on Node 20 as soon as it is imported, before
 * anybody could ask it not to. Its inner modules do not, so they are imported by name; nothing has to be silenced.
 * The types are those of the front module.
 */
declare module 'oidc-provider/lib/provider.js' {
  export { Provider } from 'oidc-provider';
}

declare module 'oidc-provider/lib/helpers/keystore.js' {
  export { ExternalSigningKey } from 'oidc-provider';
}

declare module 'oidc-provider/lib/helpers/errors.js' {
  import { errors } from 'oidc-provider';
  export import CustomOIDCProviderError = errors.CustomOIDCProviderError;
  export import InvalidClientMetadata = errors.InvalidClientMetadata;
  export import OIDCProviderError = errors.OIDCProviderError;
  export import SessionNotFound = errors.SessionNotFound;
}
