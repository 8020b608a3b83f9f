import { z } from 'zod';
import { defineTool, type ToolContext } from '../core/tool.ts';
import { AppConnection } from '../platform/entities/app-connection.ts';
import { ConnectedAccount } from '../platform/entities/connected-account.ts';
import { path } from '../platform/path.ts';
import { connectedAccountId, connector, identifier, shortText } from './fields/agents.ts';
import { pageInfo, pageQuery, paging } from './fields/fields.ts';

const Account = z.object({ connected_account: ConnectedAccount });
const Accounts = z.object({ connected_accounts: z.array(ConnectedAccount), ...pageInfo });

/** Reads one account. `details` and not `auth`: the latter answers with the user's live tokens. */
const oneAccount = {
  input: { connectedAccountId },
  output: Account,
  run: (args: { readonly connectedAccountId: string }, { api }: ToolContext) =>
    api.get(path`/connected_accounts/details`, { id: args.connectedAccountId }),
};

const listConnectedAccounts = defineTool({
  name: 'list_connected_accounts',
  title: 'List connected accounts',
  description: 'List what users have authorized on app connections, and whether it still works.',
  place: 'environment',
  scope: 'environment:read',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  items: 'connected_accounts',
  input: { connector: connector.optional(), identifier: identifier.optional(), ...paging(99, 100) },
  output: Accounts,
  run: ({ connector, identifier, ...page }, { api }) =>
    api.get(path`/connected_accounts`, { connector, identifier, ...pageQuery(page) }),
});

const searchConnectedAccounts = defineTool({
  name: 'search_connected_accounts',
  title: 'Search connected accounts',
  description: 'Find connected accounts by part of their identifier, provider or connector.',
  place: 'environment',
  scope: 'environment:read',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  items: 'connected_accounts',
  input: { query: z.string().min(3).max(200), ...paging(30) },
  output: Accounts,
  run: ({ query, ...page }, { api }) => api.get(path`/connected_accounts:search`, { query, ...pageQuery(page) }),
});

const getConnectedAccount = defineTool({
  name: 'get_connected_account',
  title: 'Get a connected account',
  description: 'Show the state of one connected account, without its tokens.',
  place: 'environment',
  scope: 'environment:read',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  ...oneAccount,
});

const createConnectedAccountMagicLink = defineTool({
  name: 'create_connected_account_magic_link',
  title: 'Create a connected account magic link',
  description:
    'Create a link under which a user authorizes a connection, first or again. Secret, shown once, good until expiry.',
  place: 'environment',
  scope: 'environment:write',
  effect: 'add',
  idempotent: false,
  openWorld: false,
  discloses: ['link'],
  input: { identifier, connector },
  output: z.object({ link: z.string(), expiry: z.string().nullish() }),
  run: ({ identifier, connector }, { api }) =>
    api.post(path`/connected_accounts/magic_link`, { identifier, connector }),
});

const disconnectConnectedAccount = defineTool({
  name: 'disconnect_connected_account',
  title: 'Disconnect a connected account',
  description: 'Take back what a user has authorized. The account stays; a new magic link revives it.',
  place: 'environment',
  scope: 'environment:write',
  effect: 'destroy',
  idempotent: true,
  openWorld: false,
  preview: oneAccount,
  input: { connectedAccountId },
  output: Account,
  run: (args, { api }) => api.post(path`/connected_accounts/${args.connectedAccountId}:disconnect`, {}),
});

const deleteConnectedAccount = defineTool({
  name: 'delete_connected_account',
  title: 'Delete a connected account',
  description: 'Delete a connected account for good and revoke its credentials.',
  place: 'environment',
  scope: 'environment:write',
  effect: 'destroy',
  idempotent: true,
  openWorld: false,
  preview: oneAccount,
  input: { connectedAccountId },
  output: z.object({ deleted_id: z.string() }),
  run: async (args, { api }) => {
    await api.post(path`/connected_accounts:delete`, { id: args.connectedAccountId });
    return { deleted_id: args.connectedAccountId };
  },
});

const listAppConnections = defineTool({
  name: 'list_app_connections',
  title: 'List app connections',
  description: 'List the connections to third-party services in which agents act.',
  place: 'environment',
  scope: 'environment:read',
  effect: 'read',
  idempotent: true,
  openWorld: false,
  items: 'connections',
  input: { provider: shortText(50).optional().describe('Such as GMAIL'), ...paging(30) },
  output: z.object({ connections: z.array(AppConnection), ...pageInfo }),
  run: ({ provider, ...page }, { api }) => api.get(path`/connections/app`, { provider, ...pageQuery(page) }),
});

export const connectedAccountsTools = [
  listConnectedAccounts,
  searchConnectedAccounts,
  getConnectedAccount,
  createConnectedAccountMagicLink,
  disconnectConnectedAccount,
  deleteConnectedAccount,
  listAppConnections,
];
