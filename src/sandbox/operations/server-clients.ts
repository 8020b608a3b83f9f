import { randomBytes } from 'node:crypto';
import { ClientService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/clients/clients_pb.js';
import { newServerClient } from '../data/server-clients.ts';
import type { ServerClient } from '../data/types.ts';
import { byId, findIn } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import type { EnvironmentContent } from '../store.ts';
import { page } from './paging.ts';
import { given, masked, now, remove, replace } from './parts.ts';

/**
 * The clients of resources, also those that registered themselves at the authorization server of one, with what people
 * allowed them there. Of the MCP server that manages this environment none is listed: it is no resource of it.
 */
export const serverClientsOperations = operations(ClientService, {
  // Documented: whole, without pages.
  listResourceClients: ({ request, content }) => {
    const { id } = byId(content.resources, request.resource_id, 'resource');
    const clients = content.serverClients.filter(({ resource_id }) => resource_id === id);
    const registered = clients.filter(({ is_dcr }) => is_dcr).length;
    return { clients, total_dcr_clients: registered, total_static_clients: clients.length - registered };
  },

  // Seen in the live tests of Scalekit's SDK: under another resource there is no such client.
  getResourceClient: ({ request, content }) => {
    const { id } = byId(content.resources, request.resource_id, 'resource');
    const client = findIn(
      content.serverClients,
      ({ client_id, resource_id }) => client_id === request.client_id && resource_id === id,
      'client',
    );
    const own = content.consents.filter(({ client_id }) => client_id === client.client_id);
    const consented_users = own.map(({ id: consent_id, external_user_id, scopes }) => ({
      consent_id,
      external_user_id,
      scopes,
    }));
    return { client, consented_users };
  },

  // What the audience is the API alone decides. Scopes that the resource does not have are taken in silence.
  createResourceClient: ({ request, content, store }) => {
    const resource = byId(content.resources, request.resource_id, 'resource');
    const { audience: _, expiry, ...wanted } = given(request.client);
    const plain_secret = `live_${randomBytes(24).toString('hex')}`;
    const create_time = now();
    const secret = {
      id: store.newId('sec'),
      secret_suffix: plain_secret.slice(-4),
      status: 'ACTIVE' as const,
      create_time,
      update_time: create_time,
    };
    store.secrets.keep(secret.id, plain_secret);
    const client = newServerClient({
      ...wanted,
      ...(expiry !== '0' && { expiry }),
      client_id: store.newId('m2m'),
      resource_id: resource.id,
      audience: [resource.resource_id],
      secrets: [secret],
      create_time,
    });
    content.serverClients.push(client);
    return { client, plain_secret };
  },

  // Seen live: the mask is heeded for lists, while an empty text changes nothing.
  updateResourceClient: ({ request, content }) => {
    const before = findClient(content, request.client_id);
    const { audience: _, name, description, expiry, ...lists } = masked(given(request.client), request.update_mask);
    const texts = { ...(name && { name }), ...(description && { description }) };
    const changes = { ...lists, ...texts, ...(expiry && expiry !== '0' && { expiry }) };
    const client = { ...before, ...changes, update_time: now() } as ServerClient;
    return { client: replace(content.serverClients, before, client) };
  },

  // Documented by Scalekit's SDK: the client's id alone counts, whichever resource the path names.
  deleteResourceClient: ({ request, content }) => {
    const own = content.clients.find(({ id }) => id === request.client_id);
    if (own !== undefined) return remove(content.clients, own);
    forgetClients(content, [findClient(content, request.client_id)]);
    return {};
  },

  listResourceUserConsents: ({ request, environment, content }) => {
    const { resource_id: id } = request;
    const sought = request.search.toLowerCase();
    const matching = content.consents.filter(
      ({ resource_id, external_user_id }) =>
        resource_id === id && (sought === '' || external_user_id.toLowerCase().includes(sought)),
    );
    const consents = matching.map(({ resource_id: _, ...consent }) => consent);
    return page('consents', consents, request, ['consents', environment.id, id, sought]);
  },

  revokeUserConsent: ({ request, content }) => {
    const isSought = ({ id, client_id }: { readonly id: string; readonly client_id: string }) =>
      id === request.consent_id && client_id === request.client_id;
    return remove(content.consents, findIn(content.consents, isSought, 'consent'));
  },
});

function findClient({ serverClients }: EnvironmentContent, id: string): ServerClient {
  return findIn(serverClients, ({ client_id }) => client_id === id, 'client');
}

/** Takes clients away, with what people allowed them. */
export function forgetClients({ serverClients, consents }: EnvironmentContent, clients: readonly ServerClient[]): void {
  for (const client of clients) {
    remove(serverClients, client);
    for (const consent of consents.filter(({ client_id }) => client_id === client.client_id)) remove(consents, consent);
  }
}
