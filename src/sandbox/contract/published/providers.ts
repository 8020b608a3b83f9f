import { enumeration, flag, int32, list, message, of, one, text, textMap, values } from '../notation.ts';
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
});
