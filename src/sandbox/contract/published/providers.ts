import { enumeration, flag, int32, list, message, of, one, required, text, textMap, values } from '../notation.ts';
import { rpc, service } from '../service.ts';
import { bothPages, pageRequest } from './paging.ts';

export const ProviderSchema = message('scalekit.v1.providers.Provider', {
  id: text(),
  identifier: text(),
  display_name: text(),
  description: text(),
  categories: list(text()),
  auth_patterns: values(),
  icon_src: text(),
  display_priority: int32(),
  coming_soon: flag(),
  proxy_url: text(),
  proxy_enabled: flag(),
  is_custom: flag(),
  is_custom_mcp: flag(),
  metadata: textMap(),
});

/** The two messages for a custom provider are alike. */
const custom = (name: string) =>
  required(
    of(
      message(`scalekit.v1.providers.${name}`, {
        display_name: required(text({ min_len: 1, max_len: 200, pattern: '^[a-zA-Z0-9 ]*[a-zA-Z0-9][a-zA-Z0-9 ]*$' })),
        description: text(),
        auth_patterns: required(values()),
        proxy_url: text({ min_len: 1, max_len: 2048, pattern: '^https://' }),
        proxy_enabled: flag(),
        icon_src: text({ max_len: 2048, pattern: '^(https://.*)?$' }),
        metadata: textMap({
          max_pairs: 20,
          keys: { string: { min_len: 3, max_len: 25 } },
          values: { string: { min_len: 1, max_len: 256 } },
        }),
      }),
    ),
  );

const WRITE = { permissions: ['agent_connectors:write'] };
const identifier = text({ max_len: 255 });
const provider = { provider: of(ProviderSchema) };

export const ProviderService = service('scalekit.v1.providers.ProviderService', {
  listProviders: rpc('GET /providers', {
    permissions: ['agent_connectors:read'],
    request: {
      identifier: text({ max_len: 255, pattern: '^[a-zA-Z0-9_:-]*$' }),
      ...pageRequest,
      filter: of({
        provider_type: one(enumeration('scalekit.v1.providers.ProviderType', ['DEFAULT', 'CUSTOM', 'ALL'])),
      }),
    },
    response: { ...bothPages, providers: list(of(ProviderSchema)) },
  }),
  createCustomProvider: rpc('POST /custom-providers', {
    ...WRITE,
    body: 'provider',
    request: { provider: custom('CreateCustomProvider') },
    response: provider,
  }),
  updateCustomProvider: rpc('PUT /custom-providers/{identifier}', {
    ...WRITE,
    body: 'provider',
    request: { identifier, provider: custom('UpdateCustomProvider') },
    response: provider,
  }),
  deleteCustomProvider: rpc('DELETE /custom-providers/{identifier}', { ...WRITE, request: { identifier } }),
});
