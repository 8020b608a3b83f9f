import { z } from 'zod';
import { toolset } from '../core/toolset.ts';
import { ConnectedAccount } from '../platform/entities/connected-account.ts';
import { DependentConfigs, DependentInstances } from '../platform/entities/dependents.ts';
import { exact } from '../platform/exact.ts';
import { showConnectedAccount } from '../platform/mcp-dependents.ts';
import { path } from '../platform/path.ts';
import { connectedAccountId, connector, identifier } from './fields/agents.ts';

const account = { connected_account: ConnectedAccount };

/** What taking an account away shows first. */
const loss = {
  shows: { ...account, configs: DependentConfigs, instances: DependentInstances },
  stopsWorking:
    'What agents do for this user through this account: the MCP instances shown, and new session tokens of the MCP configs shown.',
};

/** The accounts in third-party services that users have authorized agents to use. */
export const connectedAccounts = toolset('connected_accounts', { area: 'environment' }, (t) => [
  t.list('list_connected_accounts', {
    description:
      'List the connected accounts: which users have connected apps such as Gmail for agents, and whether that still works.',
    of: { connected_accounts: ConnectedAccount },
    pages: 99,
    longestToken: 100,
    input: { connector: connector.optional(), identifier: identifier.optional() },
    run: ({ connector, identifier, page }, { api }) =>
      api.get(path`/connected_accounts`, { connector, identifier, ...page }),
  }),

  t.list('search_connected_accounts', {
    description:
      'Find connected accounts by part of the identifier of their user, such as an email, or of their provider or connector.',
    of: { connected_accounts: ConnectedAccount },
    pages: 30,
    input: { query: exact(z.string().min(3).max(200)) },
    run: ({ query, page }, { api }) => api.get(path`/connected_accounts:search`, { query, ...page }),
  }),

  t.read('get_connected_account', {
    title: 'Get a connected account',
    description: 'Show the status of one connected account, without its tokens.',
    input: { connectedAccountId },
    output: account,
    // `details`, because `auth` returns the user's tokens.
    run: ({ connectedAccountId: id }, { api }) => api.get(path`/connected_accounts/details`, { id }),
  }),

  t.add('create_connected_account_magic_link', {
    title: 'Create a connected account magic link',
    description:
      'Create a magic link with which a user connects an account of theirs: authorizes it, first or again. Secret, shown once, good until expiry.',
    discloses: ['link'],
    input: { identifier, connector },
    output: { link: z.string(), expiry: z.string().nullish() },
    run: (account, { api }) => api.post(path`/connected_accounts/magic_link`, account),
  }),

  t.destroy('disconnect_connected_account', {
    title: 'Disconnect a connected account',
    description:
      'Disconnect an account: take back what a user has authorized. The account stays; a new magic link revives it.',
    input: { connectedAccountId },
    ...loss,
    show: ({ connectedAccountId }, { api }) => showConnectedAccount(api, connectedAccountId),
    output: account,
    run: ({ connectedAccountId }, { api }) => api.post(path`/connected_accounts/${connectedAccountId}:disconnect`, {}),
  }),

  t.destroy('delete_connected_account', {
    title: 'Delete a connected account',
    description: 'Delete a connected account for good and revoke its credentials.',
    input: { connectedAccountId },
    ...loss,
    show: ({ connectedAccountId }, { api }) => showConnectedAccount(api, connectedAccountId),
    output: { deleted_id: z.string() },
    async run({ connectedAccountId: id }, { api }) {
      await api.post(path`/connected_accounts:delete`, { id });
      return { deleted_id: id };
    },
  }),
]);
