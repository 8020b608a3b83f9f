import { ClientService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/clients/clients_pb.js';
import { newOrganizationClient } from '../data/machines.ts';
import type { OrganizationClient } from '../data/types.ts';
import { byId, findIn } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import type { EnvironmentContent } from '../store.ts';
import { newSecret, refuseTooMany, withoutSecret } from './client-secrets.ts';
import { page } from './paging.ts';
import { given, now, remove, replace } from './parts.ts';

/** The clients of organizations. What they may do is as the live tests of Scalekit's SDK show it. */
export const organizationClientsOperations = operations(
  { ...ClientService, created: ['createOrganizationClient', 'createOrganizationClientSecret'] },
  {
    listOrganizationClients: ({ request, environment, content }) => {
      const { id } = byId(content.organizations, request.organization_id, 'organization');
      const own = content.organizationClients.filter(({ organization_id }) => organization_id === id);
      return page('clients', own, request, ['organization clients', environment.id, id]);
    },

    getOrganizationClient: ({ request, content }) => ({ client: find(content, request) }),

    createOrganizationClient: ({ request, principal, content, store }) => {
      const { id: organization_id } = byId(content.organizations, request.organization_id, 'organization');
      const { name, description, scopes, audience, custom_claims, expiry } = given(request.client);
      const { plain_secret, secret } = newSecret(store, principal);
      const client = newOrganizationClient({
        ...{ client_id: store.newId('m2morg'), organization_id, name, description, scopes, audience },
        custom_claims: custom_claims.map(({ key, value }) => ({ key, value })),
        expiry: expiry === '0' ? '3600' : expiry,
        create_time: secret.create_time,
        secrets: [secret],
      });
      content.organizationClients.push(client);
      return { client, plain_secret };
    },

    // What is left out stays, which is the same as empty here: the request has no mask.
    updateOrganizationClient: ({ request, content }) => {
      const before = find(content, request);
      const { name, description, scopes, audience, custom_claims, expiry } = given(request.client);
      const after: OrganizationClient = {
        ...before,
        ...(name && { name }),
        ...(description && { description }),
        ...(scopes.length > 0 && { scopes }),
        ...(audience.length > 0 && { audience }),
        ...(custom_claims.length > 0 && { custom_claims: custom_claims.map(({ key, value }) => ({ key, value })) }),
        ...(expiry !== '0' && { expiry }),
        update_time: now(),
      } as OrganizationClient;
      return { client: replace(content.organizationClients, before, after) };
    },

    deleteOrganizationClient: ({ request, content }) => remove(content.organizationClients, find(content, request)),

    createOrganizationClientSecret: ({ request, principal, content, store }) => {
      const before = find(content, request);
      refuseTooMany(before.secrets);
      const made = newSecret(store, principal);
      // Oldest first.
      withSecrets(content, before, [...before.secrets, made.secret] as OrganizationClient['secrets']);
      return made;
    },

    deleteOrganizationClientSecret: ({ request, content }) => {
      const before = find(content, request);
      withSecrets(content, before, withoutSecret(before.secrets, request.secret_id));
      return {};
    },
  },
);

function find(
  { organizationClients }: EnvironmentContent,
  { organization_id, client_id }: { readonly organization_id: string; readonly client_id: string },
): OrganizationClient {
  const isSought = (client: OrganizationClient) =>
    client.client_id === client_id && client.organization_id === organization_id;
  return findIn(organizationClients, isSought, 'client');
}

function withSecrets(
  { organizationClients }: EnvironmentContent,
  before: OrganizationClient,
  secrets: OrganizationClient['secrets'],
): void {
  replace(organizationClients, before, newOrganizationClient({ ...before, secrets, update_time: now() }));
}
