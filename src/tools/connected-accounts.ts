import { z } from 'zod';
import { requireGone } from '../core/after-write.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { also, sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { requireOneAccount } from '../platform/account-selector.ts';
import { disconnectAccount } from '../platform/disconnect-account.ts';
import { ConnectedAccount } from '../platform/entities/connected-account.ts';
import { DependentConfigs, DependentInstances } from '../platform/entities/dependents.ts';
import { exact } from '../platform/exact.ts';
import { showConnectedAccount } from '../platform/mcp-dependents.ts';
import { path } from '../platform/path.ts';
import { inAnyCase } from '../platform/provider-name.ts';
import { webUrl } from '../platform/uri.ts';
import { connectedAccountId, connector, identifier, namedAccount, ofAccount, provider } from './fields/agents.ts';
import { idFrom } from './fields/ids.ts';
import { LINK_NOTE, note } from './fields/notes.ts';
import { heldText } from './fields/texts.ts';
import { shown } from './fields/uris.ts';

const account = { connected_account: ConnectedAccount };
const MagicLink = z.object({ link: z.string(), expiry: z.string().nullish() });

/** What taking an account away shows first. */
const loss = {
  shows: { ...account, configs: DependentConfigs, instances: DependentInstances },
  stopsWorking:
    'What agents do for this user through this account: the MCP instances shown, and new session tokens of the MCP configs shown.',
};

/** Checked here, and not part of the advertised schema, as all limits of what is not written by a model. */
const connectionNames = z.array(connector).refine((names) => names.length <= 20, 'must be 20 names at most');

/** The page of the customer's application that verifies who has authorized. */
const userVerifyUrl = shown(webUrl()).refine((url) => url.length <= 2048, 'must be 2048 characters at most');

/** The accounts in third-party services that users have authorized agents to use. */
export const connectedAccounts = toolset('connected_accounts', { area: 'environment' }, (t) => [
  t.list('list_connected_accounts', {
    foundBy:
      'which users connected Gmail or Slack, whose account is linked, broken or expired accounts, mailboxes and calendars',
    description:
      'List the connected accounts: which users have connected apps such as Gmail for agents, and whether that still works.',
    of: { connected_accounts: ConnectedAccount },
    pages: 99,
    longestToken: 100,
    input: {
      connector: connector.optional(),
      connectionNames: connectionNames.optional(),
      identifier: identifier.optional(),
      provider,
      ...ofAccount,
    },
    run({ connector, connectionNames, identifier, provider, organizationId, userId, page }, { api }) {
      if (connector !== undefined && connectionNames !== undefined) {
        throw new ToolError('invalid_arguments', 'Give either connector or connectionNames, not both.', {
          field: 'connectionNames',
        });
      }
      return inAnyCase(api, provider, (spelt) =>
        api.get(path`/connected_accounts`, {
          connector,
          connection_names: connectionNames,
          identifier,
          provider: spelt,
          organization_id: organizationId,
          user_id: userId,
          ...page,
        }),
      );
    },
  }),

  t.list('search_connected_accounts', {
    foundBy: 'has a person connected an app, accounts of one user, expired authorizations',
    description:
      'Find connected accounts by part of the identifier of their user, such as an email, or of their provider or connector.',
    of: { connected_accounts: ConnectedAccount },
    pages: 30,
    input: {
      query: exact(z.string().min(3).max(200)),
      connectionId: idFrom('conn', 'list_app_connections').optional(),
    },
    run: ({ query, connectionId: connection_id, page }, { api }) =>
      api.get(path`/connected_accounts:search`, { query, connection_id, ...page }),
  }),

  t.read('get_connected_account', {
    title: 'Get a connected account',
    foundBy: 'is an account still working, status of one linked account',
    description: 'Show the status of one connected account, without its tokens.',
    input: { connectedAccountId },
    output: account,
    // `details`, because `auth` returns the user's tokens.
    run: ({ connectedAccountId: id }, { api }) => api.get(path`/connected_accounts/details`, { id }),
  }),

  t.add('create_connected_account_magic_link', {
    title: 'Create a connected account magic link',
    foundBy:
      "user authorizes an app again, reconnect, expired authorization, let an agent read somebody's mail or calendar, connect a user's account, permission from a user to use an app",
    description:
      'Create a magic link with which a user connects an account of theirs: authorizes it, first or again. Secret, good for about a minute.',
    discloses: ['link'],
    input: {
      identifier: identifier.optional().describe('With connector: your id of the user'),
      connector: connector.optional(),
      connectedAccountId: connectedAccountId.optional().describe('In place of both: from list_connected_accounts'),
      ...ofAccount,
      userVerifyUrl: userVerifyUrl.optional().describe('Needed with custom user verification'),
      state: heldText(512).optional(),
    },
    does: ({ connectedAccountId, identifier, connector, organizationId, userId, userVerifyUrl, state }) =>
      sentence`Create a magic link that connects the account ${namedAccount({ connectedAccountId, identifier, connector, organizationId, userId })}${also({ 'the page that verifies': userVerifyUrl, state: state && sentence`(one that is verified later)` })}.`,
    output: { link: z.string(), expiry: z.string().nullish(), note },
    async run({ connectedAccountId, organizationId, userId, userVerifyUrl, state, ...named }, { api }) {
      requireOneAccount({ connectedAccountId, ...named }, true);
      const answer = await api.post(path`/connected_accounts/magic_link`, {
        ...named,
        id: connectedAccountId,
        organization_id: organizationId,
        user_id: userId,
        user_verify_url: userVerifyUrl,
        state,
      });
      return { ...checkAnswer(MagicLink, answer, 'write'), note: LINK_NOTE };
    },
  }),

  t.destroy('disconnect_connected_account', {
    title: 'Disconnect a connected account',
    foundBy:
      "unlink an account, revoke what a user has authorized, agent may no longer use somebody's mail, cut an agent off",
    description:
      'Disconnect an account: take back what a user has authorized. The account stays; a new magic link revives it.',
    input: { connectedAccountId },
    does: ({ connectedAccountId }) =>
      sentence`Disconnect the account ${connectedAccountId}: take back what its user has authorized.`,
    ...loss,
    show: ({ connectedAccountId }, { api }) => showConnectedAccount(api, connectedAccountId),
    output: account,
    run: ({ connectedAccountId }, { api }) => disconnectAccount(api, connectedAccountId),
  }),

  t.destroy('delete_connected_account', {
    title: 'Delete a connected account',
    foundBy: "forget a linked account, remove a user's account in an app for good",
    description: 'Delete a connected account for good and revoke its credentials.',
    input: { connectedAccountId },
    does: ({ connectedAccountId }) => sentence`Delete the connected account ${connectedAccountId} for good.`,
    ...loss,
    show: ({ connectedAccountId }, { api }) => showConnectedAccount(api, connectedAccountId),
    output: { deleted_id: z.string() },
    async run({ connectedAccountId: id }, { api }) {
      await api.post(path`/connected_accounts:delete`, { id });
      await requireGone(api.get(path`/connected_accounts/details`, { id }), 'list_connected_accounts');
      return { deleted_id: id };
    },
  }),
]);
