import { complete } from '../contract/complete.ts';
import { isObject } from '../contract/decode.ts';
import { ProviderSchema, ProviderService } from '../contract/published/providers.ts';
import { PROVIDERS } from '../data/agents/providers.ts';
import type { Provider } from '../data/types.ts';
import { findIn, refuseTaken } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import type { EnvironmentContent } from '../store.ts';
import { page } from './paging.ts';
import { given, remove, replace } from './parts.ts';

export const providersOperations = operations(
  { ...ProviderService, created: ['createCustomProvider'] },
  {
    // Documented: without a filter the built-in ones alone are listed.
    listProviders: ({ request, environment, content }) => {
      const { identifier, filter } = request;
      const type = filter?.provider_type ?? 'DEFAULT';
      const fitting = [...PROVIDERS, ...content.customProviders].filter(
        (provider) =>
          (identifier === '' || provider.identifier === identifier) &&
          (type === 'ALL' || provider.is_custom === (type === 'CUSTOM')),
      );
      return page('providers', fitting, request, ['providers', environment.id, identifier, type]);
    },

    // Documented: the identifier is derived here. How is inferred.
    createCustomProvider: ({ request, content, store }) => {
      const wanted = given(request.provider);
      const identifier = `CUSTOM_${wanted.display_name.trim().toUpperCase().replace(/ +/g, '_')}`;
      refuseTaken(content.customProviders, (provider) => provider.identifier === identifier, 'a provider of this name');
      const provider = custom({ id: store.newId('prv'), identifier }, wanted);
      content.customProviders.push(provider);
      return { provider };
    },

    // Seen in the live tests of Scalekit's SDK: all of it is replaced, and metadata that are left out are cleared.
    updateCustomProvider: ({ request, content }) => {
      const before = find(content, request.identifier);
      const after = custom(before, given(request.provider));
      return { provider: replace(content.customProviders, before, after) };
    },

    // Documented by Scalekit's SDK: connections and accounts stay behind.
    deleteCustomProvider: ({ request, content }) => remove(content.customProviders, find(content, request.identifier)),
  },
);

function find({ customProviders }: EnvironmentContent, sought: string): Provider {
  return findIn(customProviders, ({ identifier }) => identifier === sought, 'provider');
}

type Wanted = Pick<
  Provider,
  'display_name' | 'description' | 'auth_patterns' | 'proxy_url' | 'proxy_enabled' | 'icon_src' | 'metadata'
>;

/** Whether it is an MCP server its pattern says (seen live). */
function custom({ id, identifier }: Pick<Provider, 'id' | 'identifier'>, wanted: Wanted): Provider {
  const [pattern] = wanted.auth_patterns ?? [];
  const is_custom_mcp = isObject(pattern) && pattern['is_mcp'] === true;
  return complete(ProviderSchema, {
    ...wanted,
    id,
    identifier,
    categories: ['Custom'],
    is_custom: true,
    is_custom_mcp,
  });
}
