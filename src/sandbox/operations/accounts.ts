import { createHash } from 'node:crypto';
import { ConnectedAccountForListSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js';
import { complete } from '../contract/complete.ts';
import type { ConnectedAccount, Environment, McpConfig } from '../data/types.ts';
import { ApiError, found } from '../gateway/api-error.ts';
import type { EnvironmentContent, Store } from '../store.ts';
import { now } from './parts.ts';

/** How a request names an account: by its id, or by connector and identifier; within an organization and a user. */
interface Selector extends Owner {
  readonly id?: string | undefined;
  readonly connector?: string | undefined;
  readonly identifier?: string | undefined;
}

/** Whom an account belongs to beside its identifier. */
export interface Owner {
  readonly organization_id?: string | undefined;
  readonly user_id?: string | undefined;
}

/** Whether an account belongs to the organization and the user that a request names, if it names any. */
export function belongsTo(account: ConnectedAccount, { organization_id, user_id }: Owner): boolean {
  return (!organization_id || account.organization_id === organization_id) && (!user_id || account.user_id === user_id);
}

/**
 * The account that a request names; `undefined` when there is none.
 * @throws ApiError when the request names none at all
 */
export function selectAccount(
  content: Pick<EnvironmentContent, 'connectedAccounts'>,
  { id, connector, identifier, ...owner }: Selector,
): ConnectedAccount | undefined {
  const connectedAccounts = content.connectedAccounts.filter((account) => belongsTo(account, owner));
  // Both may be named; the id wins (seen in the live tests of Scalekit's SDK).
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
  { connector = '', identifier = '', organization_id, user_id }: Omit<Selector, 'id'>,
): ConnectedAccount {
  const connection = content.appConnections.find(({ key_id }) => key_id === connector);
  if (connection === undefined) throw new ApiError('INVALID_ARGUMENT', 'connector: no such connection');
  const made = complete(ConnectedAccountForListSchema, {
    id: store.newId('ca'),
    identifier,
    provider: connection.provider_key,
    // Where nothing is to be authorized the account is active at once (seen in the live tests of Scalekit's SDK).
    status: connection.type === 'NO_AUTH' ? 'ACTIVE' : 'PENDING_AUTH',
    authorization_type: connection.type,
    updated_at: now(),
    connector,
    connection_id: connection.id,
  });
  const account: ConnectedAccount = { ...made, organization_id, user_id };
  content.connectedAccounts.push(account);
  return account;
}

/**
 * How long a link for an account is good, in milliseconds: a minute, as Scalekit's SDK says of links that are asked for
 * with states. That a magic link is as short is inferred.
 */
export const LINK_LIFETIME_MS = 60_000;

/** A link under which somebody authorizes an account, on a page of the sandbox. */
export function newAuthorizationLink(
  { environment, store }: { readonly environment: Environment; readonly store: Store },
  { id: accountId }: Pick<ConnectedAccount, 'id'>,
): string {
  return store.links.add({ kind: 'account', environmentId: environment.id, accountId }, LINK_LIFETIME_MS);
}

/**
 * Where a user's accounts stand on the connections of an MCP config. With links, accounts that do not exist yet are
 * created, and each connection gets a link, those of active accounts too, whose state does not change by it (seen in the
 * live tests of Scalekit's SDK); a link is "" where none was asked for.
 */
export function authStates(
  call: { readonly content: EnvironmentContent; readonly store: Store; readonly environment: Environment },
  mappings: McpConfig['connection_tool_mappings'],
  { identifier, links }: { readonly identifier: string; readonly links: boolean },
) {
  return mappings.map(({ connection_id, connection_name: connector, provider }) => {
    const existing = selectAccount(call.content, { connector, identifier });
    const account = existing ?? (links ? createAccount(call, { connector, identifier }) : undefined);
    const authentication_link = links && account !== undefined ? newAuthorizationLink(call, account) : '';
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
