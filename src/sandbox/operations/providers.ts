import { ProviderService } from '../contract/published/providers.ts';
import { PROVIDERS } from '../data/agents/providers.ts';
import { operations } from '../gateway/operation.ts';
import { page } from './paging.ts';

export const providersOperations = operations(ProviderService, {
  // Documented: without a filter the built-in ones alone are listed.
  listProviders: ({ request, environment }) => {
    const { identifier, filter } = request;
    const type = filter?.provider_type ?? 'DEFAULT';
    const fitting = PROVIDERS.filter(
      (provider) =>
        (identifier === '' || provider.identifier === identifier) &&
        (type === 'ALL' || provider.is_custom === (type === 'CUSTOM')),
    );
    return page('providers', fitting, request, ['providers', environment.id, identifier, type]);
  },
});
