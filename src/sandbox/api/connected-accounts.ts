import type { ConnectedAccount } from '../data/agents/types.ts';
import type { EnvironmentContent } from '../store.ts';
import {
  accountSelector,
  createAccount,
  listingName,
  newAuthorizationLink,
  requireAccount,
  selectAccount,
} from './accounts.ts';
import { connectorName } from './agent-fields.ts';
import { ApiError } from './api-error.ts';
import { list } from './composite-fields.ts';
import { count, optionalText, text } from './fields.ts';
import { environmentOperation } from './operation.ts';
import { pageFields, paginate } from './paging.ts';

const LINK_LIFETIME_MS = 10 * 60_000;

/** scalekit.v1.connected_accounts.ConnectedAccountService, and the app connections of ConnectionService */
export const connectedAccountsOperations = [
  environmentOperation({
    verb: 'GET',
    path: '/connections/app',
    accepts: ['workspace', 'client'],
    permission: 'connections_read',
    request: {
      ...pageFields({ max: 30 }),
      provider: optionalText({ minLen: 1, maxLen: 50 }),
      query: optionalText({ minLen: 3, maxLen: 100 }),
    },
    run({ request, environment, content }) {
      const { provider, query } = request;
      const matching = content.appConnections.filter(
        ({ provider_key, key_id }) =>
          (provider === undefined || provider_key === provider) && (query === undefined || contains(key_id, query)),
      );
      const { items, ...pages } = paginate(matching, request, ['app-connections', environment.id, provider, query]);
      return { ...pages, connections: items };
    },
  }),

  environmentOperation({
    verb: 'GET',
    path: '/connected_accounts',
    accepts: ['workspace', 'client'],
    permission: 'connected_accounts_read',
    request: {
      connector: connectorName(),
      identifier: optionalText({ maxLen: 100 }),
      provider: text({ maxLen: 50 }),
      page_size: count({ max: 99 }),
      page_token: text({ maxLen: 100 }),
      query: text({ maxLen: 100 }),
      connection_names: list(text({ minLen: 1, maxLen: 400 }), { maxItems: 20 }),
    },
    run({ request, environment, content }) {
      const { connector, identifier, provider, query, connection_names: names } = request;
      if (connector && names.length > 0) {
        throw new ApiError('INVALID_ARGUMENT', 'connector and connection_names exclude each other');
      }
      const matching = content.connectedAccounts.filter(
        (account) =>
          (!connector || account.connector === connector) &&
          (names.length === 0 || names.includes(account.connector)) &&
          (!identifier || account.identifier === identifier) &&
          (provider === '' || account.provider === provider) &&
          (query === '' || mentions(account, query)),
      );
      const listing = listingName('accounts', environment.id, connector, names, identifier, provider, query);
      const { items, ...pages } = paginate(matching, request, listing);
      return { ...pages, connected_accounts: items };
    },
  }),

  environmentOperation({
    verb: 'GET',
    path: '/connected_accounts:search',
    accepts: ['workspace', 'client'],
    permission: 'connected_accounts_read',
    request: {
      query: text({ minLen: 3, maxLen: 200 }),
      ...pageFields({ max: 30 }),
      connection_id: text({ maxLen: 32 }),
    },
    run({ request, environment, content }) {
      const { query, connection_id } = request;
      const matching = content.connectedAccounts.filter(
        (account) => mentions(account, query) && (connection_id === '' || account.connection_id === connection_id),
      );
      const listing = listingName('search', environment.id, query, connection_id);
      const { items, ...pages } = paginate(matching, request, listing);
      return { ...pages, connected_accounts: items };
    },
  }),

  environmentOperation({
    verb: 'GET',
    path: '/connected_accounts/details',
    accepts: ['workspace', 'client'],
    permission: 'connected_accounts_read',
    request: accountSelector,
    run: ({ request, content }) => ({ connected_account: withDetails(requireAccount(content, request)) }),
  }),

  environmentOperation({
    verb: 'POST',
    path: '/connected_accounts/magic_link',
    accepts: ['workspace', 'client'],
    permission: 'connected_accounts_write',
    body: '*',
    request: {
      ...accountSelector,
      state: optionalText({ maxLen: 512 }),
      user_verify_url: optionalText({ maxLen: 2048, pattern: /^$|^https?:\/\// }),
    },
    run(call) {
      const { id, connector = '', identifier = '' } = call.request;
      if (selectAccount(call.content, call.request) === undefined) {
        if (id) throw new ApiError('NOT_FOUND', 'connected account not found');
        createAccount(call, connector, identifier);
      }
      const expiry = new Date(Date.now() + LINK_LIFETIME_MS).toISOString();
      return { link: newAuthorizationLink(call.environment), expiry };
    },
  }),

  environmentOperation({
    verb: 'POST',
    path: '/connected_accounts/{id}:disconnect',
    accepts: ['workspace', 'client'],
    permission: 'connected_accounts_write',
    body: '*',
    request: { id: text({ maxLen: 32 }) },
    run({ request, content }) {
      const account = requireAccount(content, { ...request, connector: undefined, identifier: undefined });
      const now = new Date().toISOString();
      const disconnected = { ...account, status: 'DISCONNECTED', token_expires_at: null, updated_at: now } as const;
      content.connectedAccounts.splice(content.connectedAccounts.indexOf(account), 1, disconnected);
      return { connected_account: withDetails(disconnected) };
    },
  }),

  environmentOperation({
    verb: 'POST',
    path: '/connected_accounts:delete',
    accepts: ['workspace', 'client'],
    permission: 'connected_accounts_write',
    body: '*',
    request: accountSelector,
    run({ request, content }) {
      remove(content, requireAccount(content, request));
      return {};
    },
  }),
];

function remove({ connectedAccounts }: EnvironmentContent, account: ConnectedAccount): void {
  connectedAccounts.splice(connectedAccounts.indexOf(account), 1);
}

/** `scalekit.v1.connected_accounts.ConnectedAccount` as this operation shows it: without what authorizes. */
function withDetails(account: ConnectedAccount): object {
  return { ...account, authorization_details: null, api_config: null };
}

function mentions({ identifier, provider, connector }: ConnectedAccount, query: string): boolean {
  return [identifier, provider, connector].some((text) => contains(text, query));
}

function contains(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}
