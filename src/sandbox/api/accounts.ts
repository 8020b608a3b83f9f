import { createHash, randomBytes } from 'node:crypto';
import type { ConnectedAccount, ToolMapping } from '../data/agents/types.ts';
import type { Environment } from '../data/types.ts';
import type { EnvironmentContent, Store } from '../store.ts';
import { connectorName } from './agent-fields.ts';
import { ApiError } from './api-error.ts';
import { optionalText } from './fields.ts';

/** How a request names an account: by its id, or by connector and identifier. */
export const accountSelector = {
  id: optionalText({ maxLen: 32, prefix: 'ca_' }),
  connector: connectorName(),
  identifier: optionalText({ maxLen: 100 }),
} as const;

interface Selector {
  readonly id: string | undefined;
  readonly connector: string | undefined;
  readonly identifier: string | undefined;
}

/**
 * The account that a request names; `undefined` when there is none.
 * @throws ApiError when the request names none at all
 */
export function selectAccount(content: EnvironmentContent, selector: Selector): ConnectedAccount | undefined {
  const { id, connector, identifier } = selector;
  if (id) return content.connectedAccounts.find((account) => account.id === id);
  if (connector && identifier) return findAccount(content, connector, identifier);
  throw new ApiError('INVALID_ARGUMENT', 'either id, or connector and identifier must be given');
}

/** @throws ApiError when the account does not exist */
export function requireAccount(content: EnvironmentContent, selector: Selector): ConnectedAccount {
  const account = selectAccount(content, selector);
  if (account === undefined) throw new ApiError('NOT_FOUND', 'connected account not found');
  return account;
}

/** What one user has authorized on the connection of that name. */
export function findAccount(
  { connectedAccounts }: EnvironmentContent,
  connector: string,
  identifier: string,
): ConnectedAccount | undefined {
  return connectedAccounts.find((account) => account.connector === connector && account.identifier === identifier);
}

/** Brings an account into being that waits for its user. */
export function createAccount(
  { content, store }: { readonly content: EnvironmentContent; readonly store: Store },
  connector: string,
  identifier: string,
): ConnectedAccount {
  const connection = content.appConnections.find(({ key_id }) => key_id === connector);
  if (connection === undefined) throw new ApiError('INVALID_ARGUMENT', 'connector: no such connection');
  const account: ConnectedAccount = {
    id: store.newId('ca'),
    identifier,
    provider: connection.provider_key,
    status: 'PENDING_AUTH',
    authorization_type: connection.type,
    token_expires_at: null,
    updated_at: new Date().toISOString(),
    connector,
    last_used_at: null,
    connection_id: connection.id,
  };
  content.connectedAccounts.push(account);
  return account;
}

/** A link under which somebody authorizes an account. Nothing in the sandbox answers there. */
export function newAuthorizationLink({ domain }: Environment): string {
  return `https://${domain}/magicLink/${randomBytes(24).toString('base64url')}`;
}

/** Where the user's account stands on one connection of an MCP config. */
export interface AuthState {
  readonly connection_id: string;
  readonly connection_name: string;
  readonly provider: string;
  readonly account: ConnectedAccount | undefined;
  /** "" where none was asked for, or none is needed. */
  readonly authentication_link: string;
}

/** With links, accounts that do not exist yet are created, as the API does. */
export function authStates(
  call: { readonly content: EnvironmentContent; readonly store: Store; readonly environment: Environment },
  mappings: readonly ToolMapping[],
  { identifier, links }: { readonly identifier: string; readonly links: boolean },
): AuthState[] {
  return mappings.map(({ connection_id, connection_name, provider }) => {
    const existing = findAccount(call.content, connection_name, identifier);
    const account = existing ?? (links ? createAccount(call, connection_name, identifier) : undefined);
    const authentication_link = links && account?.status !== 'ACTIVE' ? newAuthorizationLink(call.environment) : '';
    return { connection_id, connection_name, provider, account, authentication_link };
  });
}

/** Short: the API takes page tokens of connected accounts up to 100 characters. */
export function listingName(...narrowed: readonly unknown[]): string[] {
  return [createHash('sha256').update(JSON.stringify(narrowed)).digest('base64url').slice(0, 8)];
}
