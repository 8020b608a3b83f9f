import { randomBytes } from 'node:crypto';
import {
  ConnectionSchema,
  ConnectionService,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb.js';
import { complete } from '../contract/complete.ts';
import type { Draft, JsonOf } from '../contract/json.ts';
import { appConnection } from '../data/agents/accounts.ts';
import { draft } from '../data/connections.ts';
import type { AppConnection, Connection, ConnectionTest } from '../data/types.ts';
import { findIn } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import type { EnvironmentContent } from '../store.ts';
import { type Change, changeConnection, refuseNoType, refuseTakenKey, toggle } from './connection-settings.ts';
import { page } from './paging.ts';
import { defined, given, now, remove, replace } from './parts.ts';

export const connectionsOperations = operations(ConnectionService, {
  listConnections: ({ request, content }) => {
    const { organization_id: organizationId, domain: wanted, include } = request;
    const matching = content.ssoConnections.filter(
      ({ organization_id, domains, status, enabled }) =>
        (organizationId === undefined || organization_id === organizationId) &&
        (wanted === undefined || domains.some(({ domain }) => domain === wanted)) &&
        (include === 'all' || (status === 'COMPLETED' && enabled)),
    );
    return { connections: matching.map((connection) => toEntry(connection, content)) };
  },

  listAppConnections: ({ request, environment, content }) => {
    const { provider, query } = request;
    const isSought = (text: string) => query === undefined || text.toLowerCase().includes(query.toLowerCase());
    // The query looks at the name and the provider (documented).
    const matching = content.appConnections.filter(
      ({ provider_key, key_id }) =>
        (provider === undefined || provider_key === provider) && (isSought(key_id) || isSought(provider_key)),
    );
    const listing = ['app-connections', environment.id, provider, query];
    return page('connections', matching, request, listing);
  },

  createEnvironmentConnection: ({ request, environment, content, store }) => {
    const wanted = given(request.connection);
    refuseNoType(wanted.type);
    refuseTakenKey(content, wanted.key_id);
    const { is_app: isApp = false, is_login: isLogin = false } = request.flags ?? {};
    if (isApp && !isLogin) {
      const app = newApp(store.newId('conn'), environment.domain, wanted);
      content.appConnections.push(app);
      return { connection: toConnection(app) };
    }
    const connection = draft(store.newId('conn'), environment.domain, store.url, { ...wanted, create_time: now() });
    content.ssoConnections.push(connection);
    return { connection };
  },

  // Seen in the live tests of Scalekit's SDK: app connections have the same paths.
  getEnvironmentConnection: ({ request, content }) => {
    const app = findApp(content, request.connection_id);
    return { connection: app ? toConnection(app) : findConnection(content, request.connection_id) };
  },

  updateEnvironmentConnection: ({ request, content }) => {
    const change = given(request.connection);
    const app = findApp(content, request.connection_id);
    if (app !== undefined) {
      if (change.key_id !== app.key_id) refuseTakenKey(content, change.key_id);
      return { connection: toConnection(replace(content.appConnections, app, changedApp(app, change))) };
    }
    const before = findConnection(content, request.connection_id);
    return { connection: changeConnection(content, before, change) };
  },

  enableEnvironmentConnection: ({ request, content }) => {
    const app = findApp(content, request.connection_id);
    if (app !== undefined) {
      // Inferred: a new one is enabled before anything is configured, so nothing is asked for here either.
      replace(content.appConnections, app, { ...app, enabled: true });
      return { enabled: true };
    }
    return toggle(content, findConnection(content, request.connection_id), true);
  },

  disableEnvironmentConnection: ({ request, content }) => {
    const app = findApp(content, request.connection_id);
    if (app === undefined) return toggle(content, findConnection(content, request.connection_id), false);
    replace(content.appConnections, app, { ...app, enabled: false });
    return { enabled: false };
  },

  // Inferred: what is enabled can be deleted too, and leaves the accounts of an app connection behind.
  deleteEnvironmentConnection: ({ request, content }) => {
    const app = findApp(content, request.connection_id);
    if (app !== undefined) return remove(content.appConnections, app);
    return remove(content.ssoConnections, findConnection(content, request.connection_id));
  },

  getConnectionTestResult: ({ request, content }) => {
    const { connection_id, test_request_id } = request;
    const isSought = (one: ConnectionTest) => one.id === test_request_id && one.connection_id === connection_id;
    const { id: _, connection_id: __, ...result } = findIn(content.connectionTests, isSought, 'test request');
    return result;
  },
});

/** scalekit.v1.connections.ListConnection: what lists tell of each. */
export function toEntry(connection: Connection, { organizations }: EnvironmentContent) {
  const { organization_id = '', domains, create_time } = connection;
  return {
    ...connection,
    domains: domains.map(({ domain }) => domain),
    organization_name: organizations.find(({ id }) => id === organization_id)?.display_name,
    created_at: create_time,
  };
}

/** Connections of organizations have paths of their own. */
function findConnection({ ssoConnections }: EnvironmentContent, wanted: string): Connection {
  const isOwn = ({ id, organization_id }: Connection) => id === wanted && organization_id === undefined;
  return findIn(ssoConnections, isOwn, 'connection');
}

function findApp({ appConnections }: EnvironmentContent, wanted: string): AppConnection | undefined {
  return appConnections.find(({ id }) => id === wanted);
}

type Wanted = NonNullable<JsonOf<typeof ConnectionService.method.createEnvironmentConnection.input>['connection']>;

/**
 * Seen in the live tests of Scalekit's SDK: type and provider_key are enough, the connection is enabled at once, with the
 * endpoints of the catalogue, and named after its provider unless it is given a name.
 */
function newApp(id: string, domain: string, { provider, provider_key, type, key_id }: Wanted): AppConnection {
  const service = provider_key.toLowerCase();
  const host = `https://${service.replaceAll(/[^a-z0-9]+/g, '-')}.example`;
  const endpoints = { authorize_uri: `${host}/oauth/authorize`, token_uri: `${host}/oauth/token` };
  const app = appConnection(domain, {
    id,
    provider: provider === 'CONNECTION_PROVIDER_UNSPECIFIED' ? 'CUSTOM' : provider,
    type,
    status: 'COMPLETED',
    enabled: true,
    provider_key,
    key_id: key_id ?? `${service}-${randomBytes(6).toString('base64url')}`,
    created_at: now(),
  });
  if (type !== 'OAUTH') return app;
  const settings = complete(ConnectionSchema, { oauth_config: { ...endpoints, pkce_enabled: true } });
  return { ...app, ...defined({ oauth_config: settings.oauth_config }) };
}

/** The single view of an app connection. */
function toConnection({ domains: _, created_at, organization_name: __, ...app }: AppConnection): Draft<Connection> {
  return { ...app, create_time: created_at, update_time: created_at };
}

/** Seen in the live tests of Scalekit's SDK: what is left out of the OAuth settings stays. */
function changedApp(before: AppConnection, change: Change): AppConnection {
  const { provider, type, provider_key, key_id, ui_button_title, debug_enabled, oauth_config } = change;
  const settings = { ...before.oauth_config, ...(oauth_config && defined(oauth_config)) };
  return {
    ...before,
    ...(provider !== 'CONNECTION_PROVIDER_UNSPECIFIED' && { provider }),
    ...(type !== 'INVALID' && { type }),
    ...(provider_key !== '' && { provider_key }),
    ...defined({ key_id, ui_button_title, debug_enabled }),
    ...(oauth_config && { oauth_config: settings as NonNullable<AppConnection['oauth_config']> }),
  };
}
