import type { Client } from '../data/servers.ts';
import type { Environment } from '../data/types.ts';
import type { EnvironmentContent } from '../store.ts';
import { ApiError, invalid, type Violation } from './api-error.ts';
import { flag, list, optionalFlag, optionalInteger, optionalList } from './composite-fields.ts';
import { optionalText, text } from './fields.ts';
import { type Decoded, type Field, message } from './message.ts';
import { environmentOperation } from './operation.ts';
import { pageFields, paginate } from './paging.ts';
import { checkRedirectUri } from './redirect-rules.ts';

const MAX_POST_LOGIN_URIS = 5;

const clientId = text({ minLen: 1, maxLen: 32 });
const clientTypes = list(text());

/** scalekit.v1.clients.ListClientsRequest.Filter. In a query, a list of one arrives as its only entry. */
const filter = {
  client_type: {
    ...clientTypes,
    fromJson: (value, path) => clientTypes.fromJson(typeof value === 'string' ? [value] : value, path),
  } satisfies Field<readonly string[]>,
} as const;

/** scalekit.v1.clients.UpdateClient */
const updateClient = {
  back_channel_logout_uris: uniqueList(),
  post_logout_redirect_uris: uniqueList(),
  initiate_login_uri: optionalText(),
  post_login_uris: uniqueList(),
  name: optionalText(),
  access_token_expiry: optionalInteger(),
  scopes: optionalList(text()),
  disallow_scalekit_api_access: optionalFlag(),
  grant_types: optionalList(text()),
  enforce_pkce: optionalFlag(),
} as const;

/** Clients of scalekit.v1.clients.ClientService. Secrets are kept as hashes: none is ever shown. */
export const clientsOperations = [
  environmentOperation({
    verb: 'GET',
    path: '/clients',
    accepts: ['workspace', 'client'],
    permission: 'clients_read',
    request: { include_plain_secret: flag(), filter: message(filter), ...pageFields({ max: 30 }) },
    run({ request, environment, content }) {
      const named = request.filter?.client_type ?? [];
      const types = named.length === 0 ? ['ENV'] : named;
      const matching = content.clients.filter(
        ({ client_type }) => types.includes('ALL') || types.includes(client_type),
      );
      const { items, ...pages } = paginate(matching, request, ['clients', environment.id, ...types]);
      return { ...pages, clients: items };
    },
  }),

  environmentOperation({
    verb: 'GET',
    path: '/clients/{client_id}',
    accepts: ['workspace', 'client'],
    permission: 'clients_read',
    request: { client_id: clientId },
    run: ({ request, content }) => ({ client: find(content, request.client_id).found }),
  }),

  environmentOperation({
    verb: 'PATCH',
    path: '/clients/{client_id}',
    accepts: ['workspace', 'client'],
    permission: 'clients_write',
    body: 'client',
    request: { client_id: clientId, client: message(updateClient, { required: true }) },
    run({ request, environment, content }) {
      const { index, found } = find(content, request.client_id);
      const violations = checkUris(request.client, environment);
      if (violations.length > 0) throw invalid(violations);
      const set = Object.entries(request.client).filter(([, value]) => value !== undefined);
      const client = { ...found, ...Object.fromEntries(set), update_time: new Date().toISOString() };
      content.clients[index] = client;
      return { client };
    },
  }),
];

function find({ clients }: EnvironmentContent, id: string): { readonly index: number; readonly found: Client } {
  const index = clients.findIndex((client) => client.id === id);
  const found = clients[index];
  if (found === undefined) throw new ApiError('NOT_FOUND', 'client not found');
  return { index, found };
}

/** A list whose entries are all different. */
function uniqueList(): Field<readonly string[] | undefined> {
  const plain = optionalList(text());
  return {
    ...plain,
    check(value, field) {
      if (value === undefined || new Set(value).size === value.length) return plain.check(value, field);
      return [{ field, description: 'repeated value must contain unique items', constraint: 'repeated.unique' }];
    },
  };
}

function checkUris(client: Decoded<typeof updateClient>, { type }: Environment): Violation[] {
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
