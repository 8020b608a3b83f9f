import { ClientService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/clients/clients_pb.js';
import type { Client, Environment } from '../data/types.ts';
import { byId, invalid, type Violation } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import { page } from './paging.ts';
import { given, masked, now, replace } from './parts.ts';
import { checkRedirectUri } from './redirect-rules.ts';

const MAX_POST_LOGIN_URIS = 5;

/** Secrets are kept as hashes: none is ever shown. */
export const clientsOperations = operations(ClientService, {
  listClient: ({ request, environment, content }) => {
    const named = request.filter?.client_type ?? [];
    const types = named.length === 0 ? ['ENV'] : named;
    const matching = content.clients.filter(({ client_type }) => types.includes('ALL') || types.includes(client_type));
    return page('clients', matching, request, ['clients', environment.id, ...types]);
  },

  getClient: ({ request, content }) => ({ client: byId(content.clients, request.client_id, 'client') }),

  updateClient: ({ request, environment, content }) => {
    const before = byId(content.clients, request.client_id, 'client');
    const changes = masked(given(request.client), request.mask);
    const violations = checkUris(changes, environment);
    if (violations.length > 0) throw invalid(...violations);
    const after = { ...before, ...changes, update_time: now() } as Client;
    return { client: replace(content.clients, before, after) };
  },
});

type Uris = Partial<Pick<Client, 'post_login_uris' | 'post_logout_redirect_uris' | 'initiate_login_uri'>>;

function checkUris(
  client: { readonly [Name in keyof Uris]?: Uris[Name] | undefined },
  { type }: Environment,
): Violation[] {
  const { post_login_uris: logins = [], post_logout_redirect_uris: logouts = [], initiate_login_uri } = client;
  const each = (field: string, uris: readonly string[]) =>
    uris.flatMap((uri, i) => checkRedirectUri(`client.${field}[${i}]`, uri, type));
  const violations = [...each('post_login_uris', logins), ...each('post_logout_redirect_uris', logouts)];
  if (initiate_login_uri) violations.push(...checkRedirectUri('client.initiate_login_uri', initiate_login_uri, type));
  if (logins.length > MAX_POST_LOGIN_URIS) {
    const description = `value must contain no more than ${MAX_POST_LOGIN_URIS} item(s)`;
    violations.unshift({ field: 'client.post_login_uris', description, constraint: 'repeated.max_items' });
  }
  return violations;
}
