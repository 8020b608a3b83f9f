import { createHash } from 'node:crypto';
import { ConnectedAccountForListSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js';
import { complete } from '../contract/complete.ts';
import type { ConnectedAccount, Environment, McpConfig } from '../data/types.ts';
import { ApiError, found } from '../gateway/api-error.ts';
import type { EnvironmentContent, Store } from '../store.ts';
import { now } from './parts.ts';

/** How a request names an account: by its id, or by connector and identifier. */
interface Selector {
  readonly id?: string | undefined;
  readonly connector?: string | undefined;
  readonly identifier?: string | undefined;
}

/**
 * The account that a request names; `undefined` when there is none.
 * @throws ApiError when the request names none at all
 */
export function selectAccount(
  { connectedAccounts }: EnvironmentContent,
  { id, connector, identifier }: Selector,
): ConnectedAccount | undefined {
  if (id) return connectedAccounts.find((account) => account.id === id);
  if (connector && identifier) {
    return connectedAccounts.find((account) => account.connector === connector && account.identifier === identifier);
  }
  throw new ApiError('INVALID_ARGUMENT', 'either id, or connector and identifier must be given');
}

/** @throws ApiError when the account does not exist */
export function requireAccount(content: EnvironmentContent, selector: Selector): ConnectedAccount {
  return found(selectAccount(content, selector), 'connected account');
}

/** Brings an account into being that waits for its user. */
export function createAccount(
  { content, store }: { readonly content: EnvironmentContent; readonly store: Store },
  connector: string,
  identifier: string,
): ConnectedAccount {
  const connection = content.appConnections.find(({ key_id }) => key_id === connector);
  if (connection === undefined) throw new ApiError('INVALID_ARGUMENT', 'connector: no such connection');
  const account = complete(ConnectedAccountForListSchema, {
    id: store.newId('ca'),
    identifier,
    provider: connection.provider_key,
    status: 'PENDING_AUTH',
    authorization_type: connection.type,
    updated_at: now(),
    connector,
    connection_id: connection.id,
  });
  content.connectedAccounts.push(account);
  return account;
}

/** How long a link for an account is good, in milliseconds. */
export const LINK_LIFETIME_MS = 10 * 60_000;

/** A link under which somebody authorizes an account, on a page of the sandbox. */
export function newAuthorizationLink(
  { environment, store }: { readonly environment: Environment; readonly store: Store },
  { id: accountId }: Pick<ConnectedAccount, 'id'>,
): string {
  return store.links.add({ kind: 'account', environmentId: environment.id, accountId }, LINK_LIFETIME_MS);
}

/**
 * Where a user's accounts stand on the connections of an MCP config. With links, accounts that do not exist yet are
 * created, as the API does; a link is "" where none was asked for, or none is needed.
 */
export function authStates(
  call: { readonly content: EnvironmentContent; readonly store: Store; readonly environment: Environment },
  mappings: McpConfig['connection_tool_mappings'],
  { identifier, links }: { readonly identifier: string; readonly links: boolean },
) {
  return mappings.map(({ connection_id, connection_name: connector, provider }) => {
    const existing = selectAccount(call.content, { connector, identifier });
    const account = existing ?? (links ? createAccount(call, connector, identifier) : undefined);
    const isNeeded = links && account !== undefined && account.status !== 'ACTIVE';
    const authentication_link = isNeeded ? newAuthorizationLink(call, account) : '';
    return {
      connection_id,
      connection_name: connector,
      provider,
      connected_account_id: account?.id,
      connected_account_status: account?.status,
      authentication_link,
    };
  });
}

/** Short: the API takes page tokens of connected accounts up to 100 characters. */
export function listingName(...narrowed: readonly unknown[]): string[] {
  return [createHash('sha256').update(JSON.stringify(narrowed)).digest('base64url').slice(0, 8)];
}
