import { ConnectionService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb.js';
import { draft } from '../data/connections.ts';
import type { Connection } from '../data/types.ts';
import { byId, found } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import type { EnvironmentContent } from '../store.ts';
import { changeConnection, refuseNoType, refuseTakenKey, toggle } from './connection-settings.ts';
import { toEntry } from './connections.ts';
import { page } from './paging.ts';
import { given, now, remove, replace } from './parts.ts';

/** Connections of organizations: the same as those of the environment, under paths of their own. */
export const organizationConnectionsOperations = operations(
  { ...ConnectionService, created: ['createConnection'] },
  {
    getConnection: ({ request, content }) => ({ connection: ofOrganization(content, request) }),

    createConnection: ({ request, environment, content, store }) => {
      const { id: organization_id } = byId(content.organizations, request.organization_id, 'organization');
      const wanted = given(request.connection);
      refuseNoType(wanted.type);
      refuseTakenKey(content, wanted.key_id);
      const facts = { ...wanted, organization_id, create_time: now() };
      const connection = draft(store.newId('conn'), environment.domain, store.url, facts);
      content.ssoConnections.push(connection);
      return { connection };
    },

    updateConnection: ({ request, content }) => ({
      connection: changeConnection(content, ofOrganization(content, request), given(request.connection)),
    }),

    enableConnection: ({ request, content }) => toggle(content, ofOrganization(content, request), true),

    disableConnection: ({ request, content }) => toggle(content, ofOrganization(content, request), false),

    deleteConnection: ({ request, content }) => remove(content.ssoConnections, ofOrganization(content, request)),

    // Inferred from the verb: the domains are these from then on, and lead to no other connection any more.
    assignDomainsToConnection: ({ request, content }) => {
      const { organization_id, connection_id, domain_ids } = request;
      const before = ofOrganization(content, { organization_id, id: connection_id });
      const own = content.domains.filter((domain) => domain.organization_id === organization_id);
      const domains = domain_ids.map((id) => byId(own, id, 'domain'));
      for (const other of content.ssoConnections) {
        const left = other.domains.filter(({ id }) => !domain_ids.includes(id));
        replace(content.ssoConnections, other, { ...other, domains: left });
      }
      const current = byId(content.ssoConnections, before.id, 'connection');
      const connection = { ...current, domains, update_time: now() };
      return { connection: replace(content.ssoConnections, current, connection) };
    },

    searchOrganizationConnections: ({ request, environment, content }) => {
      const { query, provider, status, connection_type: type, enabled } = request;
      const matching = content.ssoConnections.filter(
        (connection) =>
          connection.organization_id !== undefined &&
          (query === undefined || [connection.id, connection.organization_id].includes(query)) &&
          (provider === undefined || connection.provider === provider) &&
          (status === undefined || connection.status === status) &&
          (type === undefined || connection.type === type) &&
          (enabled === undefined || connection.enabled === enabled),
      );
      const entries = matching.map((connection) => toEntry(connection, content));
      const narrowed = [query, provider, status, type, String(enabled)];
      return page('connections', entries, request, ['organization connections', environment.id, ...narrowed]);
    },
  },
);

function ofOrganization(
  { ssoConnections }: EnvironmentContent,
  { organization_id, id }: { readonly organization_id: string; readonly id: string },
): Connection {
  const isSought = (connection: Connection) => connection.id === id && connection.organization_id === organization_id;
  return found(ssoConnections.find(isSought), 'connection');
}
