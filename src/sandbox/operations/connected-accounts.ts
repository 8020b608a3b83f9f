import { ConnectedAccountService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js';
import type { ConnectedAccount } from '../data/types.ts';
import { ApiError, found } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import {
  belongsTo,
  createAccount,
  LINK_LIFETIME_MS,
  listingName,
  newAuthorizationLink,
  requireAccount,
  selectAccount,
} from './accounts.ts';
import { page } from './paging.ts';
import { now, remove, replace } from './parts.ts';

/** Answers show an account without what authorizes it. */
export const connectedAccountsOperations = operations(ConnectedAccountService, {
  listConnectedAccounts: ({ request, environment, content }) => {
    const { connector, identifier, provider, query, connection_names: names, organization_id, user_id } = request;
    if (connector && names.length > 0) {
      throw new ApiError('INVALID_ARGUMENT', 'connector and connection_names exclude each other');
    }
    const matching = content.connectedAccounts.filter(
      (account) =>
        (!connector || account.connector === connector) &&
        (names.length === 0 || names.includes(account.connector)) &&
        (!identifier || account.identifier === identifier) &&
        (provider === '' || account.provider === provider) &&
        belongsTo(account, request) &&
        (query === '' || mentions(account, query)),
    );
    const narrowed = [connector, names, identifier, provider, query, organization_id, user_id];
    // Youngest first (seen in the live tests of Scalekit's SDK).
    return page(
      'connected_accounts',
      matching.toReversed(),
      request,
      listingName('accounts', environment.id, narrowed),
    );
  },

  searchConnectedAccounts: ({ request, environment, content }) => {
    const { query, connection_id } = request;
    const matching = content.connectedAccounts.filter(
      (account) => mentions(account, query) && (connection_id === '' || account.connection_id === connection_id),
    );
    const listing = listingName('search', environment.id, query, connection_id);
    return page('connected_accounts', matching, request, listing);
  },

  getConnectedAccountDetails: ({ request, content }) => ({
    connected_account: requireAccount(content, request),
  }),

  getMagicLinkForConnectedAccount: (call) => {
    const existing = selectAccount(call.content, call.request);
    if (call.request.id) found(existing, 'connected account');
    const account = existing ?? createAccount(call, call.request);
    const expiry = new Date(Date.now() + LINK_LIFETIME_MS).toISOString();
    return { link: newAuthorizationLink(call, account), expiry };
  },

  disconnectConnectedAccount: ({ request, content }) => {
    const before = requireAccount(content, request);
    const after = { ...before, status: 'DISCONNECTED', token_expires_at: undefined, updated_at: now() };
    return { connected_account: replace(content.connectedAccounts, before, after) };
  },

  deleteConnectedAccount: ({ request, content }) => remove(content.connectedAccounts, requireAccount(content, request)),
});

function mentions({ identifier, provider, connector }: ConnectedAccount, query: string): boolean {
  return [identifier, provider, connector].some((text) => text.toLowerCase().includes(query.toLowerCase()));
}
