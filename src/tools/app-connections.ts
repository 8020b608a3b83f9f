import { toolset } from '../core/toolset.ts';
import { findConnectors } from '../platform/connectors.ts';
import { AppConnection } from '../platform/entities/app-connection.ts';
import { Connector } from '../platform/entities/connector.ts';
import { path } from '../platform/path.ts';
import { inAnyCase } from '../platform/provider-name.ts';
import { provider } from './fields/agents.ts';
import { heldText } from './fields/texts.ts';

/** The third-party services in which agents act. */
export const appConnections = toolset('app_connections', { area: 'environment' }, (t) => [
  t.list('list_app_connections', {
    foundBy: 'connectors, apps for agents, which apps have we connected, what can agents work with',
    description:
      'List the app connections: apps and third-party services such as Gmail or Slack in which agents act, and their connectors.',
    of: { connections: AppConnection },
    pages: 30,
    input: { provider: provider.describe('Such as GMAIL') },
    run: ({ provider, page }, { api }) =>
      inAnyCase(api, provider, (spelt) => api.get(path`/connections/app`, { provider: spelt, ...page })),
  }),

  t.list('search_connectors', {
    aliases: ['list_connectors'],
    foundBy: 'is an app supported, available apps, do you have an integration for, catalogue of apps',
    description:
      'Find connectors: the apps and services, such as Gmail, Slack or HubSpot, to which agents can be connected, and custom ones.',
    rare: true,
    of: { providers: Connector },
    input: { query: heldText(100).optional().describe('Words in name, description or category; left out: all') },
    run: async ({ query }, { api }) => ({ providers: await findConnectors(api, query) }),
  }),
]);
